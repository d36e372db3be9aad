#include <fieldbook/exercise/check.hpp>

#include <fieldbook/training/spline_training.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>
#include <numbers>
#include <span>
#include <string>

using namespace fieldbook;
using std::numbers::pi;

namespace {

constexpr int cells = 40, data = 4000;

/// The error of a trained network on its data, times G^4 and corrected for what least squares hides: with P coefficients it sees
/// sqrt(1 - P/N) of the error. Training begins at the splines of the true edges, so that no start is a bad one.
double measured_prefactor(const Sum& target, std::uint64_t seed) {
  const Samples samples = uniform_samples(seed, 0, 2, data, [&](std::span<const double> x) {
    return target.outer.value(target.left.value(x[0]) + target.right.value(x[1]));
  });
  KolmogorovArnold network{{2, 1, 1}, cells};
  network.fit_edge(0, 0, 0, target.left.value);
  network.fit_edge(0, 0, 1, target.right.value);
  const auto [low, high] = network.ranges(samples.x)[1][0];
  network.set_interval(1, 0, low - (high - low) / 50, high + (high - low) / 50);
  network.fit_edge(1, 0, 0, target.outer.value);
  for (int round = 0; round < 2; ++round) {
    network = fitted_to_ranges(network, cells, samples);
    train(network, samples, {30, 1e-4});
  }
  const double share = static_cast<double>(network.parameters().size()) / data;
  return rms_error(network, samples) / std::sqrt(1 - share) * std::pow(cells, 4);
}

struct Case {
  std::string formula, advice;
  Sum target;
};

double cubic(double x) { return 4 * x * x * x - 3 * x; }
double zero(double) { return 0; }

Edge wave(double size, double k, double phase) {
  return {[=](double x) { return size * std::sin(k * x + phase); },
          [=](double x) { return size * std::pow(k, 4) * std::sin(k * x + phase); }};
}
const Edge exponential{[](double z) { return std::exp(z); }, [](double z) { return std::exp(z); }};

const Case cases[] = {
    {"exp(sin(pi x) + y^2)",
     "The error of the sine is multiplied with f, and a parabola is a spline.",
     {wave(1, pi, 0), {[](double y) { return y * y; }, zero}, exponential, exponential.value}},
    {"exp(x/2 + sin(4 y))",
     "Does the other edge count in the same way?",
     {{[](double x) { return x / 2; }, zero}, wave(1, 4, 0), exponential, exponential.value}},
    {"sin(2 (4 x^3 - 3 x + 4 y^3 - 3 y))",
     "Only the outer edge is no spline: its cells cover 1.04 times the range of z.",
     {{cubic, zero}, {cubic, zero}, wave(1, 2, 0), [](double z) { return 2 * std::cos(2 * z); }}},
    {"sin(2 (sin(3 x) + cos(3 y)))",
     "Squares of the errors add up.",
     {wave(1, 3, 0), wave(1, 3, pi / 2), wave(1, 2, 0), [](double z) { return 2 * std::cos(2 * z); }}}};

}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (std::uint64_t i = 0; i < std::size(cases); ++i) {
      const auto& [formula, advice, target] = cases[i];
      const double measured = measured_prefactor(target, 1 + i);
      check.expect(
          fmt::format("c for {}, in units of the {:.4g} that a trained network has", formula, measured),
          kan_prefactor(target) / measured, 1, 0.08, advice);
    }
    check.expect("the error of exp(sin(pi x) + y^2) with 40 cells, in units of 10^-6",
                 1e6 * kan_prefactor(cases[0].target) / std::pow(40, 4), 1.040, 1e-3,
                 "Are the averages over the square good to three digits?");
  });
}
