// # Can a limit in which features move be computed without sampling?
//
// Lecture §4.3 · after mean_field_linear · about 2 s on two cores
//
// **Question.** With an activation that is not linear no moments close. Is there still a limit of infinite width that is not a draw but a
// number? And what do neurons do in it?
//
// ## The model
//
// One hidden layer in mean-field form, neurons $(a_i,w_i,b_i)$ that count with weights $q_i$,
// $$ f(x)=\frac1{\gamma_0}\sum_iq_i\,a_i\,\sigma(w_ix+b_i),\qquad a=\pm1,\quad w,b\sim N(0,1), $$
// trained by 60 steps of gradient descent on five points, $x=(-1,-\frac12,\frac1{10},\frac12,1)$ and $y=\sin2x$, with a step
// $\eta=\gamma_0^2N\,dt$; the output at the start is taken away. A network of width $N$ has neurons that are drawn, and $q=1/N$. With
// $\Delta_\alpha=y_\alpha-f(x_\alpha)$ and $P$ points, a step is
// $$ da=\frac{\gamma_0dt}P\sum_\alpha\Delta_\alpha\sigma,\qquad
//    (dw,db)=\frac{\gamma_0dt}P\,a\sum_\alpha\Delta_\alpha\dot\sigma\,(x_\alpha,1). $$
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/line_data.hpp>
#include <fieldbook/training/weighted_particles.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const LineData data = LineData::five();
constexpr int steps = 60;

// ## What theory says
//
// A neuron meets the others only through $\Delta$. At infinite width $\Delta$ is no longer random, and neurons that start from the law of
// $a$, $w$, $b$ move in it independently: the sum over neurons is an average over that law, and $q$ the weights of a quadrature. This is
// dynamical mean-field theory (Mei, Montanari and Nguyen 2018; Bordelon and Pehlevan 2022). Here it is solved on a grid of nodes in the
// plane of $w$ and $b$, times $a=\pm1$, by the trapezoid rule, which converges faster than any power of its spacing.
struct Setting {
  Activation activation;
  double gamma0, dt;

  WeightedParticles particles() const { return {activation, gamma0, data.x, data.targets()}; }
  ParticlePath trained(const Neurons& neurons) const {
    WeightedParticles network = particles();
    return train(network, neurons, dt, steps);
  }
};

// As $\gamma_0\to0$ nothing moves but the output. With $K=xx'+1$, the tangent kernel at the start and the outputs after $n$ steps are
// $$ \Theta=\langle\sigma\sigma'\rangle+K\langle\dot\sigma\dot\sigma'\rangle,\qquad f=\Bigl(1-\bigl(1-\tfrac{dt}P\Theta\bigr)^n\Bigr)y, $$
// a closed form into which nothing of the grid goes. Features and outputs leave it in second order in $\gamma_0$.
MatrixXd lazy_outputs(Activation activation, double dt) {
  const Eigen::Index p = data.points();
  const MatrixXd k = (data.x.transpose() * data.x).array() + 1;
  MatrixXd propagator = MatrixXd::Identity(p, p), outputs(p, steps + 1);
  for (Eigen::Index i = 0; i < p; ++i)
    for (Eigen::Index j = 0; j < p; ++j)
      propagator(i, j) -= dt / static_cast<double>(p) *
                          (dual_activation(activation, k(i, i), k(j, j), k(i, j)) +
                           k(i, j) * dual_slope(activation, k(i, i), k(j, j), k(i, j)));
  VectorXd residual = data.targets();
  for (int step = 0; step <= steps; ++step) {
    outputs.col(step) = data.targets() - residual;
    residual = propagator * residual;
  }
  return outputs;
}

// At finite $\gamma_0$ there is no closed form. For the defaults the limit was also computed in another language with other nodes, those of
// Gauss and Legendre in polar coordinates of the plane.
struct Record {
  double gamma0;
  const char* ref;
  double tolerance;
  std::vector<double> outputs;
  double feature_change;

