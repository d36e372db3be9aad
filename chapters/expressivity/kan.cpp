// # Can a network learn the functions on its edges?
//
// Lecture §2.2 · after kolmogorov_rates · about 10 s on two cores
//
// **Question.** Kolmogorov and Arnold write any function of many variables by sums of functions of one variable, and theirs are wild. Learned from
// data, can they be smooth? If so, how fast does the error fall with the number of their coefficients?
//
// ## The model
//
// A Kolmogorov-Arnold network (Liu et al. 2024) has a function on every edge, and nodes that only add:
// $$ z^{l+1}_j=\sum_i\varphi_{lji}(z^l_i),\qquad \varphi(z)=\sum_{m=0}^{G+2}c_mB_m(z)\;[\,+\,w\,z\,\sigma(z)\,]. $$
// The $B_m$ are cubic B-splines on $G$ equal cells. A cell has length $h_1=2/G$ at the inputs, which are in $[-1,1]$; inside, the grid covers
// the values that its node takes, with a margin of a fiftieth on both sides. The base in brackets is off unless we say so. The target is
// $$ f(x,y)=e^{\sin k\pi x+y^2}, $$
// a network of shape $[2,1,1]$: three edges can be $\sin k\pi x$, $y^2$ and $\exp$, up to the freedom to scale and shift what the middle node is.
#include <fieldbook/numerics/rates.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/spline_ensemble.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;

namespace {

constexpr double pi = std::numbers::pi;

// ## What theory says
//
// The best cubic spline with cells of length $h$ stays away from a smooth $\varphi$ by $\sqrt{|B_8|/8!}\;h^4\,\langle\varphi''''^2\rangle^{1/2}$, a number
// that is known since Strang and Fix. An error $\delta\varphi$ of an inner function becomes $f\,\delta\varphi$ outside, and errors of different
// edges are independent of each other, because they oscillate within cells. So the error of the network is
// $$ \sqrt{\tfrac1{30\cdot8!}}\;\sqrt{h_1^8\,\langle f^2(k\pi)^8\sin^2k\pi x\rangle+h_2^8\,\langle f^2\rangle},\qquad h_2=1.04\cdot3/G, $$
// where the length 3 is the range of $\sin k\pi x+y^2$. Nothing depends on the training, and $G$ enters as $G^{-4}$ alone. A parabola is a cubic spline already and adds nothing.
double mean_on_inputs(const std::function<double(double)>& function) {
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
  return Quadrature::integrate(function, -1., 1., 12, 1e-12) / 2;
}

// A base $w\,z\sigma(z)$ is no spline: with it, splines have to follow $\sin k\pi x-\beta\,x\sigma(x)$ for the $\beta$ of our choice, and the best one takes its share
// of the fourth derivative away. It needs $(x\sigma)''''=x\sigma''''+4\sigma'''$:
double fourth_derivative_of_base(double x) {
  const double s = 1 / (1 + std::exp(-x)), slope = s * (1 - s);
  return x * slope * (1 - 2 * s) * (1 - 12 * s + 12 * s * s) + 4 * slope * (1 - 6 * s + 6 * s * s);
}

double predicted_error(double frequency, int cells, bool base) {
  const double k = frequency * pi, h1 = 2. / cells, h2 = 1.04 * 3 / cells;
  const auto weighted = [&](const auto& function) {
    return mean_on_inputs([&](double x) { return std::exp(2 * std::sin(k * x)) * function(x); }) *
           mean_on_inputs([](double y) { return std::exp(2 * y * y); });
  };
  const auto wave = [&](double x) { return std::pow(k, 4) * std::sin(k * x); };
  double inner = weighted([&](double x) { return wave(x) * wave(x); });
  if (base) {
    const double overlap = weighted([&](double x) { return wave(x) * fourth_derivative_of_base(x); });
    inner -= overlap * overlap / weighted([](double x) { return std::pow(fourth_derivative_of_base(x), 2); });
  }
  const double outer = weighted([](double) { return 1.; });
  return cubic_spline_constant * std::sqrt(std::pow(h1, 8) * inner + std::pow(h2, 8) * outer);
}

// ## What networks do
//
// Splines are linear in their coefficients, networks of splines are not: several starts on a coarse grid are trained by Levenberg and
// Marquardt's method, and the best of them goes on. Its functions are carried over to finer grids, where training goes on again. Data are exact values at
// random points. Least squares with $P$ coefficients and $N$ data sees the error $\sqrt{1-P/N}$ times too small on the data, and on new points it is $\sqrt{1+P/N}$ times that of splines,
// because the coefficients have followed the data. Here both factors are one or two percent, less than the tolerances: a single data set scatters by 1.6% in this error. The page hard_targets, with fewer
// data, tests them, and the margin 1.04, which counts for the third part of a percent here. A network that still misses a fiftieth of the spread
// of the target on the finest grid has not learned: the program says so, with what to try, and takes its errors for infinite.
constexpr double learned = 0.02;

struct Setting {
  double frequency;  // k
  int data;          // N
  std::vector<int> cells;
  int starts;
  std::int64_t sets;  // of data
  bool quick;

