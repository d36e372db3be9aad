// # Do learned edges beat learned weights?
//
// Lecture §2.2 · after kan · about 14 s on two cores
//
// **Question.** With as many parameters, the same data and the same training: which is nearer to the target, a network that learns functions on its
// edges or one that learns weights between fixed functions?
//
// ## The model
//
// The target is $f(x_1,x_2)$, by default $e^{\sin\pi x_1+x_2^2}$, with inputs in $[-1,1]^2$. The one contender is a Kolmogorov-Arnold network of shape $[2,1,1]$ with cubic splines on $G$ cells,
// $P=3(G+3)$ coefficients (see kan). The others are fully connected networks with tanh, biases, and one or two hidden layers whose
// width makes the number of parameters the nearest to $P$:
// $$ 4N+1\ \text{ with one hidden layer},\qquad N^2+5N+1\ \text{ with two}. $$
#include <fieldbook/numerics/formula.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/mlp.hpp>
#include <fieldbook/training/spline_ensemble.hpp>
#include <fieldbook/training/tangent.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace fieldbook;
using Eigen::VectorXd;

namespace {

// ## What theory says
//
// Splines have a rate: with the right shape and enough data the error falls with $G^{-4}$, where $P=3(G+3)$, since the target is a sum inside a function. Fully connected networks of this size have no such law; that they
// approximate everything (see universal_approximation) says nothing about a hundred parameters, nor about what training finds. So the claims of this page are
// inequalities, and one of them goes against the splines: with 24 parameters nobody wins.
int width_for(int layers, int parameters) {
  const double p = parameters;
  const double width = layers == 1 ? (p - 1) / 4 : (std::sqrt(25 + 4 * (p - 1)) - 5) / 2;
  return std::max(1, static_cast<int>(std::lround(width)));
}

constexpr int small = 5, large = 40;  // cells
const std::string standard_target = "exp(sin(pi*x1)+x2^2)";

struct Setting {
  std::string target;
  std::vector<int> cells;
  int data, starts;
  std::uint64_t seed;

  static constexpr int unseen = 2000;

  int parameters(int grid) const { return 3 * (grid + 3); }

  bool is_standard() const { return target == standard_target && data >= 1500; }

  // With fewer starts even the best of them is stuck now and then
  bool knows_the_smallest() const { return is_standard() && cells.front() == small && starts >= 8; }

  Samples samples(std::uint64_t draw) const {
    const Formula formula{target};
    return uniform_samples(seed, draw, 2, draw % 2 == 0 ? data : unseen, std::cref(formula));
  }
};

// ## What networks do
//
// Both are trained by Levenberg and Marquardt's method on the same data. Each fully connected network has several starts of 300 steps (`--samples`), the smallest ones as many as the splines, and of all starts and both depths the
// least error on the data counts. A start is trained in parts, so that it can be interrupted.
constexpr int parts = 15, steps_of_a_part = 20;

struct Start {
  VectorXd parameters;
  double damping = 1e-2;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& parameters& damping;
  }
};

double rms(const Mlp<double>& network, const Samples& data) {
  Pass<double> pass;
  network.forward(data.x, pass);
  return std::sqrt((data.y - pass.outputs).squaredNorm() / static_cast<double>(data.y.size()));
}

void train_part(Mlp<double>& network, const Samples& data, Start& start) {
  Pass<double> pass;
  const auto residuals = [&](const VectorXd& at) -> VectorXd {
    network.set_parameters(at);
    network.forward(data.x, pass);
    return data.y - pass.outputs;
  };
  const auto linearise = [&](const VectorXd& at, NormalEquations& equations) {
    const VectorXd r = residuals(at);
    equations.add(jacobian(network, data.x), r);
  };
  // No patience: a plateau is not the end of tanh networks
  const Minimised end = minimise({steps_of_a_part, start.damping, steps_of_a_part + 1, 0}, start.parameters,
                                 linearise, [&](const VectorXd& at) { return residuals(at).squaredNorm(); });
  start.damping = end.damping;
  network.set_parameters(start.parameters);
}

// The best of several starts: its errors on the data and on new points.
struct Best {
  double train = std::numeric_limits<double>::infinity(), test = 0;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& train& test;
  }
};

struct Contest {
  Start start;             // under way
  std::vector<Best> best;  // for each number of cells, one hidden layer and then two

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& start& best;
  }
};

