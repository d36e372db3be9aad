#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <numbers>
#include <vector>

using namespace fieldbook;

namespace {

/// < g(u) g(v) > as a plain double integral: the trapezoidal rule on a grid of independent normals converges exponentially.
double by_quadrature(double (*g)(double), double k11, double k12, double k22) {
  const double slope = k12 / std::sqrt(k11), rest = std::sqrt(std::max(0., k22 - slope * slope)), step = 0.05;
  double sum = 0;
  for (int i = -180; i <= 180; ++i)
    for (int j = -180; j <= 180; ++j) {
      const double s = i * step, t = j * step;
      sum += g(std::sqrt(k11) * s) * g(slope * s + rest * t) * std::exp(-(s * s + t * t) / 2);
    }
  return sum * step * step / (2 * std::numbers::pi);
}

std::pair<double, double> both_by_quadrature(double k11, double k12, double k22) {
  return {by_quadrature([](double z) { return std::sin(z); }, k11, k12, k22),
          by_quadrature([](double z) { return std::cos(z); }, k11, k12, k22)};
}

/// The tangent kernel of `depth` hidden layers for two inputs, by its recursion with F and Fdot from `dual`.
template <class Dual>
double tangent_kernel(Dual dual, int depth, double k11, double k12, double k22) {
  constexpr double weights = 1.7, biases = 0.2;
  double theta = k12;
  for (int layer = 0; layer < depth; ++layer) {
    const auto [f, slopes] = dual(k11, k12, k22);
    k11 = weights * dual(k11, k11, k11).first + biases;
    k22 = weights * dual(k22, k22, k22).first + biases;
    k12 = weights * f + biases;
    theta = k12 + weights * slopes * theta;
  }
  return theta;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check.expect("F of independent inputs (k12 = 0)", dual_of_sin(0.7, 0, 1.3).first, 0, 1e-10,
                 "An odd function of one of two independent Gaussians averages to zero.");
    check.expect("Fdot of independent inputs of variance 1, that is <cos z>^2", dual_of_sin(1, 0, 1).second,
                 by_quadrature([](double z) { return std::cos(z); }, 1, 0, 1), 1e-10);
    std::vector<double> u(60);
    Stream{1, "exercise: dual of sin"}.uniforms(0, u);
    for (std::size_t i = 0; i < 20; ++i) {
      const double k11 = 0.1 + 3 * u[3 * i], k22 = 0.1 + 3 * u[3 * i + 1];
      const double k12 = 0.95 * (2 * u[3 * i + 2] - 1) * std::sqrt(k11 * k22);
      const auto got = dual_of_sin(k11, k12, k22), expected = both_by_quadrature(k11, k12, k22);
      const auto where = fmt::format("at k11 = {:.3f}, k12 = {:.3f}, k22 = {:.3f}", k11, k12, k22);
      check.expect("F " + where, got.first, expected.first, 1e-10, "The variances of u - v and of u + v?");
      check.expect("Fdot " + where, got.second, expected.second, 1e-10, "The slope of a sine is a cosine.");
    }
    for (const int depth : {1, 2, 3})
      check.expect(fmt::format("tangent kernel of {} layers of sines", depth),
                   tangent_kernel(dual_of_sin, depth, 1.1, 0.5, 0.9),
                   tangent_kernel(both_by_quadrature, depth, 1.1, 0.5, 0.9), 1e-9);
  });
}
