// # How linear is the training of a wide network?
//
// Lecture §4.2 · after exactly_solvable · about 2 s on two cores
//
// **Question.** Frozen theory replaces a network by a model that is linear in its parameters. How far does a network of width $N$ get away
// from its linear model, and which of two such models is meant?
//
// ## The model
//
// Networks in NTK parameterisation, here with one hidden layer of erf, $\sigma_w^2=2.25$ and $\sigma_b^2=0.1$, learn the six values of
// [exactly_solvable](exactly_solvable.cpp) by gradient descent and are asked for their values at five other angles.
#include <fieldbook/kernels/frozen_training.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/tangent.hpp>
#include <fieldbook/training/trained_ensemble.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const std::vector<double> test_angles{0.65, 2.5, 3.6, 4.7, 5.8};

MatrixXd data_and_tests() {
  std::vector<double> all = CircleData::six().angles;
  all.insert(all.end(), test_angles.begin(), test_angles.end());
  return inputs_on_circle(all);
}

// ## What theory says
//
// From the same start $f_0$ a kernel $\Theta$ that does not move leads to $f_n(x)=f_0(x)+R_n(x)(y-f_0(X))$, for every single network. There are
// two candidates. The kernel of infinite width, $\Theta_\infty$, is missed by the network's own kernel by a fluctuation of order $N^{-1/2}$, and so
// is its $f_n$. The network's own kernel before training, $\Theta_N(0)$, is exact in the first step; it is wrong later as far as
// the kernel has moved. To first order a parameter's motion is $N^{-1/2}$, and what it does to $\Theta_N$ is odd in the readout weight
// of its neuron, so the sum over neurons is a random sum and gives another $N^{-1/2}$: for smooth activations the distance falls with $N^{-1}$.
// At a kink there is no such expansion (see [kernel_drift](kernel_drift.cpp)).
bool is_smooth(Activation activation) { return activation != Activation::relu; }

struct Setting {
  DeepLaw law;
  int depth;
  double relative_step;
  std::vector<std::int64_t> times;  // when the distances are taken; claims are about the last

  FrozenTraining theory() const {
    return {tangent_kernel(law, depth, data_and_tests()), CircleData::six().targets(), relative_step};
  }
};

// Where a network is after some steps if it is moved by that kernel, at the tests
VectorXd moved_by(const MatrixXd& kernel, double step, VectorXd f, std::int64_t steps) {
  const VectorXd y = CircleData::six().targets();
  const Eigen::Index data = y.size();
  for (std::int64_t i = 0; i < steps; ++i)
    f += step / static_cast<double>(data) * (kernel.leftCols(data) * (y - f.head(data)));
  return f.tail(f.size() - data);
}

// ## What networks do
//
// Every network is trained, and both of its linear models beside it: mean square distances over the five angles, at each time.
Averages sample(Report& report, const Setting& setting, int width, std::int64_t draws) {
  const auto& [activation, weights, biases] = setting.law;
  const FrozenTraining theory = setting.theory();
  const CircleData data = CircleData::six();
  const MatrixXd points = data_and_tests().transpose();
  const TrainingPlan plan{activation,    ntk_parameterisation({2, width, setting.depth}, weights, biases),
                          data.inputs(), data.targets(),
                          theory.step(), setting.times};
  return sample_trained_networks(
      report, fmt::format("networks of width {}", width), report.seed(), plan, draws,
      static_cast<Eigen::Index>(2 * setting.times.size()),
      [&](const Mlp<double>& untouched, const Mlp<double>& trained, std::size_t record, VectorXd& observed) {
        const VectorXd start = outputs(untouched, points),
                       now = outputs(trained, points.rightCols(theory.points()));
        const std::int64_t n = setting.times[record];
        const auto distance = [&](const MatrixXd& kernel) {
          return (now - moved_by(kernel, theory.step(), start, n)).squaredNorm() /
                 static_cast<double>(theory.points());
        };
        observed.segment(static_cast<Eigen::Index>(2 * record), 2) << distance(theory.kernel().ntk),
            distance(tangent_kernel(untouched, points));
      });
}

// Root mean squares, at all widths, of one of the two distances at one of the times
using Ensembles = std::map<int, Averages>;
enum Model { limit, own };

struct Distances {
  std::vector<double> widths;
  std::vector<Estimate> rms;
};

Distances distances(const Ensembles& ensembles, std::size_t record, Model model, int from = 0) {
  Distances result;
  for (const auto& [width, averages] : ensembles) {
    if (width < from) continue;
    result.widths.push_back(width);
    result.rms.push_back(averages.mean(static_cast<Eigen::Index>(2 * record + model)).root());
  }
  return result;
}

// ## The claims
//
// Exponents are fitted over widths of 256 and more: narrower networks still feel the next power of $N$.
constexpr int claimed_width = 256;

std::string to(Model model, std::int64_t n) {
  return fmt::format("distance-to-{}-{}", model == limit ? "limit" : "own", n);
}

void declare(Claims& claims, const Setting& setting) {
  for (const std::int64_t n : setting.times) {
    claims.scaling(
        to(limit, n), "E8",
        fmt::format("$n={}$: the distance to the model moved by $\\Theta_\\infty$ falls with $N^{{-1/2}}$",
                    n),
        0.05);
    if (is_smooth(setting.law.activation))
      claims.scaling(
          to(own, n), "E9",
          fmt::format("$n={}$: the distance to the model moved by $\\Theta_N(0)$ falls with $N^{{-1}}$", n),
          0.1);
    else
      claims.leave_out(to(own, n), "E9", "a kink leaves no clean power: see kernel_drift");
  }
}

