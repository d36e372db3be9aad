// # When does a diffusion model decide what it will draw?
//
// Lecture §4.3 · after score_sampling · about 2 s on two cores
//
// **Question.** A diffusion model comes from noise, which has no classes, to data, which have. At what moment of the way is the class of a
// sample decided, and is that moment sharp?
//
// ## The model
//
// The two classes of score_sampling, here of equal weight, $p_0=\frac12N(m,s^2)+\frac12N(-m,s^2)$. At the time $t$ they are Gaussians of mean
// $\pm me^{-t}$ and variance $\Gamma_t=s^2e^{-2t}+1-e^{-2t}$, with the score
// $$ \partial_x\ln p_t(x)=\frac1{\Gamma_t}\Bigl[-x+me^{-t}\tanh\frac{me^{-t}x}{\Gamma_t}\Bigr], $$
// and samples go back by $y\leftarrow y+dt\,(y+2\,\partial\ln p_t(y))+\sqrt{2\,dt}\,\xi$ at the times $t_i=t_0(1-i/n)^2$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/reverse_diffusion.hpp>

#include <fmt/format.h>
#include <boost/math/differentiation/finite_difference.hpp>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// ## What theory says
//
// With equal weights the middle, $x=0$, is where samples are most likely as long as $me^{-t}<\sqrt{\Gamma_t}$, and least likely after. The
// curvature of $\ln p_t$ changes sign there at the time of speciation (Biroli, Bonnaire, de Bortoli and Mézard 2024)
// $$ t_S=\tfrac12\ln(m^2+1-s^2), $$
// where the most likely value splits in two like the magnetisation of a ferromagnet, with $\tanh$ and the exponent $\frac12$ of mean-field theory.
double speciation(const TwoClasses& classes) {
  return std::log(classes.m * classes.m + 1 - classes.variance) / 2;
}

// Where the score vanishes in the upper half: the magnetisation, zero before the split.
double branch(const TwoClasses& classes, double t) {
  const double mean = classes.mean(t), spread = classes.spread(t);
  if (mean * mean <= spread) return 0;
  std::uintmax_t steps = 100;
  const auto [low, high] =
      boost::math::tools::toms748_solve([&](double x) { return std::tanh(mean * x / spread) / x - 1 / mean; },
                                        1e-9, 2 * mean, boost::math::tools::eps_tolerance<double>{48}, steps);
  return (low + high) / 2;
}

// A sample that is at $x$ at the time $t$ ends in the upper class with probability $p=\frac12(1+\tanh(\cdot))$. Two samples that go on from the
// same $x$ with noise of their own end in the same class with $p^2+(1-p)^2$, so that averaged over $x$
// $$ C(t)=\int p_t(x)\,\tfrac12\bigl[1+\tanh^2(\cdot)\bigr]\,dx . $$
double agreement(const TwoClasses& classes, double t) {
  const double reach = classes.mean(t) + 12 * std::sqrt(classes.spread(t));
  return boost::math::quadrature::trapezoidal(
      [&](double x) { return classes.density(x, t) * (1 + std::pow(classes.decision(x, t), 2)) / 2; }, -reach,
      reach, 1e-10);
}

// ## What samples do
//
// Pairs of clones: $x_t$ is drawn from data that are noised, and two samples go back from there.
Estimate sampled_agreement(Report& report, const TwoClasses& classes, const WayBack& way,
                           std::int64_t draws) {
  const std::string stage = fmt::format("clones from {:.6g}", way.start);
  const Stream modes{report.seed(), stage + ": class"}, stream{report.seed(), stage};
  const auto observe = [&](Block block, Averages& averages) {
    in_batches(stream, block, 1 + 2 * way.steps, [&](std::uint64_t first, const MatrixXd& noise) {
      VectorXd one(noise.cols()), sign(1), same(1);
      for (Eigen::Index k = 0; k < noise.cols(); ++k) {
        modes.signs(first + static_cast<std::uint64_t>(k), {sign.data(), 1});
        one[k] = sign[0] * classes.mean(way.start) + std::sqrt(classes.spread(way.start)) * noise(0, k);
      }
      VectorXd other = one;
      draw_back(classes, way, noise.middleRows(1, way.steps), one);
      draw_back(classes, way, noise.bottomRows(way.steps), other);
      for (Eigen::Index k = 0; k < noise.cols(); ++k) {
        same[0] = one[k] * other[k] > 0 ? 1 : 0;
        averages.add(same);
      }
      report.advance(0);  // may end a long block
    });
  };
  return merged(sample_blocks(report, stage, draws, Averages{1}, observe)).mean(0);
}

// ## The claims
struct Choices {
  const double &m, &variance;
  const std::vector<double>& times;
  const int& steps;
  const std::int64_t& draws;

  TwoClasses classes() const { return {m, variance}; }

  // An error bar needs clones that disagree
  bool enough(double t) const { return (1 - agreement(classes(), t)) * static_cast<double>(draws) > 40; }
};