// A start of every size and depth is a draw, and each of its parts a step. The smallest networks have as many starts as the splines.
std::vector<Best> train_mlps(Report& report, const Setting& setting, std::int64_t draws) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(draws, setting.starts));
  const std::uint64_t jobs = 2 * setting.cells.size(), steps = jobs * parts;
  const std::uint64_t blocks = std::min(total, blocks_of_an_ensemble);
  const auto contests = run_tasks(
      report, "tanh networks", std::vector<Contest>(blocks, {{}, std::vector<Best>(jobs)}),
      block_of(total, 0).size() * steps, [](std::uint64_t) { return 1.; },
      [&](std::uint64_t index, std::uint64_t step, Contest& contest) {
        const Block block = block_of(total, index);
        const std::uint64_t draw = block.first + step / steps, job = step % steps / parts,
                            part = step % parts;
        const std::int64_t draws_of_job = job < 2 ? std::max<std::int64_t>(draws, setting.starts) : draws;
        if (draw >= block.last || draw >= static_cast<std::uint64_t>(draws_of_job)) return;
        const int layers = 1 + static_cast<int>(job % 2);
        const int width = width_for(layers, setting.parameters(setting.cells[job / 2]));
        Mlp<double> network{Activation::tanh, ntk_parameterisation({2, width, layers}, 2, 1), setting.seed,
                            "tanh networks"};
        network.draw(draw);
        if (part == 0) contest.start = {network.parameters()};
        const Samples data = setting.samples(0);
        train_part(network, data, contest.start);
        if (part + 1 < parts) return;
        if (const double error = rms(network, data); error < contest.best[job].train)
          contest.best[job] = {error, rms(network, setting.samples(1))};
      });
  std::vector<Best> best(jobs);
  for (const Contest& contest : contests)
    for (std::size_t job = 0; job < jobs; ++job)
      if (contest.best[job].train < best[job].train) best[job] = contest.best[job];
  return best;
}

// ## The claims
void declare(Claims& claims, const Setting& setting) {
  claims.bound("sizes", "KN11",
               "every fully connected network has as many parameters as its splines, up to 20%", Side::below);
  for (const int grid : setting.cells)
    if (setting.is_standard() && grid >= large)
      claims.bound(fmt::format("advantage-{}", grid), "KN11",
                   fmt::format("$G={}$: tanh networks have at least ten times the error of splines", grid),
                   Side::above);
  if (!setting.is_standard() || setting.cells.back() < large)
    claims.leave_out("advantage", "KN11", "known for the standard target and 40 cells or more");
  if (setting.knows_the_smallest())
    claims.exact("draw-at-the-start", "KN12",
                 "$G=5$: $\\log$ of the ratio of errors is within $\\log3$ of zero: nobody wins",
                 absolute(std::log(3)));
  else
    claims.leave_out("draw-at-the-start", "KN12",
                     "known for the standard target, five cells and eight starts or more");
}

// ## The experiment, step by step
void compare(Report& report, const Setting& setting, const SplineRun& splines,
             const std::vector<Best>& networks) {
  double mismatch = 0;
  for (std::size_t i = 0; i < setting.cells.size(); ++i) {
    const int grid = setting.cells[i];
    for (const int layers : {1, 2}) {
      const NetworkShape shape{2, width_for(layers, setting.parameters(grid)), layers};
      const Mlp<double> network{Activation::tanh, ntk_parameterisation(shape, 2, 1), 0, "size"};
      const double ratio = static_cast<double>(network.number_of_parameters()) / setting.parameters(grid);
      mismatch = std::max(mismatch, std::abs(ratio - 1));
    }
    const Best& best = std::min(networks[2 * i], networks[2 * i + 1],
                                [](const Best& a, const Best& b) { return a.train < b.train; });
    const double ratio = best.test / splines.test[i];
    if (setting.is_standard() && grid >= large) report.compare(fmt::format("advantage-{}", grid), 10, ratio);
    if (setting.knows_the_smallest() && i == 0) report.compare("draw-at-the-start", 0, std::log(ratio));
  }
  report.compare("sizes", 0.2, mismatch);
}

