// # How far does the tangent kernel move while a network learns?
//
// Lecture §4.1 · after kernel_fluctuations · about 3 s on two cores
//
// **Question.** At infinite width the kernel stays what it was at the start. How fast does this become true with the width, and does a
// kink of the activation matter?
//
// ## The model
//
// Networks of one hidden layer in NTK parameterisation learn eight values of $y(\theta)=\cos\theta+\frac12\sin2\theta$ on the circle
// $x=\sqrt2(\cos\theta,\sin\theta)$ by gradient descent. Two settings: a smooth activation, here erf, with $\sigma_w^2=2.25$, $\sigma_b^2=0.1$ and
// $\eta/P=1/16$; and ReLU with $\sigma_w^2=2$, $\sigma_b^2=0.1$ and $\eta/P=1/24$.
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/power_of_squares.hpp>
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

struct Setting {
  const char* name;
  DeepLaw law;
  double rate;  // eta/P

  TangentKernel limit() const { return tangent_kernel(law, 1, CircleData::eight().inputs()); }
};

// ## What theory says
//
// Every parameter moves by $O(N^{-1/2})$. To first order the change of $\Theta_N=\sigma_b^2+\frac1N\sum_iX_i$ is a sum over neurons of terms that are
// odd in their readout weight, so it is a random sum, and for a smooth activation $|\Delta\Theta|\propto N^{-1}$: twice the power of the
// fluctuation that the kernel is born with. The same holds for the kernel of features $\Phi=\frac1N\sigma\sigma^T$.
//
// A ReLU has gates. A fraction $N^{-1/2}$ of the neurons is so close to a datum's boundary that its gate flips, and each flip changes
// $\Theta_N$ by $1/N$. A random sum of flips is of order $N^{-3/4}$; a mean of order $N^{-1/2}$ with a small coefficient stands beside it (see
// [gate_flips](gate_flips.cpp)). So there is no clean power at any width that one can train, only an effective exponent between the two.
// $\Phi$ has no jumps and moves by $N^{-1}$ all the same.
//
// ## What networks do
//
// Every network is trained, and its kernels before and after are compared. We keep the mean squares of four numbers (what the kernel
// misses of its limit at the start, what it moves, what the feature kernel and the first weights move), and the mean of
// $\text{tr}\,\Delta\Theta/\text{tr}\,\Theta$.
enum Quantity { fluctuation, drift, features, weights, trace, quantities };

MatrixXd feature_kernel(const Mlp<double>& network, const MatrixXd& x) {
  Pass<double> pass;
  network.forward(x, pass);
  return pass.features[0].transpose() * pass.features[0] / static_cast<double>(pass.features[0].rows());
}

Averages sample(Report& report, const Setting& setting, int width, std::int64_t steps, std::int64_t draws) {
  const CircleData data = CircleData::eight();
  const MatrixXd x = data.inputs().transpose();
  const auto& [activation, weight_variance, bias_variance] = setting.law;
  const TrainingPlan plan{activation,
                          ntk_parameterisation({2, width, 1}, weight_variance, bias_variance),
                          data.inputs(),
                          data.targets(),
                          setting.rate * static_cast<double>(data.angles.size()),
                          {steps}};
  const TangentKernel limit = setting.limit();
  const double norm = limit.ntk.squaredNorm(),
               feature_norm = (limit.nngp.array() - bias_variance).matrix().squaredNorm() /
                              (weight_variance * weight_variance);
  return sample_trained_networks(
      report, fmt::format("{}, width {}, {} steps", setting.name, width, steps), report.seed(), plan, draws,
      quantities, [&](const Mlp<double>& untouched, const Mlp<double>& trained, std::size_t, VectorXd& seen) {
        const MatrixXd before = tangent_kernel(untouched, x), moved = tangent_kernel(trained, x) - before;
        seen[fluctuation] = (before - limit.ntk).squaredNorm() / norm;
        seen[drift] = moved.squaredNorm() / norm;
        seen[features] =
            (feature_kernel(trained, x) - feature_kernel(untouched, x)).squaredNorm() / feature_norm;
        seen[weights] = (trained.weights(1) - untouched.weights(1)).squaredNorm() /
                        static_cast<double>(trained.weights(1).size());
        seen[trace] = moved.trace() / limit.ntk.trace();
      });
}

using Ensembles = std::map<int, Averages>;  // by width

struct Series {
  std::vector<double> widths;
  std::vector<Estimate> values;
};

Series rms(const Ensembles& ensembles, Quantity quantity) {
  Series series;
  for (const auto& [width, averages] : ensembles) {
    series.widths.push_back(width);
    series.values.push_back(averages.mean(quantity).root());
  }
  return series;
}

