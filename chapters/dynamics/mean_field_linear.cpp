// # What does an infinitely wide network do while its features move?
//
// Lecture §4.3 · after feature_learning · about 2 s on two cores
//
// **Question.** In the maximal update parameterisation features move at every width, and the tangent kernel with them. Is there still a limit
// of infinite width, can it be solved, and how far from it is a network of width $N$?
//
// ## The model
//
// A linear network with one hidden layer in mean-field form, trained with the step $\eta=\gamma_0^2N$ on whitened data,
// $$ f(x)=\frac1{\gamma_0N}\sum_{i=1}^Na_i\,w_i\cdot x=\beta\cdot x,\qquad a_i,w_i\sim N(0,1),\qquad
//    \ell=\frac12|v|^2,\quad v=y\,\hat e_1-(\beta-\beta_0), $$
// with the output at the start taken away, as always when $\gamma_0$ varies. The loss is quadratic in $\beta$ and the network linear in $x$: all
// that is not linear is the product $a_iw_i$. Time is the number of steps times their size.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/linear_mean_field.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <Eigen/Core>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>
#include <map>

using namespace fieldbook;

namespace {

// ## What theory says
//
// Each neuron sees the others through $v$ alone, $\dot a_i=\gamma_0w_i\cdot v$ and $\dot w_i=\gamma_0a_iv$, so that the moments
// $u=\frac1N\sum aw$, $Q=\frac1N\sum a^2$ and $H=\frac1N\sum ww^T$ close:
// $$ \dot u=\gamma_0(Q+H)v,\qquad\dot Q=2\gamma_0\,u\cdot v,\qquad\dot H=\gamma_0(uv^T+vu^T). $$
// At infinite width they start from $u=0$, $Q=1$, $H=1$. All motion is then along $\hat e_1$, where $Q=H_{11}$ and $Q^2-u^2=1$ is conserved.
// With $u=\gamma_0f$ the tangent kernel $Q+H_{11}$ is a function of the output,
// $$ \dot f=2r\,(y-f),\qquad Q+H_{11}=2r,\qquad r=\sqrt{1+\gamma_0^2f^2}, $$
// and with $S=\sqrt{1+\gamma_0^2y^2}$ and $f=y(1-e^{-\tau})$ the time at which $f$ is reached is
// $$ t=\frac1{2S}\Bigl[\tau+\ln\frac{1+\gamma_0^2yf+Sr}{1+S}\Bigr]. $$
struct Limit {
  double gamma0, y;

  double root(double f) const { return std::hypot(1, gamma0 * f); }
  double kernel(double f) const { return 2 * root(f); }
  double output(double tau) const { return -y * std::expm1(-tau); }
  double time(double tau) const {
    const double f = output(tau), s = root(y);
    return (tau + std::log((1 + gamma0 * gamma0 * y * f + s * root(f)) / (1 + s))) / (2 * s);
  }

  // The other way round: the kernel lies between 2 and 2S, and so does tau/t
  double tau(double t) const {
    if (t == 0) return 0;
    std::uintmax_t steps = 100;
    const auto [low, high] =
        boost::math::tools::toms748_solve([&](double x) { return time(x) - t; }, 1.99 * t, 2.01 * root(y) * t,
                                          boost::math::tools::eps_tolerance<double>{50}, steps);
    return (low + high) / 2;
  }
};

// Before any logarithm stands an integral, $t=\int_0^f\frac{df}{2r(y-f)}=\int_0^\tau\frac{d\tau}{2r}$: a second route to the time.
template <class Integrand>
double integral(double tau, Integrand integrand) {
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, 0., tau, 10, 1e-13);
}

double time_by_quadrature(const Limit& limit, double tau) {
  return integral(tau, [&](double x) { return 1 / limit.kernel(limit.output(x)); });
}

