// # How far from the mean-field limit is a network?
//
// Lecture §4.3 · after mean_field · about 3 s on two cores
//
// **Question.** At infinite width training is deterministic although features move. How far from that is a network of width $N$, and can
// the distance be computed, too?
//
// ## The model
//
// The networks of mean_field: neurons $(a_i,w_i,b_i)$ with $a=\pm1$ and $w,b\sim N(0,1)$,
// $$ f(x)=\frac1{\gamma_0N}\sum_{i=1}^Na_i\,\sigma(w_ix+b_i), $$
// trained on five points by steps of gradient descent of size $\eta=\gamma_0^2N\,dt$, with the output at the start taken away. At infinite
// width the sum is an average over the law of the neurons, here by the trapezoid rule on a grid of nodes with weights $q$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/line_data.hpp>
#include <fieldbook/training/weighted_particles.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const LineData data = LineData::five();
constexpr int steps = 20;

struct Setting {
  Activation activation;
  double gamma0, dt;

  WeightedParticles particles() const { return {activation, gamma0, data.x, data.targets()}; }
  ParticlePath trained(const Neurons& neurons) const {
    WeightedParticles network = particles();
    return train(network, neurons, dt, steps);
  }
};

// ## What theory says
//
// A sum over $N$ neurons that are drawn is off by $s/\sqrt N$, with $s$ Gaussian: the covariance $C$ of $s$, between points and between steps,
// is that of what one neuron says, $\frac1{\gamma_0}(a\sigma-a\sigma|_0)$, while it moves in the residuals $\Delta$ of infinite width.
// But the neurons also hear of it. Let $R$ be what later outputs gain when $\Delta$ is kicked at one step and neurons move in the kicked
// $\Delta$ as if it were prescribed. With the outputs after all steps in one vector, $\delta\Delta=-\delta f$ gives
// $$ \delta f=\frac s{\sqrt N}-R\,\delta f,\qquad N\,\text{Cov}\,f=(1+R)^{-1}\,C\,(1+R)^{-T}. $$
// Covariance and response are the two functions of dynamical mean-field theory, and no parameter is left. Both are sums over the grid.
struct InfiniteWidth {
  std::vector<WeightedParticles> states;  // before step 0, 1, ...
  MatrixXd said;                          // a neuron a row, P columns a step
  VectorXd q;
};

InfiniteWidth follow(const Setting& setting, const Neurons& neurons) {
  const Eigen::Index p = data.points();
  InfiniteWidth path{{}, MatrixXd(neurons.q.size(), p * steps), neurons.q};
  WeightedParticles particles = setting.particles();
  particles.start(neurons);
  const MatrixXd start = neurons.a.asDiagonal() * particles.features();
  for (int step = 0; step < steps; ++step) {
    path.states.push_back(particles);
    particles.step(setting.dt);
    path.said.middleCols(p * step, p) =
        (particles.neurons().a.asDiagonal() * particles.features() - start) / setting.gamma0;
  }
  return path;
}

MatrixXd covariance(const InfiniteWidth& path) {
  const VectorXd mean = path.said.transpose() * path.q;
  return path.said.transpose() * path.q.asDiagonal() * path.said - mean * mean.transpose();
}

// What all later outputs gain from a kick at one point before one step, by a central difference.
VectorXd gain(const InfiniteWidth& path, double dt, int kicked, Eigen::Index point) {
  constexpr double kick = 1e-4;
  const Eigen::Index p = data.points();
  VectorXd gained = VectorXd::Zero(p * steps);
  for (const double sign : {1., -1.}) {
    WeightedParticles particles = path.states[static_cast<std::size_t>(kicked)];
    for (int step = kicked; step < steps; ++step) {
      VectorXd seen = path.states[static_cast<std::size_t>(step)].residual();
      if (step == kicked) seen[point] += sign * kick;
      particles.drive(seen, dt);
      gained.segment(p * step, p) += sign / (2 * kick) * particles.outputs();
    }
  }
  return gained;
}

// The output after a step is the residual before the next: the first output that can act is seen by step number 1.
MatrixXd response(Report& report, const Setting& setting, const InfiniteWidth& path,
                  const std::string& stage) {
  const Eigen::Index p = data.points(), size = p * steps;
  const auto columns = run_tasks(
      report, stage, std::vector<VectorXd>(static_cast<std::size_t>(size - p)), 1,
      [](std::uint64_t) { return 1.; },
      [&](std::uint64_t task, std::uint64_t, VectorXd& column) {
        const auto k = static_cast<Eigen::Index>(task);
        column = gain(path, setting.dt, static_cast<int>(k / p) + 1, k % p);
      });
  MatrixXd r = MatrixXd::Zero(size, size);
  for (std::size_t k = 0; k < columns.size(); ++k) r.col(static_cast<Eigen::Index>(k)) = columns[k];
  return r;
}

