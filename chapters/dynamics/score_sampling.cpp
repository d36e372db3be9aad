// # Does a diffusion model draw what it was shown?
//
// Lecture §4.3 · after mean_field_fluctuations · about 1 s on two cores
//
// **Question.** A diffusion model turns noise into data by following a score that a network has learned. If it has learned all there is to
// learn, do samples have the law of the data, with classes in the right proportion?
//
// ## The model
//
// Two classes on a line, $p_0=w\,N(m,s^2)+(1-w)\,N(-m,s^2)$, and noise that is added until nothing of them is left, $dx=-x\,dt+\sqrt2\,dB$. At
// the time $t$ the classes are Gaussians of mean $\pm me^{-t}$ and variance $\Gamma_t=s^2e^{-2t}+1-e^{-2t}$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/reverse_diffusion.hpp>

#include <fmt/format.h>
#include <boost/math/differentiation/finite_difference.hpp>
#include <boost/math/quadrature/trapezoidal.hpp>

#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// ## What theory says
//
// The score of a network that has learned perfectly is that of $p_t$ (`TwoClasses::score`),
// $$ \partial_x\ln p_t(x)=\frac1{\Gamma_t}\Bigl[-x+me^{-t}\tanh\Bigl(\frac{me^{-t}x}{\Gamma_t}+\frac12\ln\frac w{1-w}\Bigr)\Bigr]. $$
// With it the noise can be run backwards (Anderson 1982), from $N(0,1)$ at a time $T$ at which $p_T$ is nearly that,
// $$ y\leftarrow y+dt\,(y+2\,\partial\ln p_t(y))+\sqrt{2\,dt}\,\xi,\qquad t_i=T(1-i/n)^2 . $$
// A sample at $x$ ends in the upper class with probability $\frac12(1+\tanh(\cdot))$. As $T$ is not infinite, the weight of this class among
// samples is the average of that over $N(0,1)$, and $w$ up to terms of order $e^{-2T}$.
constexpr double noise_time = 5;
constexpr int steps = 800;

double weight_from_noise(const TwoClasses& classes) {
  return boost::math::quadrature::trapezoidal(
      [&](double x) {
        return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi) *
               (1 + classes.decision(x, noise_time)) / 2;
      },
      -10., 10., 1e-10);
}

double score_against_differences(const TwoClasses& classes) {
  double worst = 0;
  for (const double t : {0.2, 0.6, 1.1, 2.5})
    for (double x = -4; x <= 4; ++x)
      worst = std::max(worst, std::abs(classes.score(x, t) -
                                       boost::math::differentiation::finite_difference_derivative(
                                           [&](double at) { return std::log(classes.density(at, t)); }, x)));
  return worst;
}

// ## What samples do
//
// Samples from pure noise: the weight of the upper class, the mean and the variance in it, and a histogram.
struct Drawn {
  Averages averages{3};  // 1, y, y^2 in the upper class
  std::vector<double> counts = std::vector<double>(100, 0);

  static constexpr double width = 0.1, lowest = -5;

  void merge(const Drawn& other) {
    averages.merge(other.averages);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& averages& counts;
  }
};

std::vector<Drawn> sample(Report& report, const TwoClasses& classes, const WayBack& way, std::int64_t draws) {
  const std::string stage = fmt::format("from noise, {} steps", way.steps);
  const Stream stream{report.seed(), stage};
  return sample_blocks(report, stage, draws, Drawn{}, [&](Block block, Drawn& drawn) {
    in_batches(stream, block, 1 + way.steps, [&](std::uint64_t, const MatrixXd& noise) {
      VectorXd y = noise.row(0).transpose();
      draw_back(classes, way, noise.bottomRows(way.steps), y);
      for (const double value : y) {
        const double up = value > 0 ? 1 : 0;
        drawn.averages.add(Eigen::Vector3d{up, up * value, up * value * value});
        const double bin = std::floor((value - Drawn::lowest) / Drawn::width);
        if (bin >= 0 && bin < static_cast<double>(drawn.counts.size()))
          ++drawn.counts[static_cast<std::size_t>(bin)];
      }
      report.advance(0);  // may end a long block
    });
  });
}

struct UpperClass {
  Estimate weight, mean, variance;
};

UpperClass upper_class(const std::vector<Drawn>& blocks) {
  const auto estimate = [&](auto function) {
    return jackknife(blocks, [&](const Drawn& drawn) { return function(drawn.averages.means()); });
  };
  return {estimate([](const VectorXd& a) { return a[0]; }),
          estimate([](const VectorXd& a) { return a[1] / a[0]; }),
          estimate([](const VectorXd& a) { return a[2] / a[0] - std::pow(a[1] / a[0], 2); })};
}