// At finite width the moments start from sums over $N$ neurons, off by $\delta=(Q+H_{11}-2)|_0$ and $u_0$ of variance $4/N$ and $1/N$. Along
// $\hat e_1$ the combination $(Q+H_{11})^2-4u^2$ is conserved, so that the kernel at a given $f$ is off by $(\delta+2\gamma_0fu_0)/r$, whose
// variance is $4/N$ at any $f$ and any $\gamma_0$, and $f$ at a given time by
// $$ \delta f=2r(y-f)\int_0^\tau\frac{\delta+2\gamma_0f'u_0}{4r'^3}\,d\tau' . $$
double scaled_variance_of_output(const Limit& limit, double t) {
  const double tau = limit.tau(t), f = limit.output(tau);
  const auto response = [&](double odd) {
    return integral(tau, [&](double x) {
      const double at = limit.output(x), r = limit.root(at);
      return (odd == 0 ? 1 : limit.gamma0 * at) / (4 * r * r * r);
    });
  };
  const double even = response(0), odd = response(1), motion = limit.kernel(f) * (limit.y - f);
  return 4 * motion * motion * (even * even + odd * odd);
}

// ## What networks do
//
// Because moments close, a network of any width is trained by integrating $1+D+D^2$ numbers (`flow`), and an ensemble is as cheap as its
// draws. That moments close is checked on one small network, whose neurons are followed one by one.
double moments_against_neurons(const LinearTask& task, int dimension, std::uint64_t seed) {
  Eigen::MatrixXd neurons(40, 1 + dimension);
  Stream{seed, "one small network"}.normals(0, {neurons.data(), static_cast<std::size_t>(neurons.size())});
  const std::vector<double> times{0, 0.1, 0.3, 1, 3};
  const auto closed = flow(task, LinearMoments::of(neurons), times, 1e-12);
  const auto direct = flow_of_neurons(task, neurons, times, 1e-12);
  double largest = 0;
  for (std::size_t k = 0; k < times.size(); ++k)
    largest = std::max({largest, std::abs(closed[k].q - direct[k].q),
                        (closed[k].u - direct[k].u).cwiseAbs().maxCoeff(),
                        (closed[k].h - direct[k].h).cwiseAbs().maxCoeff()});
  return largest;
}

// Outputs and kernels at the recorded times and at the end, one after the other.
constexpr int steps = 15;

std::vector<double> times_until(double end) {
  std::vector<double> times{0};
  for (int k = 1; k <= steps; ++k) times.push_back(0.1 * k);
  times.push_back(end);
  return times;
}

Eigen::VectorXd trained(const LinearTask& task, const LinearMoments& start,
                        const std::vector<double>& times) {
  const auto path = flow(task, start, times, 1e-9);
  Eigen::VectorXd values(2 * static_cast<Eigen::Index>(times.size()));
  for (std::size_t k = 0; k < times.size(); ++k)
    values.segment<2>(2 * static_cast<Eigen::Index>(k)) << (path[k].u[0] - start.u[0]) / task.gamma0,
        path[k].kernel();
  return values;
}

// Averages over networks of width $N$ are off by $O(1/N)$; cutting each network into two halves and taking
// $2X_N-\frac12(X_{N/2}+X'_{N/2})$ leaves $O(1/N^2)$ at no cost in noise. An ensemble keeps these, and for the whole network the mean square of
// $f_N-f$ over the recorded times and the square of what the last kernel is off by.
struct Ensemble {
  Averages averages;

  Estimate output(std::size_t k) const { return averages.mean(static_cast<Eigen::Index>(2 * k)); }
  Estimate kernel(std::size_t k) const { return averages.mean(static_cast<Eigen::Index>(2 * k + 1)); }
  Estimate output_off() const { return averages.mean(averages.means().size() - 2); }
  Estimate kernel_off() const { return averages.mean(averages.means().size() - 1); }
};

Eigen::VectorXd expected(const Limit& limit, const std::vector<double>& times) {
  Eigen::VectorXd values(2 * static_cast<Eigen::Index>(times.size()));
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double f = limit.output(limit.tau(times[k]));
    values.segment<2>(2 * static_cast<Eigen::Index>(k)) << f, limit.kernel(f);
  }
  return values;
}

