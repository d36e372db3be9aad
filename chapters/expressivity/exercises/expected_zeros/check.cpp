#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/networks/relu_path.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <numbers>
#include <string>

using namespace fieldbook;
using std::numbers::pi;

namespace {

/// The angle between z^l(t) and z^l(t') in a network of infinite width, by the kernels of all layers.
double angle(double bias_variance, double t, double u, int layer) {
  double tt = 1 + t * t + bias_variance, tu = 1 + t * u + bias_variance, uu = 1 + u * u + bias_variance;
  for (int l = 1;; ++l) {
    const double root = std::sqrt(tt * uu), rest = std::sqrt(std::max(0., tt * uu - tu * tu));
    const double between = std::atan2(rest, tu);
    if (l == layer) return between;
    tu = root * (std::sin(between) + (pi - between) * std::cos(between)) / pi + bias_variance;
    tt += bias_variance;
    uu += bias_variance;
  }
}

/// Two neighbours have different signs with the probability angle/pi.
double sign_changes(double bias_variance, double half_length, int layer, int steps) {
  double sum = 0;
  for (int i = 0; i < steps; ++i)
    sum += angle(bias_variance, half_length * (2. * i / steps - 1), half_length * (2. * (i + 1) / steps - 1),
                 layer);
  return sum / pi;
}

/// Zeros between grid points are missed in proportion to the step.
double zeros_by_kernels(double bias_variance, double half_length, int layer) {
  const double coarse = sign_changes(bias_variance, half_length, layer, 2000),
               fine = sign_changes(bias_variance, half_length, layer, 4000);
  return 2 * fine - coarse;
}

/// Networks of 64 neurons a layer, followed exactly: zeros per neuron of the first two layers.
void count(Check& check, double deviation, double half_length) {
  constexpr int width = 64, networks = 400;
  Averages zeros{2};
  Eigen::MatrixXd ends(2, 2);
  ends << 1, 1, -half_length, half_length;
  for (std::uint64_t draw = 0; draw < networks; ++draw) {
    ReluPath path{ends};
    Eigen::VectorXd observed(2);
    for (int l = 0; l < 2; ++l) {
      const Stream weights{1, fmt::format("exercise: weights {}", l)},
          biases{1, fmt::format("exercise: biases {}", l)};
      path.apply(
          (l == 0 ? 1 : std::sqrt(2. / width)) * gaussian_matrix(weights, draw, width, l == 0 ? 2 : width),
          deviation * gaussian_matrix(biases, draw, width, 1));
      observed[l] = 0;
      for (const int zero : path.rectify()) observed[l] += static_cast<double>(zero) / width;
    }
    zeros.add(observed);
  }
  for (int l = 0; l < 2; ++l) {
    const Estimate mean = zeros.mean(l);
    // The second layer has a correction of order 1/N, of a per cent or so
    const double error = std::hypot(mean.standard_error, l == 0 ? 0 : 0.01);
    check.expect(
        fmt::format("zeros per neuron in layer {} of drawn networks, {:.4f} +- {:.4f}; yours less this, in "
                    "standard errors",
                    l + 1, mean.value, error),
        (expected_zeros(deviation, half_length, l + 1) - mean.value) / error, 0, 5,
        "What does a layer add to Q?");
  }
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const double chapter[] = {0.67549, 0.65020, 0.62798, 0.60817, 0.59033};
    for (int layer = 1; layer <= 5; ++layer)
      check.expect(fmt::format("zeros per neuron of layer {} for sigma_b = 0.5 and T = 2", layer),
                   expected_zeros(0.5, 2, layer), chapter[layer - 1], 1e-5,
                   layer == 1 ? "In the first layer z = w_1 + w_2 t + b." : "What does a layer add to Q?");
    for (const int layer : {1, 4})
      check.expect(fmt::format("zeros per neuron of layer {} without biases, T = 2", layer),
                   expected_zeros(0, 2, layer), 0.704833, 1e-6, "Without biases all layers are alike.");
    for (std::uint64_t number = 0; number < 20; ++number) {
      double u[2];
      Stream{1, "exercise: expected zeros"}.uniforms(number, u);
      const double deviation = 1.5 * u[0], half_length = 0.2 + 4 * u[1];
      const int layer = 1 + static_cast<int>(number % 5);
      check.expect(fmt::format("zeros per neuron of layer {} for sigma_b = {:.4f}, T = {:.4f}", layer,
                               deviation, half_length),
                   expected_zeros(deviation, half_length, layer),
                   zeros_by_kernels(deviation * deviation, half_length, layer), 1e-5,
                   "What does a layer add to Q?");
    }
    count(check, 0.8, 1.5);
  });
}
