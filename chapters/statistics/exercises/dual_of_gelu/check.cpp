#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <vector>

using namespace fieldbook;

namespace {

/// The average as a plain double integral: the trapezoidal rule on a grid of independent normals converges exponentially.
double by_quadrature(double a, double b, double c) {
  const auto gelu = [](double z) { return z * 0.5 * std::erfc(-z * std::sqrt(0.5)); };
  const double slope = c / std::sqrt(a), rest = std::sqrt(b - slope * slope), step = 0.05;
  double sum = 0;
  for (int i = -180; i <= 180; ++i)
    for (int j = -180; j <= 180; ++j) {
      const double s = i * step, t = j * step;
      sum += gelu(std::sqrt(a) * s) * gelu(slope * s + rest * t) * std::exp(-(s * s + t * t) / 2);
    }
  return sum * step * step / (2 * std::numbers::pi);
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check.expect("independent inputs (c = 0)", dual_of_gelu(1, 1, 0), by_quadrature(1, 1, 0), 1e-9,
                 "Only the average with two densities is left here.");
    check.expect("a = 0.8, b = 1.5, c = -0.4", dual_of_gelu(0.8, 1.5, -0.4), 0.00320943117, 1e-9);
    std::vector<double> u(60);
    Stream{1, "exercise: dual of GELU"}.uniforms(0, u);
    for (std::size_t i = 0; i < 20; ++i) {
      const double a = 0.1 + 2 * u[3 * i], b = 0.1 + 2 * u[3 * i + 1];
      const double c = 0.95 * (2 * u[3 * i + 2] - 1) * std::sqrt(a * b);
      const double got = dual_of_gelu(a, b, c), mirrored = dual_of_gelu(b, a, c);
      check.expect(fmt::format("exchange of the inputs at a = {:.3f}, b = {:.3f}, c = {:.3f}", a, b, c), got,
                   mirrored, 1e-12, "The average does not change when u and v change places.");
      check.expect(fmt::format("a = {:.3f}, b = {:.3f}, c = {:.3f}", a, b, c), got, by_quadrature(a, b, c),
                   1e-9);
    }
  });
}