Ensemble sample(Report& report, const Limit& limit, int dimension, int width, double end,
                std::int64_t draws) {
  const std::vector<double> times = times_until(end);
  const Eigen::VectorXd goal = expected(limit, times);
  const std::string stage = fmt::format("gamma0 {}, width {}", limit.gamma0, width);
  const Stream stream{report.seed(), stage};
  const auto train = [&](const Eigen::MatrixXd& neurons, int first, int count) {
    return trained({limit.gamma0, limit.y}, LinearMoments::of(neurons.middleRows(first, count)), times);
  };
  const auto observe = [&](Block block, Averages& averages) {
    Eigen::MatrixXd neurons(width, 1 + dimension);
    Eigen::VectorXd observed(goal.size() + 2);
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      stream.normals(draw, {neurons.data(), static_cast<std::size_t>(neurons.size())});
      const Eigen::VectorXd whole = train(neurons, 0, width);
      const Eigen::VectorXd halves = train(neurons, 0, width / 2) + train(neurons, width / 2, width / 2);
      double squares = 0;
      for (int k = 1; k <= steps; ++k) squares += std::pow(whole[2 * k] - goal[2 * k], 2);
      observed << 2 * whole - halves / 2, squares / steps,
          std::pow(whole[whole.size() - 1] - goal[goal.size() - 1], 2);
      averages.add(observed);
      report.advance(0);  // may end a long block
    }
  };
  return {merged(sample_blocks(report, stage, draws, Averages{goal.size() + 2}, observe))};
}

// ## The claims
const std::vector<double> clock_gammas{0.3, 1, 3, 10};
constexpr std::size_t early = 3;  // the time 0.3

void declare(Claims& claims, const std::vector<double>& gammas, const std::vector<int>& widths) {
  for (const double gamma0 : clock_gammas)
    claims.exact(
        fmt::format("half-time-{}", gamma0), "M2",
        fmt::format("$\\gamma_0={}$: the time at which $f=y/2$, in closed form and by quadrature", gamma0),
        absolute(1e-8));
  for (const double gamma0 : gammas) {
    const std::string name = fmt::format("$\\gamma_0={}$", gamma0);
    claims.exact(fmt::format("clock-{}", gamma0), "M1",
                 name +
                     ": the moments at infinite width, integrated, show the time $t(f)$ until $y-f=10^{-3}$; "
                     "largest difference",
                 absolute(1e-6));
    claims.bound(fmt::format("moments-close-{}", gamma0), "M3",
                 name + ": moments of 40 neurons followed one by one, and their own flow; largest difference",
                 Side::below);
    claims
        .statistical(fmt::format("early-output-{}", gamma0), "M3",
                     fmt::format("{}, $N={}$: the mean output at $t=0.3$", name, widths.front()))
        .independent();
    claims.statistical(fmt::format("early-kernel-{}", gamma0), "M3",
                       fmt::format("{}, $N={}$: the mean kernel at $t=0.3$", name, widths.front()));
    claims
        .statistical(fmt::format("final-kernel-{}", gamma0), "M3",
                     fmt::format("{}, $N={}$: the mean kernel at the end", name, widths.back()))
        .independent();
    claims.scaling(fmt::format("approach-{}", gamma0), "M4",
                   name + ": the rms of $f_N-f$ over networks and $0<t\\le1.5$ falls as $N^{-1/2}$", 0.03);
    claims.statistical(fmt::format("output-spread-{}", gamma0), "M4",
                       fmt::format("{}, $N={}$: $N$ times the mean square of $f_N-f$", name, widths.back()));
    claims.statistical(
        fmt::format("kernel-spread-{}", gamma0), "M4",
        fmt::format("{}, $N={}$: $N$ times the mean square of what the kernel is off by at the end is 4",
                    name, widths.back()));
  }
}

// ## The experiment, step by step
double clock_error(const Limit& limit, int dimension) {
  std::vector<double> times{0};
  for (int k = 1; k <= 40; ++k) times.push_back(limit.time(std::log(1e3 * limit.y) * k / 40));
  const auto path = flow({limit.gamma0, limit.y}, LinearMoments::infinite_width(dimension), times, 1e-13);
  double largest = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double tau = -std::log1p(-path[k].u[0] / (limit.gamma0 * limit.y));
    largest = std::max(largest, std::abs(limit.time(tau) - times[k]));
  }
  return largest;
}

double predicted_spread(const Limit& limit) {
  double sum = 0;
  for (int k = 1; k <= steps; ++k) sum += scaled_variance_of_output(limit, 0.1 * k) / steps;
  return sum;
}