void declare(Claims& claims, const Choices& choices) {
  claims.exact("curvature", "S1", "the slope of the score at $x=0$ vanishes at $t_S$, by finite differences",
               absolute(1e-7));
  claims.exact(
      "branch", "S1",
      "where the score vanishes after the split is where $p_t$ is largest; largest difference at 9 times",
      absolute(1e-5));
  claims.scaling("exponent", "S1", "the branches open as $(t_S-t)^{1/2}$", 0.01);
  claims
      .statistical("agreement-at-split", "S2",
                   "clones from $t_S$ end in the same class with probability $C(t_S)$")
      .independent();
  for (const double t : choices.times) {
    const std::string id = fmt::format("agreement-{}", t);
    if (choices.enough(t))
      claims
          .statistical(id, "S2",
                       fmt::format("clones from $t={}$ end in the same class with probability $C(t)$", t))
          .independent();
    else
      claims.leave_out(id, "S2", "fewer than 40 pairs of clones would end in different classes");
  }
}

// ## The experiment, step by step
void compare_theory(Report& report, const TwoClasses& classes) {
  const double split = speciation(classes);
  report.compare("curvature", 0,
                 boost::math::differentiation::finite_difference_derivative(
                     [&](double x) { return classes.score(x, split); }, 0.));
  double apart = 0;
  std::vector<double> distance;
  std::vector<Estimate> opening;
  for (int k = 1; k < 10; ++k) {
    const double t = split * k / 10;
    const double top = boost::math::tools::brent_find_minima([&](double x) { return -classes.density(x, t); },
                                                             0., 1.5 * classes.m, 50)
                           .first;
    apart = std::max(apart, std::abs(top - branch(classes, t)));
    distance.push_back(1e-4 * k);
    opening.emplace_back(branch(classes, split - distance.back()), 1e-4);
  }
  report.compare("branch", 0, apart);
  report.compare("exponent", 0.5, fit_power_law(distance, opening).parameters[1]);
}

std::vector<std::pair<double, Estimate>> compare_clones(Report& report, const Choices& choices) {
  const TwoClasses classes = choices.classes();
  std::vector<std::pair<double, Estimate>> points;
  const auto compare = [&](const std::string& id, double t) {
    points.emplace_back(t, sampled_agreement(report, classes, {t, choices.steps}, choices.draws));
    report.compare(id, agreement(classes, t), points.back().second);
  };
  compare("agreement-at-split", speciation(classes));
  for (const double t : choices.times)
    if (choices.enough(t)) compare(fmt::format("agreement-{}", t), t);
  return points;
}

// ## The figures
//
// The density of samples on their way back, scaled to its largest value at each time, and two samples of each class.
constexpr double picture_start = 2.5;

struct WaysBack {
  MatrixXd density = MatrixXd::Zero(90, 120);  // y, time
  std::vector<double> times;
  std::vector<std::vector<double>> upper, lower;
};

WaysBack follow_samples(Report& report, const TwoClasses& classes, double edge) {
  const WayBack way{picture_start, 600};
  WaysBack ways;
  for (int i = 1; i <= way.steps; ++i) ways.times.push_back(-way.time(i));
  const auto columns = ways.density.cols(), rows = ways.density.rows();
  in_batches(Stream{report.seed(), "pitchfork"}, {0, 6000}, 1 + way.steps,
             [&](std::uint64_t, const MatrixXd& noise) {
               VectorXd y(noise.cols());
               for (Eigen::Index k = 0; k < y.size(); ++k)
                 y[k] = (k % 2 == 0 ? 1 : -1) * classes.mean(picture_start) +
                        std::sqrt(classes.spread(picture_start)) * noise(0, k);
               MatrixXd paths(way.steps, y.size());
               draw_back(classes, way, noise.bottomRows(way.steps), y, [&](int i, const VectorXd& at) {
                 paths.row(i - 1) = at.transpose();
                 const double passed = 1 + ways.times[static_cast<std::size_t>(i - 1)] / picture_start;
                 const Eigen::Index column =
                     std::min(columns - 1, static_cast<Eigen::Index>(passed * static_cast<double>(columns)));
                 for (const double value : at) {
                   const auto row = static_cast<Eigen::Index>(
                       std::floor((value / edge + 1) / 2 * static_cast<double>(rows)));
                   if (row >= 0 && row < rows) ways.density(row, column) += 1;
                 }
               });
               for (Eigen::Index k = 0; k < y.size(); ++k)
                 if (auto& kept = y[k] > 0 ? ways.upper : ways.lower; kept.size() < 2)
                   kept.emplace_back(paths.col(k).data(), paths.col(k).data() + way.steps);
             });
  for (Eigen::Index column = 0; column < columns; ++column)
    ways.density.col(column) /= std::max(1., ways.density.col(column).maxCoeff());
  return ways;
}