// The error of a step is of first order in its length: half as many steps show it, and the difference removes it.
Estimate continued(const Estimate& fine, const Estimate& coarse) {
  return {2 * fine.value - coarse.value, std::hypot(2 * fine.standard_error, coarse.standard_error)};
}

// ## The claims
void declare(Claims& claims, const TwoClasses& classes) {
  claims.exact("score", "S3",
               "the score is $\\partial_x\\ln p_t$, by finite differences; largest difference at 36 points",
               absolute(1e-7));
  claims.statistical("weight", "S3", fmt::format("the weight of the upper class, $w={}$", classes.w))
      .independent();
  claims.statistical("mean", "S3", "the mean of the upper class, continued to steps of no length");
  claims.statistical("variance", "S3",
                     "the variance within the upper class, continued to steps of no length");
  claims.scaling("step-bias", "S3", fmt::format("the same variance with {} steps, to 3 % of $s^2$", steps),
                 0.03 * classes.variance);
}

// ## The experiment, step by step
Drawn compare_samples(Report& report, const TwoClasses& classes, std::int64_t draws) {
  report.compare("score", 0, score_against_differences(classes));
  const auto fine = sample(report, classes, {noise_time, steps}, draws);
  const UpperClass drawn = upper_class(fine),
                   coarse = upper_class(sample(report, classes, {noise_time, steps / 2}, draws));
  report.compare("weight", weight_from_noise(classes), drawn.weight);
  report.compare("mean", classes.m, continued(drawn.mean, coarse.mean));
  report.compare("variance", classes.variance, continued(drawn.variance, coarse.variance));
  report.compare("step-bias", classes.variance, drawn.variance);
  return merged(fine);
}

// ## The figure
Panel density_panel(const TwoClasses& classes, const Drawn& drawn) {
  std::vector<double> x, y, line, density;
  const double scale = 1 / (static_cast<double>(drawn.averages.count()) * Drawn::width);
  for (std::size_t i = 0; i < drawn.counts.size(); ++i) {
    x.push_back(Drawn::lowest + (static_cast<double>(i) + 0.5) * Drawn::width);
    y.push_back(drawn.counts[i] * scale);
  }
  for (int k = 0; k <= 400; ++k) {
    line.push_back(Drawn::lowest + 0.025 * k);
    density.push_back(classes.density(line.back(), 0));
  }
  Panel panel;
  return panel.x_axis({"y", false, -5, 5})
      .y_axis({"density"})
      .legend("top left")
      .histogram(0, "samples", x, y)
      .line(1, "data", line, density);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/score_sampling", "4.3", "Does a diffusion model draw what it was shown?"};
  const auto& m =
      program.option("separation", 3., between(1.5, 4.), "distance m of the classes from the middle");
  const auto& variance = program.option("variance", 0.25, between(0.05, 0.7), "variance of each class");
  const auto& w = program.option("weight", 0.7, between(0.2, 0.8), "weight w of the upper class");
  const auto& draws = program.samples(100000, 10000, 2000);
  program.validate([&] {
    if (m * m < 16 * variance)
      throw BadOption{"separation", fmt::format("{}", m),
                      "at least four standard deviations of a class: classes must not overlap"};
  });
  program.figure(
      "sd_density",
      "Samples from pure noise, and the density of the data: the two classes come back with their weights.");
  program.claims([&](Claims& claims) { declare(claims, {m, variance, w}); });

  return program.run(argc, argv, [&](Report& report) {
    const TwoClasses classes{m, variance, w};
    const Drawn drawn = compare_samples(report, classes, draws);
    report.draw("sd_density", {{density_panel(classes, drawn)}});
  });
}

// ## What we found
//
// It does. From pure noise the classes come back with their weights, @value weight in the upper one where theory has @predicted weight, and with
// their shape: the mean of the upper class is @value mean and the variance in it @value variance.
//
// @figure sd_density
//
// @claims
//
// ## What can go wrong
//
// A step back has twice the score: once to undo the drift of the noise, once for the noise that is added anew. The error of a step is of first
// order: with 800 steps the variance is @value step-bias, which is within 3 % and yet would be seen in many samples; hence the
// continuation from two numbers of steps. Steps of equal length would do worst where $\Gamma_t$ is smallest, next to the data.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Without noise, $\dot y=-y-\partial\ln p_t$ run backwards has the same law at every time. Try it: what becomes of the step error?
// 2. Train a network on samples to be the score. At which $t$ does its error spoil the weights, at which the shape of the classes?