// ## The claims
constexpr int default_steps = 30;
const std::vector<int> default_widths{256, 1024, 4096, 16384};

struct Choices {
  Setting smooth, kinked;
  std::vector<int> widths;
  int steps;

  bool are_default() const {
    return widths == default_widths && steps == default_steps && kinked.law.bias_variance == 0.1;
  }
};

void declare(Claims& claims, const Choices& chosen) {
  for (const Setting& setting : {chosen.smooth, chosen.kinked}) {
    const std::string name = setting.name;
    claims.scaling("fluctuation-" + name, "N8",
                   name + ": at the start $\\Theta_N$ misses $\\Theta_\\infty$ by $N^{-1/2}$", 0.03);
    claims.scaling("features-" + name, "N12", name + ": the feature kernel moves by $N^{-1}$", 0.06);
    claims.scaling("weights-" + name, "N12", name + ": first weights move by $N^{-1/2}$", 0.06);
  }
  const std::string smooth = chosen.smooth.name;
  claims.scaling("drift-" + smooth, "N9", smooth + ": the tangent kernel moves by $N^{-1}$", 0.06);
  const char* reason = "its number is known for the default widths, steps and biases";
  if (chosen.are_default()) {
    claims.bound("drift-relu-not-slower", "N10",
                 "relu: the effective exponent of the motion is below $-0.60$", Side::below);
    claims.bound("drift-relu-not-faster", "N10", "relu: ... and above $-0.76$: no clean power", Side::above);
  } else {
    claims.leave_out("drift-relu", "N10", reason);
  }
  if (chosen.smooth.law.activation == Activation::erf)
    claims.scaling("mean-motion", "N11",
                   "erf: $\\langle\\text{tr}\\,\\Delta\\Theta\\rangle$ falls with $N^{-1}$", 0.1);
  else
    claims.leave_out("mean-motion", "N11", "the mean is known to be large enough for erf only");
}

// ## The experiment, step by step
Ensembles sample_widths(Report& report, const Setting& setting, const Choices& chosen, std::int64_t draws) {
  Ensembles ensembles;
  for (const int width : chosen.widths) {
    // Wide networks are expensive, and their relative errors no larger
    const double share = std::min(1., std::sqrt(1024. / width));
    ensembles.emplace(width,
                      sample(report, setting, width, chosen.steps,
                             static_cast<std::int64_t>(std::ceil(share * static_cast<double>(draws)))));
  }
  return ensembles;
}

// All of these motions are random sums or follow the network's own $f_0$: every width repeats the same law on another scale. So the relative
// spread of a mean square is that of all widths together; the few wide networks alone would not tell it.
Estimate exponent(const Ensembles& ensembles, Quantity quantity) {
  std::vector<MeanSquare> squares;
  for (const auto& [width, averages] : ensembles)
    squares.push_back({static_cast<double>(width), averages.mean(quantity), averages.count()});
  return power_of_root_mean_square(squares);
}

void compare_exponents(Report& report, const Setting& setting, const Ensembles& ensembles) {
  const std::string name = setting.name;
  report.compare("fluctuation-" + name, -0.5, exponent(ensembles, fluctuation));
  report.compare("features-" + name, -1, exponent(ensembles, features));
  report.compare("weights-" + name, -0.5, exponent(ensembles, weights));
}

// The mean motion of the trace is small and noisy, so its exponent is taken near the expected one:
// $N\langle\text{tr}\,\Delta\Theta\rangle=aN^\epsilon=a(1+\epsilon\ln N+\ldots)$.
Estimate exponent_of_mean(const Ensembles& ensembles) {
  MatrixXd design(static_cast<Eigen::Index>(ensembles.size()), 2);
  std::vector<Estimate> data;
  for (const auto& [width, averages] : ensembles) {
    design.row(static_cast<Eigen::Index>(data.size())) << 1, std::log(width / 1024.);
    data.push_back(averages.mean(trace).times(width));
  }
  const Fit fit = fit_linear(design, data);
  return {-1 + fit.parameters[1] / fit.parameters[0], fit[1].standard_error / std::abs(fit.parameters[0])};
}