  bool applies(const Setting& setting) const {
    return setting.activation == Activation::erf && setting.dt == 0.2 && setting.gamma0 == gamma0;
  }
};

const std::vector<Record> records{
    {0.3, "M7", 1e-8, {-1.010866204, -0.662207427, 0.176868757, 0.687191350, 1.011269157}, 0.0801617525},
    {1, "M8", 1e-6, {-0.977611154, -0.752501677, 0.198294742, 0.755734511, 0.975682066}, 0.4695841501}};

// ## What networks do
//
// Networks are trained by the same steps from neurons that are drawn. Averages over networks of width $N$ are off by $O(1/N)$; each is
// therefore cut into two halves that are also trained alone, and $2X_N-\frac12(X_{N/2}+X'_{N/2})$ is off by $O(1/N^2)$. Kept are the losses
// at all steps and the outputs at the end.
VectorXd observed(const ParticlePath& path) {
  VectorXd values(steps + 1 + data.points());
  values << path.losses, path.outputs.col(steps);
  return values;
}

Averages sample(Report& report, const Setting& setting, int width, std::int64_t draws) {
  const std::string stage = fmt::format("networks, gamma0 {}", setting.gamma0);
  return merged(sample_draws(
      report, stage, draws, Averages{steps + 1 + data.points()}, [&](std::uint64_t draw, Averages& averages) {
        const Neurons neurons = Neurons::sampled(width, 1, report.seed(), stage, draw);
        const auto half = [&](int first) {
          return observed(setting.trained(neurons.part(first, width / 2)));
        };
        averages.add(2 * observed(setting.trained(neurons)) - (half(0) + half(width / 2)) / 2);
      }));
}

// ## The claims
std::string id_of(const Record& record, std::size_t i) {
  return i == record.outputs.size() ? fmt::format("feature-change-{}", record.gamma0)
                                    : fmt::format("output-{}-{}", record.gamma0, i + 1);
}

void declare_record(Claims& claims, const Record& record, const std::vector<Setting>& settings) {
  const bool applies = std::any_of(settings.begin(), settings.end(),
                                   [&](const Setting& setting) { return record.applies(setting); });
  for (std::size_t i = 0; i <= record.outputs.size(); ++i) {
    if (applies)
      claims.exact(id_of(record, i), record.ref,
                   fmt::format("$\\gamma_0={}$, infinite width, after {} steps: {}", record.gamma0, steps,
                               i == record.outputs.size()
                                   ? std::string{"$|\\Delta\\Phi|/|\\Phi|$"}
                                   : fmt::format("$f({})$", data.x(0, static_cast<Eigen::Index>(i)))),
                   absolute(record.tolerance));
    else
      claims.leave_out(
          id_of(record, i), record.ref,
          fmt::format("its number is known for erf, steps of 0.2 and richness {} alone", record.gamma0));
  }
}

void declare(Claims& claims, const std::vector<Setting>& settings, int width) {
  claims.scaling("features-move", "M5",
                 "infinite width, $\\gamma_0=0.0125\\dots0.1$: features "
                 "$\\Phi=\\langle\\sigma\\sigma'\\rangle$ move by $\\gamma_0^2$",
                 0.03);
  claims.scaling("leaving-lazy", "M6",
                 "the same: the largest distance of $f$ from the lazy closed form grows as $\\gamma_0^2$",
                 0.03);
  claims.exact("lazy", "M6",
               "$f$ continued to $\\gamma_0=0$, and the lazy closed form: the largest difference",
               absolute(1e-6));
  for (const Record& record : records) declare_record(claims, record, settings);
  for (const Setting& setting : settings) {
    const std::string name = fmt::format("$\\gamma_0={}$", setting.gamma0);
    claims.bound(fmt::format("refined-{}", setting.gamma0), setting.gamma0 < 0.5 ? "M7" : "M8",
                 name + ": the largest change of $f$ when the grid is refined by 3/2", Side::below);
    for (const int step : {20, steps})
      claims.statistical(fmt::format("loss-{}-{}", setting.gamma0, step), "M9",
                         fmt::format("{}, $N={}$: the mean loss after {} steps", name, width, step));
    for (Eigen::Index i = 0; i < data.points(); ++i)
      claims.statistical(
          fmt::format("mean-output-{}-{}", setting.gamma0, i + 1), "M9",
          fmt::format("{}, $N={}$: the mean of $f({})$ after {} steps", name, width, data.x(0, i), steps));
  }
}