// ## The figure
Figure errors(const Setting& setting, const SplineRun& splines, const std::vector<Best>& networks) {
  Panel panel;
  panel.x_axis({"parameters P", true})
      .y_axis({"root mean square error on new points", true})
      .legend("top right");
  const auto add = [&](int colour, const std::string& name, const auto& error_at) {
    std::vector<double> at, errors;
    for (std::size_t i = 0; i < setting.cells.size(); ++i)
      if (const double error = error_at(i); std::isfinite(error)) {
        at.push_back(setting.parameters(setting.cells[i]));
        errors.push_back(error);
      }
    if (!at.empty()) panel.points(colour, name, at, errors);
  };
  add(0, "functions on the edges", [&](std::size_t i) { return splines.test[i]; });
  add(1, "tanh, one hidden layer", [&](std::size_t i) { return networks[2 * i].test; });
  add(2, "tanh, two hidden layers", [&](std::size_t i) { return networks[2 * i + 1].test; });
  // The fourth power of the number of cells, through the error with 40 of them
  const auto anchor = std::ranges::find(setting.cells, large);
  if (anchor == setting.cells.end()) return {{panel}};
  const double error = splines.test[static_cast<std::size_t>(anchor - setting.cells.begin())];
  std::vector<double> at, power;
  for (const int grid : setting.cells) {
    at.push_back(setting.parameters(grid));
    power.push_back(error * std::pow(1. * large / grid, 4));
  }
  if (std::isfinite(error) && at.size() > 1) panel.guide("fourth power of the cells", at, power);
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/kan_against_mlp", "2.2", "Do learned edges beat learned weights?"};
  const auto& target = program.text("target", standard_target, "a formula in x1 and x2", "the target f");
  const auto& cells = program.list("cells", {5, 10, 20, 40, 80}, between(5, 80), "cells G of the splines");
  const auto& data = program.option("data", 2000, between(500, 10000), "points of the data");
  const auto& starts = program.option("starts", 8, between(1, 40), "starts of splines and smallest networks");
  const auto& draws = program.samples(4, 1, 1);
  const auto setting = [&](std::uint64_t seed) {
    Setting run{target, cells, data, starts, seed};
    // The coarsest grid and the finest of up to 40 cells
    if (program.quick()) {
      std::erase_if(run.cells, [&](int grid) { return grid > std::max(large, cells.front()); });
      run.cells = {run.cells.front(), run.cells.back()};
      run.cells.erase(std::unique(run.cells.begin(), run.cells.end()), run.cells.end());
    }
    return run;
  };
  program.validate([&] {
    std::string trouble;
    try {
      trouble = Formula{target}.variables() > 2 ? "a formula in x1 and x2"
                                                : diagnosis(setting(0).samples(0), {2, 1, 1}, cells.back());
    } catch (const std::invalid_argument& error) {
      trouble = fmt::format("a formula in x1 and x2 ({})", error.what());
    }
    if (!std::ranges::is_sorted(cells) || cells.front() > 12)
      throw BadOption{"cells", fmt::format("{}", fmt::join(cells, ",")), "ascending, from 12 or fewer on"};
    if (!trouble.empty()) throw BadOption{"target", target, trouble};
  });
  program.figure(
      "km_errors",
      "With few parameters nobody wins. Then splines of the right shape fall with the fourth power of "
      "their cells (dashed), until with 80 cells 2000 data are too few; tanh networks stay behind.");
  program.claims([&](Claims& claims) { declare(claims, setting(0)); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting run = setting(report.seed());

    // 1. Functions on edges
    const double learned = run.is_standard() ? 0.02 : std::numeric_limits<double>::infinity();
    const SplineRun splines =
        train_splines_or_say(report, "splines", run.seed, {{2, 1, 1}, run.cells, false, run.starts, 0}, 1,
                             learned, [&](std::uint64_t draw) { return run.samples(draw); })
            .front();

    // 2. Weights between fixed functions
    const std::vector<Best> networks = train_mlps(report, run, draws);
    compare(report, run, splines, networks);

    // 3. Draw
    report.draw("km_errors", [&] { return errors(run, splines, networks); });
  });
}

// ## What we found
//
// With 24 parameters the logarithm of the ratio of errors is @value draw-at-the-start: a draw. With 129, tanh networks have @value advantage-40 times the error of splines, and with 249
// @value advantage-80 times.
//
// @figure km_errors
//
// @claims
//
// ## What can go wrong
//
// The contest is not fair, and cannot be: the target is a sum inside a function, and the shape $[2,1,1]$ says so before training begins. Try
// `--target "tanh(2*(x1+x2))"`, which one neuron represents exactly, or `--target "sin(3*x1*x2)"`, for which the shape is wrong and splines do not converge at all.
//
// Some starts of the smallest tanh networks are bad ones, as some of splines: with `--starts 2` tanh networks may seem to lose there too. On 80 cells the data decide: eight for each coefficient leave the last
// cell of the middle node nearly empty, and splines lose a factor, by which their last point is above the dashed line and which differs from one data set to the next. Try `--data 6000`, and some patience.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive $N^2+5N+1$. Which share of the parameters sits between the hidden layers?
// 2. Find a function of two variables on which tanh networks win with any number of parameters.
// 3. Why does a Jacobian with few entries in a row make training of splines cheaper than that of as many weights?