// ## The experiment, step by step
void compare(Report& report, const Setting& setting, const Ensembles& ensembles) {
  for (std::size_t record = 0; record < setting.times.size(); ++record)
    for (const Model model : {limit, own}) {
      if (model == own && !is_smooth(setting.law.activation)) continue;
      const auto [widths, rms] = distances(ensembles, record, model, claimed_width);
      report.compare(to(model, setting.times[record]), model == limit ? -0.5 : -1,
                     fit_power_law(widths, rms)[1]);
    }
}

// ## The figure
Panel distance_panel(const Setting& setting, const Ensembles& ensembles, std::size_t record) {
  Panel panel{fmt::format("n = {}", setting.times[record])};
  const auto lowest = distances(ensembles, record, own).rms.back().value;
  const double first = 0.8 * ensembles.begin()->first, last = 1.25 * ensembles.rbegin()->first;
  panel.x_axis({"width N", true, first, last})
      .y_axis({"rms distance", true, lowest / 5, 1})
      .legend("bottom left");
  for (const Model model : {limit, own}) {
    const auto [widths, rms] = distances(ensembles, record, model);
    const double power = model == limit ? -0.5 : -1;
    std::vector<double> line, value, error;
    for (const double width : {first, last})
      line.push_back(rms.back().value * std::pow(width / widths.back(), power));
    for (const Estimate& distance : rms) {
      value.push_back(distance.value);
      error.push_back(distance.standard_error);
    }
    panel.line(model, model == limit ? "N^{-1/2}" : "N^{-1}", {first, last}, line)
        .points(model, model == limit ? "moved by Θ_∞" : "moved by its own Θ_N(0)", widths, value, error);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/linearised_training", "4.2", "How linear is the training of a wide network?"};
  const auto& activation =
      program.choice("activation", "erf", {"erf", "relu", "tanh", "gelu", "sin"}, "activation σ");
  const auto& depth = program.option("depth", 1, between(1, 3), "hidden layers L", "layers");
  const auto& weight_variance = program.option("weight-variance", 2.25, between(0.5, 4.), "σ_w²");
  const auto& bias_variance = program.option("bias-variance", 0.1, between(0.05, 2.), "σ_b²");
  const auto& widths = program.list("widths", {64, 256, 1024, 4096}, between(32, 8192),
                                    "ascending widths N, two of them at least 256", "neurons");
  const auto& steps = program.list("steps", {10, 100}, between(1, 1000), "ascending times n", "steps");
  const auto& relative_step = program.option("relative-step", 1., between(0.1, 1.5),
                                             "step η in units of P/λ_max; from 2 on it diverges");
  const auto& draws = program.samples(200, 24, 8);
  program.validate([&] {
    const auto wrong = [](const char* name, const std::vector<int>& list, const char* right) {
      throw BadOption{name, fmt::format("{}", fmt::join(list, ",")), right};
    };
    for (const auto& [name, list] : {std::pair{"widths", widths}, {"steps", steps}})
      if (!std::is_sorted(list.begin(), list.end())) wrong(name, list, "an ascending list");
    if (std::count_if(widths.begin(), widths.end(), [](int n) { return n >= claimed_width; }) < 2)
      wrong("widths", widths, "at least two widths of 256 or more");
    if (depth > 1 && widths.back() > 1024)
      wrong("widths", widths, "at most 1024 with several layers, which cost the square of the width");
  });
  program.figure(
      "ex_conv",
      "How far networks are from the two linear models that start where they start. The kernel of infinite "
      "width is missed by its fluctuation, a network's own first kernel only by its motion: twice the "
      "slope.");
  const auto setting = [&] {
    return Setting{{activation_of(activation), weight_variance, bias_variance},
                   depth,
                   relative_step,
                   {steps.begin(), steps.end()}};
  };
  program.claims([&](Claims& claims) { declare(claims, setting()); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Train networks of every width, with their linear models
    Ensembles ensembles;
    for (const int width : widths) ensembles.emplace(width, sample(report, setting(), width, draws));

    // 2. Fit the exponents
    compare(report, setting(), ensembles);

    // 3. Draw
    Figure figure{{}, 2, 460, 360};
    for (std::size_t record = 0; record < steps.size(); ++record)
      figure.panels.push_back(distance_panel(setting(), ensembles, record));
    report.draw("ex_conv", figure);
  });
}

// ## What we found
//
// After 100 steps the distance to the model of infinite width falls with the power @value distance-to-limit-100 of the width, that to the
// network's own linear model with @value distance-to-own-100. So most of what a network of finite width does differently from an infinite
// one is decided before training, by the draw of its kernel. Given this draw, its training is linear up to a correction that is smaller by
// another $N^{-1/2}$.
//
// @figure ex_conv
//
// @claims
//
// ## What can go wrong
//
// Distances must be taken network by network, from the same $f_0$: means over an ensemble agree with theory to $1/N$ and hide the fluctuation. A
// step that is stable at infinite width need not be for every narrow network, whose $\lambda_{\max}$ fluctuates too.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Take a single step, `--steps 1,100`. The network's own kernel is exact in it up to second order in $\eta$: why is the power of $N$ the same?
// 2. What do both exponents become with `--depth 2`, and with `--activation relu`?