  static constexpr int unseen = 20000;

  double parameters(int grid) const { return 3. * (grid + 3); }

  // Where the asymptotic error is reached and the data determine the coefficients well
  bool is_asymptotic(int grid) const { return grid >= 40 * std::max(1., frequency); }
  bool is_determined(int grid) const { return data >= 20 * parameters(grid); }
  bool is_predicted(int grid) const { return is_asymptotic(grid) && is_determined(grid); }
  bool has_median() const { return sets >= 5; }
};

std::vector<SplineRun> train_waves(Report& report, const Setting& setting, bool base) {
  const auto target = [k = setting.frequency](std::span<const double> x) {
    return std::exp(std::sin(k * pi * x[0]) + x[1] * x[1]);
  };
  const auto samples = [&](std::uint64_t draw) {
    const int points = draw % 2 == 0 ? setting.data : Setting::unseen;
    return uniform_samples(report.seed(), draw, 2, points, target);
  };
  const std::string stage = base ? "splines and base" : "splines";
  return train_splines_or_say(report, stage, report.seed(),
                              {{2, 1, 1}, setting.cells, base, setting.starts, 0}, setting.sets, learned,
                              samples);
}

// ## The claims
std::vector<int> fitted_cells(const Setting& setting) {
  std::vector<int> cells;
  for (const int grid : setting.cells)
    if (setting.is_asymptotic(2 * grid) && setting.is_determined(grid)) cells.push_back(grid);
  return cells;
}

void declare(Claims& claims, const Setting& setting) {
  const char* few = "too coarse a grid for the asymptotic error, or too few data for so fine a grid";
  if (fitted_cells(setting).size() > 1)
    claims.scaling(
        "slope-on-data", "KN1",
        "the slope of the error on the data over $\\sqrt{1-P/N}$ against $G$ is $-4$, also for the "
        "data set where it is farthest from that",
        0.15);
  if (fitted_cells(setting).size() > 1 && setting.has_median())
    claims.scaling("slope-on-new-points", "KN1",
                   "the slope of the median error on new points against $G$ is $-4$", 0.15);
  else
    claims.leave_out("slope-on-new-points", "KN1", "it needs five data sets and two fine grids");
  for (const int grid : setting.cells) {
    const std::string g = fmt::format("$G={}$: ", grid);
    if (!setting.is_predicted(grid)) claims.leave_out(fmt::format("error-{}", grid), "KN2", few);
    if (!setting.is_predicted(grid)) continue;
    claims.exact(fmt::format("train-{}", grid), "KN2",
                 g + "the median error on the data is that of splines times $\\sqrt{1-P/N}$, within 8%",
                 relative(0.08));
    if (setting.has_median())
      claims.exact(fmt::format("test-{}", grid), "KN2",
                   g + "the median error on new points is that of splines times $\\sqrt{1+P/N}$, within 10%",
                   relative(0.1));
    if (!setting.quick && setting.has_median())
      claims.exact(
          fmt::format("base-{}", grid), "KN3",
          g + "a base lowers the error on new points, for the same data, by the factor that the best "
              "base takes off, within 8% in the median",
          relative(0.08));
  }
  if (!setting.has_median()) claims.leave_out("test", "KN2", "the median is that of five data sets or more");
  if (setting.quick || !setting.has_median())
    claims.leave_out("base", "KN3",
                     "networks with a base are trained in the full run, on five data sets or more");
}

// ## The experiment, step by step
//
// The slope of an error that is known for every number of cells:
template <class ErrorAt>
double slope_of(const Setting& setting, ErrorAt error_at) {
  std::vector<double> grids, errors;
  for (std::size_t i = 0; i < setting.cells.size(); ++i)
    if (std::ranges::count(fitted_cells(setting), setting.cells[i]) > 0) {
      grids.push_back(setting.cells[i]);
      errors.push_back(error_at(i));
    }
  return log_log_slope(grids, errors);
}

void compare_rates(Report& report, const Setting& setting, const std::vector<SplineRun>& runs) {
  const auto share = [&](int grid) { return setting.parameters(grid) / setting.data; };  // P/N
  if (fitted_cells(setting).size() > 1) {
    std::vector<double> slopes;
    for (const SplineRun& run : runs)
      slopes.push_back(slope_of(
          setting, [&](std::size_t i) { return run.train[i] / std::sqrt(1 - share(setting.cells[i])); }));
    report.compare("slope-on-data", -4, farthest(slopes, -4));
    if (setting.has_median())
      report.compare("slope-on-new-points", -4, slope_of(setting, [&](std::size_t i) {
                       return median_error(runs, &SplineRun::test, i);
                     }));
  }
  for (std::size_t i = 0; i < setting.cells.size(); ++i) {
    const int grid = setting.cells[i];
    if (!setting.is_predicted(grid)) continue;
    const double predicted = predicted_error(setting.frequency, grid, false);
    report.compare(fmt::format("train-{}", grid), predicted * std::sqrt(1 - share(grid)),
                   median_error(runs, &SplineRun::train, i));
    if (setting.has_median())
      report.compare(fmt::format("test-{}", grid), predicted * std::sqrt(1 + share(grid)),
                     median_error(runs, &SplineRun::test, i));
  }
}

void compare_base(Report& report, const Setting& setting, const std::vector<SplineRun>& bare) {
  const std::vector<SplineRun> with_base = train_waves(report, setting, true);
  for (std::size_t i = 0; i < setting.cells.size(); ++i) {
    const int grid = setting.cells[i];
    if (!setting.is_predicted(grid)) continue;
    std::vector<double> ratios;
    for (std::size_t n = 0; n < bare.size(); ++n) ratios.push_back(with_base[n].test[i] / bare[n].test[i]);
    report.compare(
        fmt::format("base-{}", grid),
        predicted_error(setting.frequency, grid, true) / predicted_error(setting.frequency, grid, false),
        median(ratios));
  }
}

// ## The figures
Figure rates(const Setting& setting, const std::vector<SplineRun>& runs) {
  const double k = setting.frequency, low = setting.cells.front(), high = setting.cells.back();
  Panel panel;
  panel.x_axis({"cells G", true, 0.8 * low, 1.25 * high})
      .y_axis({"root mean square error", true, 1e-9, 1})
      .legend("top right");
  const auto fourth_power = [&](double from) {
    return std::vector{predicted_error(k, 1000, false) * std::pow(1000 / from, 4),
                       predicted_error(k, 1000, false) * std::pow(1000 / high, 4)};
  };
  const auto [at, error] = finite_test_errors({setting.cells.begin(), setting.cells.end()}, runs);
  panel.guide("", {low, high}, fourth_power(low));
  if (const auto fitted = fitted_cells(setting); fitted.size() > 1)
    panel.line(0, "splines of best fit", {1. * fitted.front(), high}, fourth_power(fitted.front()));
  if (!at.empty()) panel.points(0, "networks, on new points", at, error);
  return {{panel}};
}

Figure histogram_of_starts(const std::vector<SplineRun>& runs) {
  std::vector<double> logs, centres, counts;
  for (const SplineRun& run : runs)
    for (const double error : run.starts)
      if (std::isfinite(error)) logs.push_back(std::log10(error));
  const double low = std::ranges::min(logs) - 0.05, width = (std::ranges::max(logs) + 0.05 - low) / 40;
  for (int bin = 0; bin < 40; ++bin) {
    centres.push_back(std::pow(10, low + (bin + 0.5) * width));
    counts.push_back(static_cast<double>(std::ranges::count_if(
        logs, [&](double v) { return v >= low + bin * width && v < low + (bin + 1) * width; })));
  }
  Panel panel;
  panel.x_axis({"training error of a start", true}).y_axis({"starts"}).histogram(0, "", centres, counts);
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/kan", "2.2", "Can a network learn the functions on its edges?"};
  const auto& frequency = program.option("frequency", 1., between(0.7, 2.), "frequency k of the target");
  const auto& cells =
      program.list("cells", {5, 10, 20, 40, 80}, between(3, 100), "cells G, each a refinement of the last");
  const auto& data = program.option("data", 6000, between(200, 20000), "points N of a data set");
  const auto& starts = program.option("starts", 8, between(1, 40), "starts on the coarsest grid");
  const auto& draws = program.samples(5, 1, 1);
  const auto setting = [&] {
    std::vector<int> grids;
    for (const int grid : cells)
      if (!program.quick() || grid <= 40) grids.push_back(grid);
    return Setting{frequency, data, grids, starts, draws, program.quick()};
  };
  program.validate([&] {
    if (!std::ranges::is_sorted(cells) || cells.front() > 12)
      throw BadOption{"cells", fmt::format("{}", fmt::join(cells, ",")), "ascending, from 12 or fewer on"};
    if (data < 6 * (cells.back() + 3))
      throw BadOption{"data", fmt::format("{}", data),
                      fmt::format("at least {}, two for each coefficient", 6 * (cells.back() + 3))};
  });
  program.figure(
      "kan_rate",
      "The error falls with the fourth power of the number of cells, along a line that is known without any "
      "training.");
  program.figure("kan_starts",
                 "Where all starts end on the coarsest grid: most find the same error, others are stuck at a "
                 "few larger ones. The best start of a data set goes on.");
  program.claims([&](Claims& claims) { declare(claims, setting()); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Networks on finer and finer grids, each data set by itself
    const std::vector<SplineRun> runs = train_waves(report, setting(), false);
    compare_rates(report, setting(), runs);

    // 2. The same with a base
    if (!program.quick() && setting().has_median()) compare_base(report, setting(), runs);

    // 3. Draw
    report.draw("kan_rate", [&] { return rates(setting(), runs); });
    report.draw("kan_starts", [&] { return histogram_of_starts(runs); });
  });
}

// ## What we found
//
// With 40 cells, 129 coefficients, the error is @value test-40 on points that the network has never seen, and with 80 cells @value test-80. The exponent is
// @value slope-on-new-points. The number in front is that of the best spline for $\sin$ and $\exp$, @predicted test-40 and @predicted test-80 with the factors of least squares.
//
// @figure kan_rate
//
// A base multiplies the error by a constant, @value base-80 with 80 cells, and the fourth power stays.
//
// @figure kan_starts
//
// @claims
//
// ## What can go wrong
//
// Starts. The landscape has local minima, far apart in error, so that a bad start is easily recognised and no amount of training helps it; with
// `--starts 1` some data sets are not trained, and the program says which. Data: on a fine grid there are as many coefficients as data, and the error on new points exceeds that on the data
// by far; try `--data 2000 --cells 5,10,20,40,80`. Even with 6000 data the last of 80 cells of the middle node, which is reached from two corners of the square alone, holds a few of them, and in one data set of
// ten the error on new points suffers; the median does not. With a base the factor comes out a little above the prediction on both grids: perhaps training stops early, for the splines have to give back what $w$ takes over. A hidden grid has to follow the values of its node, or the network is trained in one cell and used in another. Below $k=0.7$ the largest values of the middle node
// come from the corners of the square alone, where there are too few data for its last cell, and the program refuses.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which derivative of $\varphi$ would rule linear splines, and which power of $G$ comes out?
// 2. Derive $\sqrt{|B_8|/8!}$ from the best approximation of $x^4$ by cubic splines on the whole line.
// 3. The frequency $k$ multiplies the fourth derivative by $k^4$. Which grid does `--frequency 2` need for the error that $k=1$ has with 40 cells?
