#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/signal_propagation.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;

void check(Activation activation) {
  if (activation != Activation::erf && activation != Activation::tanh)
    throw std::invalid_argument{name(activation) + ": signal propagation knows erf and tanh"};
}

double tanh_slope(double z) { return 1 - std::tanh(z) * std::tanh(z); }

/// The root of a continuous function that changes its sign between a and b.
template <class Function>
double root(Function f, double a, double b) {
  std::uintmax_t steps = 200;
  const auto [low, high] =
      boost::math::tools::toms748_solve(f, a, b, boost::math::tools::eps_tolerance<double>{50}, steps);
  return (low + high) / 2;
}

/// < sigma'^2 > at variance q.
double mean_squared_slope(Activation activation, double q) {
  return correlation_slope({activation, 1, 0}, q, 1);
}

}  // namespace

double next_variance(const DeepLaw& law, double q) {
  check(law.activation);
  // On the diagonal one integral is enough for tanh
  const double square = law.activation == Activation::erf ? dual_activation(law.activation, q, q, q)
                                                          : activation_moment(law.activation, 2, q);
  return law.bias_variance + law.weight_variance * square;
}

double fixed_variance(const DeepLaw& law) {
  check(law.activation);
  if (law.bias_variance <= 0) throw std::invalid_argument{"fixed_variance: needs a bias variance above 0"};
  // Both activations are bounded by 1, so the map ends below sigma_w^2 + sigma_b^2
  return root([&](double q) { return next_variance(law, q) - q; }, law.bias_variance / 2,
              law.weight_variance + 2 * law.bias_variance);
}

double variance_slope(const DeepLaw& law, double q) {
  check(law.activation);
  return law.weight_variance / (2 * q * q) *
         gaussian_average(
             [&](double z) {
               const double sigma = activation_value(law.activation, z);
               return sigma * sigma * (z * z - q);
             },
             q);
}

double correlation_slope(const DeepLaw& law, double q, double c) {
  check(law.activation);
  if (law.activation == Activation::erf) {
    const double a = 2 * q / (1 + 2 * q);
    return law.weight_variance * 4 / (pi * (1 + 2 * q)) / std::sqrt((1 - a * c) * (1 + a * c));
  }
  if (c == 1)
    return law.weight_variance * gaussian_average([](double z) { return tanh_slope(z) * tanh_slope(z); }, q);
  return law.weight_variance * gaussian_average(tanh_slope, tanh_slope, q, q, q * c);
}

double correlation_curvature(const DeepLaw& law, double q) {
  check(law.activation);
  const auto second_derivative = [&](double z) {
    if (law.activation == Activation::erf) return -4 / std::sqrt(pi) * z * std::exp(-z * z);
    return -2 * std::tanh(z) * tanh_slope(z);
  };
  return law.weight_variance * q *
         gaussian_average([&](double z) { return second_derivative(z) * second_derivative(z); }, q);
}

double fixed_correlation(const DeepLaw& law, double q) {
  if (correlation_slope(law, q) <= 1) return 1;
  // Divided by 1 - c, so that the solver does not find the unstable fixed point at 1
  return root(
      [&](double c) {
        const double next =
            (law.bias_variance + law.weight_variance * dual_activation(law.activation, q, q, q * c)) / q;
        return (next - c) / (1 - c);
      },
      0, 1 - 1e-9);
}

CriticalPoint critical_point(Activation activation, double bias_variance) {
  check(activation);
  if (bias_variance <= 0) throw std::invalid_argument{"critical_point: needs a bias variance above 0"};
  const auto weight_variance = [&](double q) { return 1 / mean_squared_slope(activation, q); };
  const auto implied_bias = [&](double q) {
    return q - next_variance({activation, weight_variance(q), 0}, q);
  };
  double high = 1;
  while (implied_bias(high) < bias_variance) high *= 2;
  const double q = root([&](double x) { return implied_bias(x) - bias_variance; }, 1e-6, high);
  return {weight_variance(q), q};
}

}  // namespace fieldbook
