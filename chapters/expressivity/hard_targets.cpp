// # Which targets are hard for learned edges?
//
// Lecture §2.2 · after kan · about 8 s on two cores
//
// **Question.** Splines on the edges of a network err with $G^{-4}$ for every smooth target (see kan). What, then, makes one target easy and another one hard?
//
// ## The model
//
// Kolmogorov-Arnold networks with cubic splines on $G$ equal cells, trained as in kan, and three targets with inputs in $[-1,1]^n$: a product, for which a network of shape $[2,2,1]$ is exact; a wave on a single edge, shape $[1,1]$;
// and a sum of waves inside a function, shape $[4,2,1,1]$:
// $$ x_1x_2, \qquad J_0(kx), \qquad \exp\Bigl(\tfrac12\sin\pi(x_1^2+x_2^2)+\tfrac12\sin\pi(x_3^2+x_4^2)\Bigr). $$
#include <fieldbook/numerics/rates.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/spline_ensemble.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/binomial.hpp>
#include <boost/math/special_functions/zeta.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;

namespace {

constexpr double pi = std::numbers::pi;

double integral(const std::function<double(double)>& function, double from, double to) {
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(function, from, to, 12, 1e-12);
}

// ## What theory says
//
// **A product** needs no grid: $x_1x_2=\frac14(x_1+x_2)^2-\frac14(x_1-x_2)^2$ consists of lines and parabolas, and these are cubic splines. Set by hand, the network is exact; what is left of a trained one's error is the optimiser's.
//
// **A wave** $e^{i\omega x}$ is split by cubic splines with cells of length $h$ into a spline and a rest. The best spline leaves the share $S/(1+S)$ of its square,
// $$ S=\sum_{n\ne0}\Bigl(\frac{h\omega}{h\omega+2\pi n}\Bigr)^8=\frac{2\zeta(8)}{(2\pi)^8}(h\omega)^8\Bigl(1+36\frac{\zeta(10)}{\zeta(8)}\Bigl(\frac{h\omega}{2\pi}\Bigr)^2+330\frac{\zeta(12)}{\zeta(8)}\Bigl(\frac{h\omega}{2\pi}\Bigr)^4+\dots\Bigr), $$
// because a spline that has the frequency $\omega$ has all $\omega+2\pi n/h$ too, with amplitudes in proportion to $(h\omega+2\pi n)^{-4}$. The number in front is $|B_8|/8!$, that of kan; powers of $\omega$ are derivatives. Hence
// $$ \text{error}^2=\frac{|B_8|}{8!}\,h^8\Bigl(\langle (f^{(4)})^2\rangle+36\frac{\zeta(10)}{\zeta(8)}\frac{h^2}{(2\pi)^2}\langle (f^{(5)})^2\rangle+330\frac{\zeta(12)}{\zeta(8)}\frac{h^4}{(2\pi)^4}\langle (f^{(6)})^2\rangle\Bigr), \qquad h=\frac2G. $$
// Each derivative brings a factor $k$. The error is of order $(kh)^4$, and the other terms say from when on: a wave needs several cells. Least squares on $N$ random data sees $\sqrt{1-P/N}$ of it on the data, and $\sqrt{1+P/N}$ on
// new points, where it has followed the data. Derivatives of Bessel functions are Bessel functions, $2^nJ_0^{(n)}=\sum_m(-1)^m\binom nmJ_{2m-n}$:
double bessel_derivative(int order, double z) {
  double sum = 0;
  for (int m = 0; m <= order; ++m)
    sum += (m % 2 == 0 ? 1 : -1) * boost::math::binomial_coefficient<double>(order, m) *
           boost::math::cyl_bessel_j(2 * m - order, z);
  return std::ldexp(sum, -order);
}

double predicted_wave_error(double frequency, int cells) {
  const auto mean_square = [&](int order) {
    return integral([&](double x) { return std::pow(bessel_derivative(order, frequency * x), 2); }, 0, 1);
  };
  using boost::math::zeta;
  const double phase = 2 * frequency / cells, turns = phase / (2 * pi);  // k h
  return cubic_spline_constant * std::pow(phase, 4) *
         std::sqrt(mean_square(4) + 36 * zeta(10.) / zeta(8.) * std::pow(turns, 2) * mean_square(5) +
                   330 * zeta(12.) / zeta(8.) * std::pow(turns, 4) * mean_square(6));
}

// **Waves inside a function.** Were the errors of all edges independent, they would add in the mean square: two waves $\frac12\sin\pi z$ on $[0,2]$, multiplied by $f$ outside, and the
// exponential on $[-1,1]$, all with cells of length $h=1.04\cdot2/G$,
// $$ \text{error}=\sqrt{|B_8|/8!}\;h^4\sqrt{\langle f^2\,\tfrac{\pi^8}4(\sin^2\pi z_1+\sin^2\pi z_2)\rangle+\langle f^2\rangle}. $$
// They are not quite. The inner edges are parabolas and have coefficients to spare, with which they take off a part of the waves' errors: those that oscillate least as seen from the inputs, near $x_i=0$.
// The finer the grid, the fewer these are, so that the network stays below this error and comes near it from below.
double predicted_layers_error(int cells) {
  // Averages over x_1 and x_2, with s = sin pi(x_1^2 + x_2^2): <e^s> and <e^s s^2>
  const auto mean = [](int power) {
    return integral(
        [&](double x) {
          return integral(
              [&](double y) {
                const double s = std::sin(pi * (x * x + y * y));
                return std::exp(s) * std::pow(s, power);
              },
              0, 1);
        },
        0, 1);
  };
  const double one = mean(0), waves = 2 * mean(2) * one;
  return cubic_spline_constant * std::pow(2.08 / cells, 4) *
         std::sqrt(std::pow(pi, 8) / 4 * waves + one * one);
}

// ## What networks do
//
// Training is that of kan. A single edge is linear in its coefficients, and one start is enough; of the others, starts are made until one has learned, and errors below `learned` of the spread of the target count as that.
struct Setting {
  double frequency;
  int data;
  std::vector<int> cells;
  std::int64_t sets;
  bool quick;