using Ensembles = std::map<int, Ensemble>;  // by width

void compare_ensembles(Report& report, const Limit& limit, double end, const Ensembles& ensembles) {
  const auto claim = [&](const char* id) { return fmt::format("{}-{}", id, limit.gamma0); };
  const auto& [narrow, narrowest] = *ensembles.begin();
  const auto& [wide, widest] = *ensembles.rbegin();
  const auto at = [&](double t) { return limit.output(limit.tau(t)); };
  report.compare(claim("early-output"), at(0.1 * early), narrowest.output(early));
  report.compare(claim("early-kernel"), limit.kernel(at(0.1 * early)), narrowest.kernel(early));
  report.compare(claim("final-kernel"), limit.kernel(at(end)), widest.kernel(steps + 1));
  std::vector<double> widths;
  std::vector<Estimate> rms;
  for (const auto& [width, ensemble] : ensembles) {
    widths.push_back(width);
    rms.push_back(ensemble.output_off().root());
  }
  report.compare(claim("approach"), -0.5, fit_power_law(widths, rms)[1]);
  report.compare(claim("output-spread"), predicted_spread(limit), widest.output_off().times(wide));
  report.compare(claim("kernel-spread"), 4, widest.kernel_off().times(wide));
}

// ## The figures
//
// Bars on outputs and kernels are one standard deviation from network to network.
std::vector<Panel> motion_panels(const std::vector<Limit>& limits, const std::vector<Ensembles>& all) {
  Panel outputs, kernels;
  outputs.x_axis({"time", false, 0, 1.5}).y_axis({"f / y", false, 0, 1.15}).legend("bottom right");
  kernels.x_axis({"time", false, 0, 1.5}).y_axis({"tangent kernel"}).legend("off");
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const Limit& limit = limits[i];
    const int colour = static_cast<int>(i);
    std::vector<double> t, f, kernel;
    for (int k = 0; k <= 150; ++k) {
      t.push_back(0.01 * k);
      f.push_back(limit.output(limit.tau(t.back())) / limit.y);
      kernel.push_back(limit.kernel(f.back() * limit.y));
    }
    const Ensemble& ensemble = all[i].begin()->second;
    const Eigen::VectorXd deviation = ensemble.averages.covariance().diagonal().cwiseSqrt();
    std::vector<double> at, output, output_bar, sampled, sampled_bar;
    for (std::size_t k = 1; k <= steps; ++k) {
      at.push_back(0.1 * static_cast<double>(k));
      output.push_back(ensemble.output(k).value / limit.y);
      output_bar.push_back(deviation[static_cast<Eigen::Index>(2 * k)] / limit.y);
      sampled.push_back(ensemble.kernel(k).value);
      sampled_bar.push_back(deviation[static_cast<Eigen::Index>(2 * k + 1)]);
    }
    outputs.line(colour, fmt::format("γ_0 = {}", limit.gamma0), t, f)
        .points(colour, "", at, output, output_bar);
    kernels.line(colour, "", t, kernel).points(colour, "", at, sampled, sampled_bar);
  }
  return {outputs, kernels};
}