// What is compared: $N$ times the variance, averaged over the points, after each step.
struct Prediction {
  VectorXd variances;  // of f
  VectorXd unheard;    // of s, if the neurons did not hear of it
};

Prediction predict(Report& report, const Setting& setting, double spacing) {
  const InfiniteWidth path = follow(setting, Neurons::on_a_grid(spacing, 6.5));
  const std::string stage = fmt::format("response, gamma0 {}, spacing {}", setting.gamma0, spacing);
  const MatrixXd c = covariance(path), r = response(report, setting, path, stage);
  const MatrixXd inverse = (MatrixXd::Identity(r.rows(), r.cols()) + r).partialPivLu().inverse();
  const auto over_points = [](const MatrixXd& matrix) {
    VectorXd means(steps);
    for (int step = 0; step < steps; ++step)
      means[step] = matrix.diagonal().segment(data.points() * step, data.points()).mean();
    return means;
  };
  return {over_points(inverse * c * inverse.transpose()), over_points(c)};
}

// ## What networks do
//
// Networks of every width are trained, and the squares of $f_N-f$ averaged over points and networks, after each step. The limit $f$ is that of
// the grid.
struct Ensemble {
  Averages averages;

  // sqrt N times the root of the mean square after a step
  Estimate rms(int step, int width) const { return averages.mean(step - 1).times(width).root(); }
};

Ensemble sample(Report& report, const Setting& setting, const ParticlePath& limit, int width,
                std::int64_t draws) {
  const std::string stage = fmt::format("gamma0 {}, width {}", setting.gamma0, width);
  return {
      merged(sample_draws(report, stage, draws, Averages{steps}, [&](std::uint64_t draw, Averages& averages) {
        const ParticlePath path = setting.trained(Neurons::sampled(width, 1, report.seed(), stage, draw));
        const MatrixXd off = (path.outputs - limit.outputs).rightCols(steps);
        averages.add(off.colwise().squaredNorm().transpose() / static_cast<double>(data.points()));
      }))};
}

// ## The claims
const std::vector<int> times{5, 10, 20};  // steps

void declare(Claims& claims, const std::vector<double>& gammas, const std::vector<int>& widths) {
  for (const double gamma0 : gammas) {
    const std::string name = fmt::format("$\\gamma_0={}$", gamma0);
    claims.scaling(
        fmt::format("approach-{}", gamma0), "M9",
        fmt::format("{}: the rms of $f_N-f$ over networks and points after {} steps falls as $N^{{-1/2}}$",
                    name, steps),
        0.04);
    for (const int step : times) {
      Claim& claim = claims.statistical(
          fmt::format("spread-{}-{}", gamma0, step), "M9",
          fmt::format("{}, $N={}$: $\\sqrt N$ times this rms after {} steps", name, widths.back(), step));
      if (step == times.back()) claim.independent();
    }
    claims.bound(fmt::format("refined-{}", gamma0), "M9",
                 name + ": the relative change of the predicted variances on a grid that is coarser by 5/4",
                 Side::below);
  }
}

// ## The experiment, step by step
void compare_grids(Report& report, const Setting& setting, const Prediction& prediction) {
  const VectorXd coarser = predict(report, setting, 0.25).variances;
  report.compare(fmt::format("refined-{}", setting.gamma0), 1e-3,
                 (coarser.array() / prediction.variances.array() - 1).abs().maxCoeff());
}

struct Result {
  Setting setting;
  Prediction prediction;
  std::map<int, Ensemble> ensembles;  // by width
};

void compare(Report& report, const Result& result) {
  const auto& [width, widest] = *result.ensembles.rbegin();
  std::vector<double> n;
  std::vector<Estimate> rms;
  for (const auto& [each, ensemble] : result.ensembles) {
    n.push_back(each);
    rms.push_back(ensemble.rms(steps, each).times(1 / std::sqrt(each)));
  }
  report.compare(fmt::format("approach-{}", result.setting.gamma0), -0.5, fit_power_law(n, rms)[1]);
  for (const int step : times)
    report.compare(fmt::format("spread-{}-{}", result.setting.gamma0, step),
                   std::sqrt(result.prediction.variances[step - 1]), widest.rms(step, width));
}

// ## The figures
Panel time_panel(const std::vector<Result>& results) {
  Panel panel;
  panel.x_axis({"time", false, 0, 1.03 * steps * results[0].setting.dt})
      .y_axis({"√N rms(f_N - f)", false, 0, 0})
      .legend("bottom right");
  int colour = 0;
  for (const Result& result : results) {
    const auto& [width, ensemble] = *result.ensembles.rbegin();
    std::vector<double> t, line, unheard, at, y, bar;
    for (int step = 1; step <= steps; ++step) {
      t.push_back(step * result.setting.dt);
      line.push_back(std::sqrt(result.prediction.variances[step - 1]));
      unheard.push_back(std::sqrt(result.prediction.unheard[step - 1]));
      y.push_back(ensemble.rms(step, width).value);
      bar.push_back(ensemble.rms(step, width).standard_error);
    }
    panel.guide(colour == 0 ? "no response" : "", t, unheard)
        .line(colour, fmt::format("γ_0 = {}", result.setting.gamma0), t, line)
        .points(colour, "", t, y, bar);
    ++colour;
  }
  return panel;
}