// ## The experiment, step by step
double exponent(const std::vector<double>& x, const std::vector<double>& values) {
  std::vector<Estimate> numbers;
  for (const double value : values) numbers.emplace_back(value, 1e-3 * value);
  return fit_power_law(x, numbers).parameters[1];
}

// How far features and outputs are from the lazy limit, and the outputs at $\gamma_0=0$ from the first two $\gamma_0$.
struct Departure {
  std::vector<double> gammas, features, outputs;
  MatrixXd continued;
};

Departure leave_lazy(Activation activation, double dt, int doublings) {
  const Neurons neurons = Neurons::on_a_grid(0.2, 7);
  const MatrixXd lazy = lazy_outputs(activation, dt);
  Departure departure;
  for (int k = 0; k <= doublings; ++k) {
    const double gamma0 = 0.0125 * std::pow(2, k);
    const ParticlePath path = Setting{activation, gamma0, dt}.trained(neurons);
    departure.gammas.push_back(gamma0);
    departure.features.push_back(path.feature_change());
    departure.outputs.push_back((path.outputs - lazy).cwiseAbs().maxCoeff());
    // The first two remove the second order
    if (k == 0) departure.continued = 4 * path.outputs / 3;
    if (k == 1) departure.continued -= path.outputs / 3;
  }
  return departure;
}

void compare_lazy(Report& report, Activation activation, double dt) {
  const Departure departure = leave_lazy(activation, dt, 3);
  report.compare("features-move", 2, exponent(departure.gammas, departure.features));
  report.compare("leaving-lazy", 2, exponent(departure.gammas, departure.outputs));
  report.compare("lazy", 0, (departure.continued - lazy_outputs(activation, dt)).cwiseAbs().maxCoeff());
}

ParticlePath compare_limit(Report& report, const Setting& setting, double spacing, double box) {
  const ParticlePath path = setting.trained(Neurons::on_a_grid(spacing, box));
  const ParticlePath refined = setting.trained(Neurons::on_a_grid(spacing / 1.5, box));
  report.compare(fmt::format("refined-{}", setting.gamma0), 1e-5,
                 (refined.outputs - path.outputs).cwiseAbs().maxCoeff());
  for (const Record& record : records) {
    if (!record.applies(setting)) continue;
    for (std::size_t i = 0; i < record.outputs.size(); ++i)
      report.compare(id_of(record, i), record.outputs[i], path.outputs(static_cast<Eigen::Index>(i), steps));
    report.compare(id_of(record, record.outputs.size()), record.feature_change, path.feature_change());
  }
  return path;
}

void compare_networks(Report& report, const Setting& setting, const ParticlePath& limit,
                      const Averages& networks) {
  for (const int step : {20, steps})
    report.compare(fmt::format("loss-{}-{}", setting.gamma0, step), limit.losses[step], networks.mean(step));
  for (Eigen::Index i = 0; i < data.points(); ++i)
    report.compare(fmt::format("mean-output-{}-{}", setting.gamma0, i + 1), limit.outputs(i, steps),
                   networks.mean(steps + 1 + i));
}

// ## The figures
Panel loss_panel(const std::vector<Setting>& settings, const std::vector<ParticlePath>& limits,
                 const std::vector<Averages>& networks) {
  Panel panel;
  panel.x_axis({"time", false, 0, steps * settings[0].dt}).y_axis({"loss", true}).legend("top right");
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const VectorXd deviation = networks[i].covariance().diagonal().cwiseSqrt();
    std::vector<double> t, loss, at, sampled, bar;
    for (int step = 0; step <= steps; ++step) {
      t.push_back(step * settings[i].dt);
      loss.push_back(limits[i].losses[step]);
      if (step % 5 != 0) continue;
      at.push_back(t.back());
      sampled.push_back(networks[i].means()[step]);
      bar.push_back(deviation[step]);
    }
    panel.line(static_cast<int>(i), fmt::format("γ_0 = {}", settings[i].gamma0), t, loss)
        .points(static_cast<int>(i), "", at, sampled, bar);
  }
  return panel;
}