  double parameters(int grid) const { return grid + 3.; }

  // Where a cell is half a radian at most, the data determine the coefficients, and the mean is that of ten sets
  bool is_predicted(int grid) const {
    return grid >= 4 * frequency && data >= 12 * parameters(grid) && sets >= 10;
  }
  std::int64_t sets_of_layers() const { return std::max<std::int64_t>(1, sets / 4); }

  std::vector<double> predicted_cells() const {
    std::vector<double> grids;
    for (const int grid : cells)
      if (is_predicted(grid)) grids.push_back(grid);
    return grids;
  }
};

struct Target {
  std::string name;
  int inputs, data, unseen;
  std::uint64_t first_draw;
  std::function<double(std::span<const double>)> function;
};

std::vector<SplineRun> train_target(Report& report, const Target& target, const SplinePlan& plan,
                                    std::int64_t sets, double learned) {
  const auto samples = [&](std::uint64_t draw) {
    return uniform_samples(report.seed(), target.first_draw + draw, target.inputs,
                           draw % 2 == 0 ? target.data : target.unseen, target.function);
  };
  return train_splines_or_say(report, target.name, report.seed(), plan, sets, learned, samples);
}

Target product() {
  return {"a product", 2, 4000, 2000, 1u << 20, [](std::span<const double> x) { return x[0] * x[1]; }};
}

Target wave(const Setting& setting) {
  return {"a wave", 1, setting.data, 20000, 0, [k = setting.frequency](std::span<const double> x) {
            return boost::math::cyl_bessel_j(0, k * x[0]);
          }};
}

Target layers() {
  return {"waves inside a function", 4, 4000, 20000, 1u << 21, [](std::span<const double> x) {
            const auto half_wave = [](double u, double v) { return std::sin(pi * (u * u + v * v)) / 2; };
            return std::exp(half_wave(x[0], x[1]) + half_wave(x[2], x[3]));
          }};
}

double error_of_the_product_by_hand(std::uint64_t seed) {
  KolmogorovArnold network{{2, 2, 1}, 5};
  for (int j = 0; j < 2; ++j) {
    const double sign = j == 0 ? 1 : -1;
    network.set_interval(1, j, -2, 2);
    network.fit_edge(0, j, 0, [](double x) { return x; });
    network.fit_edge(0, j, 1, [&](double y) { return sign * y; });
    network.fit_edge(1, 0, j, [&](double z) { return sign * z * z / 4; });
  }
  return rms_error(network, uniform_samples(seed, product().first_draw + 1, 2, 2000, product().function));
}

const std::vector<int> few_cells{5, 10, 20};
constexpr int most_starts = 30;
constexpr double good_start = 3e-3;

// ## The claims
void declare(Claims& claims, const Setting& setting) {
  claims.bound("product-by-hand", "KN6", "$x_1x_2$, edges set by hand, $G=5$: nothing but rounding is left",
               Side::below);
  for (const int grid : {10, 20})
    claims.bound(fmt::format("product-{}", grid), "KN6",
                 fmt::format("$x_1x_2$, trained, $G={}$: the error is the optimiser's alone", grid),
                 Side::below);
  for (const int grid : setting.cells) {
    const std::string id = fmt::format("wave-{}", grid);
    if (!setting.is_predicted(grid)) {
      claims.leave_out(
          id, "KN5",
          "fewer than two cells for a radian, too few data for them, or fewer than ten sets of data");
      continue;
    }
    claims.exact(
        id + "-on-data", "KN5",
        fmt::format("$J_0(kx)$, $G={}$: the root mean square error on the data of all sets is that of "
                    "splines times $\\sqrt{{1-P/N}}$, within 3%",
                    grid),
        relative(0.03));
    claims.exact(id + "-on-new-points", "KN5",
                 fmt::format("$J_0(kx)$, $G={}$: the median error on new points is that times "
                             "$\\sqrt{{1+P/N}}$, within 3%",
                             grid),
                 relative(0.03));
  }
  if (setting.quick) return claims.leave_out("layers", "KN7", "three layers are trained in the full run");
  claims.bound("layers-starts", "KN7", "three layers: starts of a data set until one has learned",
               Side::below);
  claims.scaling("layers-slope", "KN7",
                 "three layers: the slope of the error on new points from $G=10$ to 20 is $-4$, also for the "
                 "data set where it is farthest from that; within 0.6, for it is flatter",
                 0.6);
  claims.exact("layers-20", "KN7",
               "three layers, $G=20$: the median error on the data is that of independent edges times "
               "$\\sqrt{1-P/N}$, within 20%",
               relative(0.2));
  claims.bound("layers-below", "KN7", "three layers, $G=20$: it is below that of independent edges",
               Side::below);
}

// ## The experiment, step by step
void compare_waves(Report& report, const Setting& setting, const std::vector<SplineRun>& runs) {
  for (std::size_t i = 0; i < setting.cells.size(); ++i) {
    const int grid = setting.cells[i];
    if (!setting.is_predicted(grid)) continue;
    const double predicted = predicted_wave_error(setting.frequency, grid);
    const double share = setting.parameters(grid) / setting.data;
    double sum = 0;
    for (const SplineRun& run : runs) sum += run.train[i] * run.train[i];
    report.compare(fmt::format("wave-{}-on-data", grid), predicted * std::sqrt(1 - share),
                   std::sqrt(sum / static_cast<double>(runs.size())));
    report.compare(fmt::format("wave-{}-on-new-points", grid), predicted * std::sqrt(1 + share),
                   median_error(runs, &SplineRun::test, i));
  }
}

void compare_layers(Report& report, const std::vector<SplineRun>& runs) {
  std::vector<double> slopes;
  std::size_t starts = 0;
  for (const SplineRun& run : runs) {
    const bool has_learned = *std::ranges::min_element(run.starts) < good_start;
    starts = std::max(starts, has_learned ? run.starts.size() : most_starts + 1);
    slopes.push_back(log_log_slope(std::vector{10., 20.}, std::vector{run.test[1], run.test[2]}));
  }
  const double parameters = 11 * 23, data = layers().data;
  report.compare("layers-starts", most_starts, static_cast<double>(starts));
  report.compare("layers-slope", -4, farthest(slopes, -4));
  const double independent = predicted_layers_error(20) * std::sqrt(1 - parameters / data);
  report.compare("layers-20", independent, median_error(runs, &SplineRun::train, 2));
  report.compare("layers-below", independent, median_error(runs, &SplineRun::train, 2));
}

// ## The figure
void add_points(Panel& panel, int colour, const std::string& name, const std::vector<int>& cells,
                const std::vector<SplineRun>& runs) {
  const auto [at, error] = finite_test_errors({cells.begin(), cells.end()}, runs);
  if (!at.empty()) panel.points(colour, name, at, error);
}

Figure rates(const Setting& setting, const std::vector<SplineRun>& products,
             const std::vector<SplineRun>& waves, const std::vector<SplineRun>& deep) {
  Panel panel;
  panel.x_axis({"cells G", true, 4, 1.25 * std::max(20, setting.cells.back())})
      .y_axis({"root mean square error on new points", true, 1e-10, 1e4})
      .legend("top right");
  std::vector<double> line;
  const std::vector<double> fine = setting.predicted_cells();
  for (const double grid : fine)
    line.push_back(predicted_wave_error(setting.frequency, static_cast<int>(grid)));
  if (!fine.empty())
    panel.guide("", {5, fine.back()}, {line.back() * std::pow(fine.back() / 5, 4), line.back()});
  if (fine.size() > 1) panel.line(0, "splines of best fit", fine, line);
  add_points(panel, 0, "a wave", setting.cells, waves);
  if (!deep.empty()) {
    std::vector<double> independent;
    for (const int grid : few_cells) independent.push_back(predicted_layers_error(grid));
    panel.guide("three layers, edges independent", {few_cells.begin(), few_cells.end()}, independent);
    add_points(panel, 1, "three layers", few_cells, deep);
  }
  add_points(panel, 2, "a product", few_cells, products);
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/hard_targets", "2.2", "Which targets are hard for learned edges?"};
  const auto& frequency = program.option("frequency", 20., between(5., 40.), "frequency k of the wave");
  const auto& cells =
      program.list("cells", {10, 20, 40, 80, 160}, between(5, 200), "cells G of the wave's edge");
  const auto& data = program.option("data", 2000, between(500, 20000), "points N of the wave's data");
  const auto& draws = program.samples(20, 10, 1);
  const auto setting = [&] { return Setting{frequency, data, cells, draws, program.quick()}; };
  program.validate([&] {
    if (!std::ranges::is_sorted(cells))
      throw BadOption{"cells", fmt::format("{}", fmt::join(cells, ",")), "ascending"};
    if (data < 2 * (cells.back() + 3))
      throw BadOption{"data", fmt::format("{}", data),
                      fmt::format("at least {}, two for each coefficient", 2 * (cells.back() + 3))};
  });
  program.figure(
      "ht_rate",
      "A wave needs a few cells before its error falls with the fourth power (dashed, through "
      "the last grid). Three layers stay below the error of independent edges in the median, and come near "
      "it. A product is exact, and what is left is the optimiser's.");
  program.claims([&](Claims& claims) { declare(claims, setting()); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. An easy target: nothing to approximate
    const auto products = train_target(report, product(), {{2, 2, 1}, few_cells, false, 20, 1e-5}, 1, 1e-4);
    report.compare("product-by-hand", 1e-13, error_of_the_product_by_hand(report.seed()));
    report.compare("product-10", 1e-6, products.front().test[1]);
    report.compare("product-20", 1e-7, products.front().test[2]);

    // 2. A wave: many cells are needed
    const auto waves = train_target(report, wave(setting()), {{1, 1}, cells, false, 1, 0}, draws, 0.05);
    compare_waves(report, setting(), waves);

    // 3. Three layers: many starts are needed
    std::vector<SplineRun> deep;
    if (!program.quick()) {
      deep = train_target(report, layers(), {{4, 2, 1, 1}, few_cells, false, most_starts, good_start},
                          setting().sets_of_layers(), 0.01);
      compare_layers(report, deep);
    }

    // 4. Draw
    report.draw("ht_rate", [&] { return rates(setting(), products, waves, deep); });
  });
}

// ## What we found
//
// A product that is set by hand has the error @value product-by-hand, a trained one @value product-20 with 20 cells. The wave with 80 cells, half a radian each, has
// @value wave-80-on-new-points, where splines of best fit have @predicted wave-80-on-new-points: without its second and third term the prediction would be a tenth too small.
//
// Three layers have another difficulty. Up to @value layers-starts starts were needed until one had learned, for many end in a local minimum. From there on all is well: the slope is @value layers-slope in the
// data set where it is farthest from $-4$, and it is flatter because on coarse grids the inner edges help the outer ones. With 20 cells the error on the data is @value layers-20, with independent edges it would be @predicted layers-20.
//
// @figure ht_rate
//
// @claims
//
// ## What can go wrong
//
// A grid that is coarser than a wave is no approximation at all: try `--frequency 40 --cells 10,20`, and the program says that nothing was learned. Below about $10^{-11}$ the normal equations of the training end, not the splines.
//
// In three layers starts decide. Training more steps does not help a bad one; the error of a start on the coarsest grid, a hundred times above that of a good one, tells them apart.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Sum $S$ in closed form with $\sum_n(x+n)^{-2}=\pi^2/\sin^2\pi x$ and six derivatives. What share does the best spline leave at $h\omega=\pi$?
// 2. How many coefficients does $J_0(kx)$ need for an error of $10^{-6}$, as a function of $k$? How many has a Fourier series?
// 3. Which other targets are exact for networks of cubic splines? How many middle nodes does $x_1x_2x_3$ need?