// ## The figures
Panel drift_panel(const Setting& setting, const Ensembles& ensembles) {
  const double first = 0.8 * ensembles.begin()->first, last = 1.25 * ensembles.rbegin()->first;
  Panel panel{setting.name};
  panel.x_axis({"width N", true, first, last}).y_axis({"rms change", true, 3e-6, 0.3}).legend("bottom left");
  const bool kinked = setting.law.activation == Activation::relu;
  const std::tuple<Quantity, const char*, double> shown[] = {{fluctuation, "Θ_N(0) - Θ_∞", -0.5},
                                                             {drift, "ΔΘ", kinked ? 0 : -1},
                                                             {features, "ΔΦ", -1},
                                                             {weights, "ΔW", -0.5}};
  for (const auto& [quantity, label, power] : shown) {
    const auto [widths, values] = rms(ensembles, quantity);
    std::vector<double> y, error, line;
    for (const Estimate& value : values) {
      y.push_back(value.value);
      error.push_back(value.standard_error);
    }
    for (const double width : {first, last})
      line.push_back(y.back() * std::pow(width / widths.back(), power));
    if (power != 0) panel.line(quantity, "", {first, last}, line);
    panel.points(quantity, label, widths, y, error);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/kernel_drift", "4.1",
                  "How far does the tangent kernel move while a network learns?"};
  const auto& smooth =
      program.choice("smooth", "erf", {"erf", "tanh", "sin", "gelu"}, "the smooth activation");
  const auto& bias_variance =
      program.option("bias-variance", 0.1, between(0.05, 0.5), "σ_b² of the ReLU networks");
  const auto& widths = program.list("widths", default_widths, between(256, 65536),
                                    "ascending widths N, two or more", "neurons");
  const auto& steps = program.option("steps", default_steps, between(5, 200), "steps of training", "steps");
  const auto& draws = program.samples(500, 60, 20);
  program.validate([&] {
    if (!std::is_sorted(widths.begin(), widths.end()) || widths.size() < 2)
      throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")), "at least two ascending widths"};
  });
  program.figure(
      "ntk_drift",
      "How much kernels, features and weights move in training, against the width, beside what the kernel "
      "misses of its limit at the start. Lines have the predicted powers. The kernel of smooth networks "
      "moves with twice the power of that fluctuation; that of ReLU networks has no clean power (no line).");
  const auto choices = [&] {
    return Choices{{smooth.c_str(), {activation_of(smooth), 2.25, 0.1}, 1 / 16.},
                   {"relu", {Activation::relu, 2, bias_variance}, 1 / 24.},
                   widths,
                   steps};
  };
  program.claims([&](Claims& claims) { declare(claims, choices()); });

  return program.run(argc, argv, [&](Report& report) {
    const Choices chosen = choices();
    // 1. Trained ensembles of both kinds
    const Ensembles smooth_ones = sample_widths(report, chosen.smooth, chosen, draws);
    const Ensembles kinked_ones = sample_widths(report, chosen.kinked, chosen, draws);
    compare_exponents(report, chosen.smooth, smooth_ones);
    compare_exponents(report, chosen.kinked, kinked_ones);
    report.compare("drift-" + smooth, -1, exponent(smooth_ones, drift));
    if (chosen.are_default()) {
      const Estimate relu = exponent(kinked_ones, drift);
      report.compare("drift-relu-not-slower", -0.60, relu);
      report.compare("drift-relu-not-faster", -0.76, relu);
    }
    if (smooth == "erf") report.compare("mean-motion", -1, exponent_of_mean(smooth_ones));

    // 2. Draw
    report.draw(
        "ntk_drift",
        {{drift_panel(chosen.smooth, smooth_ones), drift_panel(chosen.kinked, kinked_ones)}, 2, 460, 400});
  });
}

// ## What we found
//
// With erf the kernel moves by the power @value drift-erf of the width, the kernel of its features by @value features-erf, while single weights move
// by @value weights-erf and the fluctuation that the kernel is born with falls with @value fluctuation-erf only. Training at large width leaves
// no trace in the kernel, and that is why no features are learned.
//
// @figure ntk_drift
//
// ReLU networks show an exponent of @value drift-relu-not-slower over these widths, between that of a random sum and that of a mean. Which of them wins in
// the end is the question of the next page.
//
// @claims
//
// ## What can go wrong
//
// An exponent that is fitted over two decades of widths looks like a law. For ReLU the local exponent still changes at $N=65536$: a random sum
// with $N^{-3/4}$ and a mean with $N^{-1/2}$ look like one power in between. The mean of the motion, in place of its size, tells them
// apart.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Why is the change of $X_i$ odd in the readout weight to first order? Which term of second order has a mean?
// 2. How many gates flip in 30 steps, as a fraction of $N$? Count, and compare the power of $N$ with that of the weights' motion.
// 3. Does the exponent of ReLU networks depend on the bias? Guess, then run `--bias-variance 0.5`.