Panel lazy_panel(Activation activation, double dt) {
  const Departure departure = leave_lazy(activation, dt, 6);
  const std::vector<double> ends{departure.gammas.front(), departure.gammas.back()};
  const auto square = [&](double first) {
    return std::vector<double>{first, first * std::pow(ends[1] / ends[0], 2)};
  };
  Panel panel;
  panel.x_axis({"richness γ_0", true}).y_axis({"distance from the lazy limit", true}).legend("top left");
  return panel.guide("∝ γ_0^2", ends, square(departure.features[0]))
      .guide("", ends, square(departure.outputs[0]))
      .points(0, "features", departure.gammas, departure.features)
      .points(1, "output", departure.gammas, departure.outputs);
}

// Neurons that start with $a=1$ are driven by the residuals of infinite width, on a fine grid. The edges of the cells fall between nodes.
constexpr double spacing_of_picture = 0.025, cell = 0.2, edge = 3.9125;
constexpr Eigen::Index side = 321;  // nodes

Panel density_panel(const std::string& title, const Neurons& neurons) {
  const auto cells = static_cast<Eigen::Index>(2 * edge / cell);
  const auto place = [](double z) { return static_cast<Eigen::Index>(std::floor((z + edge) / cell)); };
  MatrixXd density = MatrixXd::Constant(cells, cells, 1e-3);
  for (Eigen::Index i = 0; i < neurons.q.size(); ++i) {
    const Eigen::Index column = place(neurons.w(i, 0)), row = place(neurons.b[i]);
    if (std::clamp<Eigen::Index>(column, 0, cells - 1) == column &&
        std::clamp<Eigen::Index>(row, 0, cells - 1) == row)
      density(row, column) += neurons.q[i] / (cell * cell);
  }
  std::vector<double> centres;
  for (Eigen::Index i = 0; i < cells; ++i) centres.push_back((static_cast<double>(i) + 0.5) * cell - edge);
  Panel panel{title};
  return panel.x_axis({"w", false, -edge, edge})
      .y_axis({"b", false, -edge, edge})
      .heat_map("log_{10}", centres, centres, density.array().log10());
}