Panel width_panel(const std::vector<Result>& results) {
  const double first = results[0].ensembles.begin()->first, last = results[0].ensembles.rbegin()->first;
  double highest = 0;
  for (const Result& result : results)
    highest = std::max(highest, std::sqrt(result.prediction.variances[steps - 1]));
  Panel panel;
  panel.x_axis({"width N", true, 0.6 * first, 1.7 * last})
      .y_axis({"√N rms(f_N - f)", false, 0.7 * highest, 1.2 * highest})
      .legend("top right");
  int colour = 0;
  for (const Result& result : results) {
    std::vector<double> n, rms, bar;
    for (const auto& [width, ensemble] : result.ensembles) {
      n.push_back(width * (1 + 0.05 * colour));  // side by side
      rms.push_back(ensemble.rms(steps, width).value);
      bar.push_back(ensemble.rms(steps, width).standard_error);
    }
    const double limit = std::sqrt(result.prediction.variances[steps - 1]);
    panel
        .line(colour, fmt::format("γ_0 = {}", result.setting.gamma0), {0.6 * first, 1.7 * last},
              {limit, limit})
        .points(colour, "", n, rms, bar);
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/mean_field_fluctuations", "4.3",
                  "How far from the mean-field limit is a network?"};
  const auto& gammas = program.list("richness", {0.3, 1.}, between(0.05, 1.),
                                    "γ0: how far features move before the output has its size");
  const auto& word = program.choice("activation", "erf", {"erf", "tanh", "sin"}, "activation σ");
  const auto& dt = program.option("step", 0.2, between(0.02, 0.2), "time dt of a step; 20 are made");
  const auto& widths = program.list("widths", {100, 400, 1600}, between(64, 6400),
                                    "ascending widths, at least two, the last at least 400", "neurons");
  const auto& draws = program.samples(2000, 600, 100);
  program.validate([&] {
    const BadOption bad{"widths", fmt::format("{}", fmt::join(widths, ",")),
                        "two or more ascending widths, the last at least 400"};
    if (widths.size() < 2 || widths.back() < 400) throw bad;
    for (std::size_t i = 1; i < widths.size(); ++i)
      if (widths[i] <= widths[i - 1]) throw bad;
  });
  program.figure("mf_spread",
                 "How far the widest networks are from the limit while they learn, times $\\sqrt N$: "
                 "networks, and what covariance and "
                 "response predict. Without the response (dashed) the distance would grow on: training takes "
                 "back most of what "
                 "neurons have said too much.");
  program.figure("mf_conv",
                 "The same at the end, against the width: networks come to the limit as $N^{-1/2}$.");
  program.claims([&](Claims& claims) { declare(claims, gammas, widths); });

  return program.run(argc, argv, [&](Report& report) {
    std::vector<Result> results;
    for (const double gamma0 : gammas) {
      const Setting setting{activation_of(word), gamma0, dt};
      const ParticlePath limit = setting.trained(Neurons::on_a_grid(0.15, 7));
      Result& result = results.emplace_back(Result{setting, predict(report, setting, 0.2), {}});
      compare_grids(report, setting, result.prediction);
      for (const int width : widths)
        result.ensembles.emplace(width, sample(report, setting, limit, width, draws));
      compare(report, result);
    }
    report.draw("mf_spread", {{time_panel(results)}});
    report.draw("mf_conv", {{width_panel(results)}});
  });
}

// ## What we found
//
// The distance from the limit falls with the power @value approach-0.3 and @value approach-1 of the width, and its size is what covariance and
// response say: after 20 steps at $\gamma_0=1$, $\sqrt N$ times the rms is @value spread-1-20, where the grid without a single draw gives
// @predicted spread-1-20.
//
// @figure mf_spread
//
// The response is what makes networks alike: what the neurons of one network say too much is seen in the residuals, and training takes it
// back at the points of the data.
//
// @figure mf_conv
//
// @claims
//
// ## What can go wrong
//
// The response is that to a prescribed $\Delta$: letting the kicked output act on the later $\Delta$ as well counts its effect twice. And the
// output at the start, which is taken away from $f$, has to be taken away from what a neuron says.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. What are $C$ and $R$ in the lazy limit? Show that $f$ is then the linear answer to a random kernel and random features.
// 2. At points that are not data the fluctuations are not taken back. Add such a point.