Panel pitchfork_panel(Report& report, const TwoClasses& classes) {
  const double split = speciation(classes), edge = classes.m + 4 * std::sqrt(classes.variance);
  const WaysBack ways = follow_samples(report, classes, edge);
  const auto centres = [](double low, double high, Eigen::Index count) {
    const double half = (high - low) / static_cast<double>(2 * count);
    const VectorXd all = VectorXd::LinSpaced(count, low + half, high - half);
    return std::vector<double>(all.begin(), all.end());
  };
  std::vector<double> after, upper, lower;
  for (int k = 1; k <= 200; ++k) {
    const double t = split * (1 - std::pow(k / 200., 2));
    after.push_back(-t);
    upper.push_back(branch(classes, t));
    lower.push_back(-upper.back());
  }
  Panel panel;
  panel.x_axis({"-t, data at 0", false, -picture_start, 0})
      .y_axis({"y", false, -edge, edge})
      .legend("top left");
  panel.heat_map("", centres(-picture_start, 0, ways.density.cols()),
                 centres(-edge, edge, ways.density.rows()), ways.density);
  for (std::size_t k = 0; k < ways.upper.size(); ++k)
    panel.line(4, k == 0 ? "two that end above" : "", ways.times, ways.upper[k]);
  for (std::size_t k = 0; k < ways.lower.size(); ++k)
    panel.line(3, k == 0 ? "two that end below" : "", ways.times, ways.lower[k]);
  return panel.line(1, "most likely", {-picture_start, -split}, {0, 0})
      .line(1, "", after, upper)
      .line(1, "", after, lower)
      .guide("least likely", {-split, 0}, {0, 0});
}

Panel clone_panel(const TwoClasses& classes, const std::vector<std::pair<double, Estimate>>& points) {
  std::vector<double> t, line, at, same, bar;
  const double last = 3;
  for (int k = 0; k <= 150; ++k) {
    t.push_back(0.01 + last * k / 150);
    line.push_back(agreement(classes, t.back()));
  }
  for (const auto& [time, estimate] : points) {
    at.push_back(time);
    same.push_back(estimate.value);
    bar.push_back(estimate.standard_error);
  }
  Panel panel;
  return panel.x_axis({"time t at which clones part", false, 0, last})
      .y_axis({"probability of the same class", false, 0.45, 1.05})
      .legend("top right")
      .guide("speciation", {speciation(classes), speciation(classes)}, {0.45, 1.05})
      .line(0, "C(t)", t, line)
      .points(0, "clones", at, same, bar);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/score_diffusion", "4.3", "When does a diffusion model decide what it will draw?"};
  const auto& m =
      program.option("separation", 3., between(1.5, 4.), "distance m of the classes from the middle");
  const auto& variance = program.option("variance", 0.25, between(0.05, 0.7), "variance of each class");
  const auto& times =
      program.list("times", {0.3, 0.7, 1.5, 2.}, between(0.1, 3.), "times at which clones part, besides t_S");
  const auto& steps = program.option("steps", 300, between(200, 2000), "steps of a clone");
  const auto& draws = program.samples(100000, 20000, 2000);
  const Choices choices{m, variance, times, steps, draws};
  program.validate([&] {
    if (m * m < 16 * variance)
      throw BadOption{"separation", fmt::format("{}", m),
                      "at least four standard deviations of a class: classes must not overlap"};
  });
  program.figure("sd_pitchfork",
                 "Samples on their way from noise (left) to data: their density, scaled at each time, two of "
                 "each class, and where theory says it is largest. At $t_S$ the middle becomes a watershed.");
  program.figure("sd_clones",
                 "The probability that two samples that share their way up to $t$ end in the same class. "
                 "Speciation is where the decision is under way, not an instant.");
  program.claims([&](Claims& claims) { declare(claims, choices); });

  return program.run(argc, argv, [&](Report& report) {
    compare_theory(report, choices.classes());
    const auto clones = compare_clones(report, choices);
    report.draw("sd_pitchfork", [&] { return Figure{{pitchfork_panel(report, choices.classes())}}; });
    report.draw("sd_clones", {{clone_panel(choices.classes(), clones)}});
  });
}

// ## What we found
//
// The slope of the score in the middle vanishes at $t_S$, and from there the branches open with the exponent @value exponent: the critical point
// of a magnet can be read off a learned score.
//
// @figure sd_pitchfork
//
// Yet two samples that part at $t_S$ have the same class in a share @value agreement-at-split of all cases, where $C(t_S)$ is
// @predicted agreement-at-split and chance is one half: $x_t$ is one number, and its transition is as smooth as that of a small magnet. It
// sharpens for classes far apart, $m^2\gg1$, as for data of many dimensions: $t_S$ then grows as $\ln m$, and the width of the step in $C(t)$
// does not.
//
// @figure sd_clones
//
// @claims
//
// ## What can go wrong
//
// Clones have to start from $p_t$ itself, in which many $x_t$ lie between the classes. From the means $\pm me^{-t}$ they would agree too often. And
// near the data almost all agree: an error bar needs some that do not.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive $t_S$ for $K$ classes at the corners of a simplex in $D$ dimensions.
// 2. With unequal weights there is no symmetric middle. What becomes of the pitchfork?
// 3. What is $C(t)$ as a function of $me^{-t}/\sqrt{\Gamma_t}$ alone? Where is the step for large $m$?