Figure density_figure(const Setting& setting, const ParticlePath& limit) {
  Neurons neurons = Neurons::on_a_grid(spacing_of_picture, spacing_of_picture * (side - 1) / 2);
  neurons.q = 2 * neurons.q.cwiseProduct(neurons.a.cwiseMax(0));
  WeightedParticles particles = setting.particles();
  particles.start(neurons);
  for (int step = 0; step < steps; ++step)
    particles.drive(data.targets() - limit.outputs.col(step), setting.dt);
  Panel mesh{"where a square mesh goes"};
  mesh.x_axis({"w", false, -edge, edge}).y_axis({"b", false, -edge, edge}).legend("off");
  for (Eigen::Index fixed = 20; fixed < side - 20; fixed += 20)
    for (const bool along_b : {true, false}) {
      std::vector<double> w, b;
      for (Eigen::Index along = 0; along < side; along += 4) {
        const Eigen::Index node = 2 * (along_b ? side * fixed + along : side * along + fixed);
        w.push_back(particles.neurons().w(node, 0));
        b.push_back(particles.neurons().b[node]);
      }
      mesh.line(along_b ? 0 : 1, "", w, b);
    }
  return {{density_panel("before", neurons), density_panel("after", particles.neurons()), mesh}, 3, 420, 380};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/mean_field", "4.3",
                  "Can a limit in which features move be computed without sampling?"};
  const auto& gammas = program.list("richness", {0.3, 1.}, between(0.05, 1.),
                                    "γ0: how far features move before the output has its size");
  const auto& word = program.choice("activation", "erf", {"erf", "tanh", "sin"}, "activation σ");
  const auto& dt = program.option("step", 0.2, between(0.02, 0.2), "time dt of a step; 60 are made");
  const auto& spacing =
      program.option("spacing", 0.15, between(0.1, 0.15), "distance of the nodes of the grid");
  const auto& box = program.option("box", 7., between(6.5, 9.), "the grid reaches from -box to box");
  const auto& width =
      program.option("width", 400, between(200, 4000), "width of the networks, even", "neurons");
  const auto& draws = program.samples(1000, 200, 50);
  program.validate([&] {
    if (width % 2 == 1)
      throw BadOption{"width", fmt::format("{}", width), "an even width: networks are cut into halves"};
  });
  program.figure("mf_loss",
                 "The loss at infinite width (lines), and its mean over networks with bars of one standard "
                 "deviation from network to "
                 "network: richer training is faster, and goes further.");
  program.figure("mf_lazy",
                 "How far features and output are from the lazy limit at the end, at infinite width: second "
                 "order in the richness, as "
                 "long as that is small.");
  program.figure("mf_density",
                 "Features move: the density of neurons with $a=1$ in the plane of weight and bias, as "
                 "$\\log_{10}$, before and after "
                 "training at the largest richness, and where the lines of a square mesh have gone. Neurons "
                 "gather where they are of use.");
  std::vector<Setting> settings;
  program.claims([&](Claims& claims) {
    for (const double gamma0 : gammas) settings.push_back({activation_of(word), gamma0, dt});
    declare(claims, settings, width);
  });

  return program.run(argc, argv, [&](Report& report) {
    compare_lazy(report, activation_of(word), dt);
    std::vector<ParticlePath> limits;
    std::vector<Averages> networks;
    for (const Setting& setting : settings) {
      limits.push_back(compare_limit(report, setting, spacing, box));
      networks.push_back(sample(report, setting, width, draws));
      compare_networks(report, setting, limits.back(), networks.back());
    }
    report.draw("mf_loss", {{loss_panel(settings, limits, networks)}});
    report.draw("mf_lazy", [&] { return Figure{{lazy_panel(activation_of(word), dt)}}; });
    report.draw("mf_density", [&] { return density_figure(settings.back(), limits.back()); });
  });
}

// ## What we found
//
// The limit is a number that no draw enters. At $\gamma_0=0.3$ features have moved by a part @value feature-change-0.3 of their size after 60 steps,
// at $\gamma_0=1$ by @value feature-change-1, and refining the grid changes $f$ by @value refined-0.3 and @value refined-1. It is the lazy limit
// when $\gamma_0\to0$, up to @value lazy, and leaves it with the powers @value features-move and @value leaving-lazy of $\gamma_0$.
//
// @figure mf_lazy
//
// Networks that are drawn agree with it on average: the mean loss after 20 steps at $\gamma_0=1$ is @value loss-1-20, where the limit has
// @predicted loss-1-20.
//
// @figure mf_loss
//
// Neurons that start with $a=1$ gather at one weight and no bias, where $\sigma(wx)$ alone already resembles $\sin2x$. They do not stay where they
// were drawn, which is what it means to learn features.
//
// @figure mf_density
//
// @claims
//
// ## What can go wrong
//
// The map from where a neuron starts to where it is becomes steep in time: neurons on either side of a separatrix part exponentially. So
// the grid has to be the finer, the longer and the richer the training. Quadratures of Gauss and Hermite, whose few nodes serve smooth
// functions best, converge badly.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. For which activations is $a^2-w^2-b^2$ of a neuron conserved when steps are small?
// 2. With Gaussian amplitudes the grid needs a third dimension. Why not with $a=\pm1$? Could half of the nodes be saved for odd activations?
// 3. Make the limit at $\gamma_0=2$ accurate to $10^{-10}$: where must nodes be added?