Panel approach_panel(const std::vector<Limit>& limits, const std::vector<Ensembles>& all,
                     const std::vector<int>& widths) {
  Panel panel;
  panel.x_axis({"width N", true, 0.7 * widths.front(), 1.4 * widths.back()})
      .y_axis({"rms of f_N - f", true})
      .legend("top right");
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const int colour = static_cast<int>(i);
    const double spread = predicted_spread(limits[i]);
    std::vector<double> n, line, at, rms, error;
    for (const double end : {0.7 * widths.front(), 1.4 * widths.back()}) {
      n.push_back(end);
      line.push_back(std::sqrt(spread / end));
    }
    for (const auto& [width, ensemble] : all[i]) {
      const Estimate off = ensemble.output_off().root();
      at.push_back(width);
      rms.push_back(off.value);
      error.push_back(off.standard_error);
    }
    panel.line(colour, fmt::format("γ_0 = {}", limits[i].gamma0), n, line).points(colour, "", at, rms, error);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/mean_field_linear", "4.3",
                  "What does an infinitely wide network do while its features move?"};
  const auto& gammas = program.list("richness", {0.3, 1., 3.}, between(0.05, 10.),
                                    "γ0: how far features move before the output has its size");
  const auto& y = program.option("target", 1.5, between(0.2, 3.), "length y of the target");
  const auto& dimension = program.option("dimension", 3, between(1, 8), "inputs D of the network");
  const auto& widths = program.list("widths", {100, 1000, 10000}, between(100, 20000),
                                    "ascending even widths, at least two", "neurons");
  const auto& end = program.option("time", 6., between(2., 20.), "when training ends");
  const auto& draws = program.samples(2000, 500, 100);
  program.validate([&] {
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths.size() < 2 || widths[i] % 2 == 1 || (i > 0 && widths[i] <= widths[i - 1]))
        throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")),
                        "two or more ascending even widths"};
  });
  program.figure(
      "mf_lin",
      "Output and tangent kernel of a linear network in training: closed form at infinite width, and the "
      "narrowest "
      "networks, whose bars are one standard deviation from network to network. The richer the training, the "
      "more the kernel grows, and the faster the output comes to its target.");
  program.figure("mf_lin_width",
                 "How far the output of a network is from that of infinite width, over networks and "
                 "$0<t\\le1.5$. The lines are the leading order in $1/N$, without a parameter to fit.");
  program.claims([&](Claims& claims) { declare(claims, gammas, widths); });

  return program.run(argc, argv, [&](Report& report) {
    for (const double gamma0 : clock_gammas) {
      const Limit limit{gamma0, y};
      report.compare(fmt::format("half-time-{}", gamma0), time_by_quadrature(limit, std::log(2)),
                     limit.time(std::log(2)));
    }
    std::vector<Limit> limits;
    std::vector<Ensembles> all;
    for (const double gamma0 : gammas) {
      const Limit& limit = limits.emplace_back(Limit{gamma0, y});
      report.compare(fmt::format("clock-{}", gamma0), 0, clock_error(limit, dimension));
      report.compare(fmt::format("moments-close-{}", gamma0), 1e-8,
                     moments_against_neurons({gamma0, y}, dimension, report.seed()));
      Ensembles& ensembles = all.emplace_back();
      for (const int width : widths)
        ensembles.emplace(width, sample(report, limit, dimension, width, end, draws));
      compare_ensembles(report, limit, end, ensembles);
    }
    report.draw("mf_lin", {motion_panels(limits, all), 2, 460, 380});
    report.draw("mf_lin_width", {{approach_panel(limits, all, widths)}});
  });
}

// ## What we found
//
// There is a limit and it is solved. At $\gamma_0=0.3$ the kernel grows from 2 to @value final-kernel-0.3, at $\gamma_0=3$ to
// @value final-kernel-3, and the output is half way at $t=$ @value half-time-0.3 and @value half-time-3: a kernel that grows with what has been
// learned accelerates the learning. As $\gamma_0\to0$ the kernel stays at 2 and the time is $\frac12\ln2$, the lazy limit.
//
// @figure mf_lin
//
// Networks approach it as $N^{-1/2}$ (fitted exponent @value approach-1 at $\gamma_0=1$), and in the way that two random numbers at the start
// explain. The variance of the kernel, $4/N$, is the same at all times and for all $\gamma_0$ (@value kernel-spread-0.3 and
// @value kernel-spread-3 at the end): relative to the kernel, which has grown, it shrinks.
//
// @figure mf_lin_width
//
// @claims
//
// ## What can go wrong
//
// An average over networks is off by $O(1/N)$, which ten thousand networks of width 100 would show as a false claim; hence the halves. The output
// at the start is of order $1/\gamma_0\sqrt N$: without taking it away, small $\gamma_0$ trains the noise first.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that $a_i^2-|w_i|^2$ is conserved for every neuron. Which of the conserved quantities here follow from it?
// 2. What is the limit if the amplitudes start with variance $\kappa\ne1$? Find the conserved combination of $Q$, $H_{11}$ and $u$.
// 3. Where does the variance $4/N$ at all times come from? Read $(Q+H_{11},2u)$ as a vector of Minkowski space.
