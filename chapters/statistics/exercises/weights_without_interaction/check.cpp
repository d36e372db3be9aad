#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <numbers>
#include <vector>

using namespace fieldbook;

namespace {

/// Sums of a quantity and its square, for its mean in units of the standard error.
struct Mean {
  double sum = 0, squares = 0, count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  double deviation_from(double expected) const {
    const double mean = sum / count;
    return (mean - expected) / std::sqrt((squares / count - mean * mean) / count);
  }
};

constexpr int width = 5, networks = 2000000;

struct Sampled {
  Mean weight, square, cube, fourth, coincident, separated;
};

/// Moments of the weights, and of fields at one point and at four. All means but the disconnected parts are zero by symmetry, and
/// the two-point function is known to be e^{-(x-y)^2/2}, so that the estimators below have no bias.
Sampled sample() {
  const double x[] = {0, 0.5, -0.4, 0.9};
  const Stream uniforms{1, "exercise: weights and phases"}, normals{1, "exercise: momenta"};
  const auto two_point = [&](int i, int j) { return std::exp(-(x[i] - x[j]) * (x[i] - x[j]) / 2); };
  const double pairings = two_point(0, 1) * two_point(2, 3) + two_point(0, 2) * two_point(1, 3) +
                          two_point(0, 3) * two_point(1, 2);
  std::vector<double> u(3 * width), w(width);
  Sampled sampled;
  for (std::uint64_t network = 0; network < networks; ++network) {
    uniforms.uniforms(network, u);
    normals.normals(network, w);
    double phi[4] = {};
    for (int i = 0; i < width; ++i) {
      const double a = output_weight(u[3 * i], u[3 * i + 1]), b = 2 * std::numbers::pi * u[3 * i + 2];
      sampled.weight.add(a);
      sampled.square.add(a * a);
      sampled.cube.add(a * a * a);
      sampled.fourth.add(a * a * a * a);
      for (int p = 0; p < 4; ++p) phi[p] += a * std::sqrt(2. / width) * std::cos(w[i] * x[p] + b);
    }
    sampled.coincident.add(phi[0] * phi[0] * phi[0] * phi[0] - 3);
    sampled.separated.add(phi[0] * phi[1] * phi[2] * phi[3] - pairings);
  }
  return sampled;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check.expect("the kurtosis", cancelling_kurtosis(), 2, 1e-12,
                 "At coincident points N G_4 = mu4 <f^4> - 3, and <f^4> is not that of a Gaussian.");
    const Sampled sampled = sample();
    const double limit = 5;  // in standard errors
    check.expect("the mean of your weights, in standard errors", sampled.weight.deviation_from(0), 0, limit,
                 "The law must be even.");
    check.expect("the third moment of your weights, in standard errors", sampled.cube.deviation_from(0), 0,
                 limit, "The law must be even.");
    check.expect("the variance of your weights less one, in standard errors",
                 sampled.square.deviation_from(1), 0, limit);
    check.expect("the kurtosis of your weights less two, in standard errors",
                 sampled.fourth.deviation_from(2), 0, limit);
    check.expect("the connected four-point function at one point, in standard errors",
                 sampled.coincident.deviation_from(0), 0, limit);
    // At separated points N G_4 = 2 F_1234 - (three pairings), with F_1234 = 0.9620239 and pairings 1.6760849
    check.expect("the same at separated points, less its prediction, in standard errors",
                 sampled.separated.deviation_from((2 * 0.9620239 - 1.6760849) / width), 0, limit);
    check.expect("is the interaction at separated points seen (1: yes)",
                 sampled.separated.deviation_from(0) > limit, 1, 0);
  });
}
