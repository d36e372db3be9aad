#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;

/// The angle t between the two inputs, cos t = c / sqrt(a b); zero where one of them vanishes.
double angle(double a, double b, double c) {
  const double norm = std::sqrt(a * b);
  return norm > 0 ? std::acos(std::clamp(c / norm, -1., 1.)) : 0;
}

double dual_relu(double norm, double t) { return norm * (std::sin(t) + (pi - t) * std::cos(t)) / (2 * pi); }

/// With a = leaky_slope, sigma(u) = relu(u) - a relu(-u); the pair (u, -v) has the angle pi - t.
double dual_leaky(double norm, double t) {
  return (1 + leaky_slope * leaky_slope) * dual_relu(norm, t) - 2 * leaky_slope * dual_relu(norm, pi - t);
}

double dual_abs(double a, double b, double c) {
  const double norm = std::sqrt(a * b);
  if (norm == 0) return 0;
  const double rho = std::clamp(c / norm, -1., 1.);
  return 2 / pi * norm * (std::sqrt(1 - rho * rho) + rho * std::asin(rho));
}

/// Stein's lemma, u sigma'(u) style: with p = 1/(2 pi sqrt D), D = (1 + a)(1 + b) - c^2.
double dual_gelu(double a, double b, double c) {
  const double product = (1 + a) * (1 + b), determinant = product - c * c;
  const double p = 1 / (2 * pi * std::sqrt(determinant));
  return c * (0.25 + std::asin(c / std::sqrt(product)) / (2 * pi)) + (a * b + c * c) * p -
         c * c * p * (a / (1 + a) + b / (1 + b));
}

/// < f(u) f(v) > by quadrature, also where one of the two is certain to vanish.
template <class Function>
double pair_average(Function f, double a, double b, double c) {
  if (a == 0) return f(0) * gaussian_average(f, b);
  if (b == 0) return f(0) * gaussian_average(f, a);
  return gaussian_average(f, f, a, b, c);
}

void require_covariance(double a, double b, double c) {
  if (!(a >= 0 && b >= 0))
    throw std::invalid_argument{"dual_activation: a variance is negative or not a number"};
  if (!(std::abs(c) <= std::sqrt(a * b) * (1 + 1e-9) + 1e-14))
    throw std::invalid_argument{"dual_activation: the covariance exceeds the variances: |c| > sqrt(a b)"};
}

}  // namespace

double activation_value(Activation activation, double z) {
  switch (activation) {
    case Activation::relu:
      return z > 0 ? z : 0;
    case Activation::relu_squared:
      return z > 0 ? z * z : 0;
    case Activation::step:
      return z > 0 ? 1 : 0;
    case Activation::abs:
      return std::abs(z);
    case Activation::erf:
      return std::erf(z);
    case Activation::tanh:
      return std::tanh(z);
    case Activation::sin:
      return std::sin(z);
    case Activation::cos:
      return std::cos(z);
    case Activation::exp:
      return std::exp(z);
    case Activation::gelu:
      return z * std::erfc(-z / std::numbers::sqrt2) / 2;
    case Activation::linear:
      return z;
    case Activation::leaky:
      return z > 0 ? z : leaky_slope * z;
  }
  throw std::invalid_argument{"activation_value: unknown activation"};
}

double activation_slope(Activation activation, double z) {
  const double side = z > 0 ? 1 : z < 0 ? -1 : 0;
  switch (activation) {
    case Activation::relu:
      return (1 + side) / 2;
    case Activation::relu_squared:
      return z > 0 ? 2 * z : 0;
    case Activation::step:
      throw std::invalid_argument{"activation_slope: step has no slope"};
    case Activation::abs:
      return side;
    case Activation::erf:
      return 2 * std::numbers::inv_sqrtpi * std::exp(-z * z);
    case Activation::tanh:
      return 1 / (std::cosh(z) * std::cosh(z));
    case Activation::sin:
      return std::cos(z);
    case Activation::cos:
      return -std::sin(z);
    case Activation::exp:
      return std::exp(z);
    case Activation::gelu:
      return std::erfc(-z / std::numbers::sqrt2) / 2 + z * std::exp(-z * z / 2) / std::sqrt(2 * pi);
    case Activation::linear:
      return 1;
    case Activation::leaky:
      return (1 + side) / 2 + leaky_slope * (1 - side) / 2;
  }
  throw std::invalid_argument{"activation_slope: unknown activation"};
}

double dual_activation(Activation activation, double a, double b, double c) {
  require_covariance(a, b, c);
  const double norm = std::sqrt(a * b), t = angle(a, b, c);
  switch (activation) {
    case Activation::relu:
      return dual_relu(norm, t);
    case Activation::relu_squared:
      return a * b * (3 * std::sin(t) * std::cos(t) + (pi - t) * (1 + 2 * std::cos(t) * std::cos(t))) /
             (2 * pi);
    case Activation::step:
      return norm > 0 ? (pi - t) / (2 * pi) : 0;
    case Activation::abs:
      return dual_abs(a, b, c);
    case Activation::erf:
      return 2 / pi * std::asin(2 * c / std::sqrt((1 + 2 * a) * (1 + 2 * b)));
    case Activation::sin:
      return std::exp(-(a + b) / 2) * std::sinh(c);
    case Activation::cos:
      return std::exp(-(a + b) / 2) * std::cosh(c);
    case Activation::exp:
      return std::exp((a + b) / 2 + c);
    case Activation::gelu:
      return dual_gelu(a, b, c);
    case Activation::linear:
      return c;
    case Activation::leaky:
      return dual_leaky(norm, t);
    case Activation::tanh:
      return dual_activation_by_quadrature(activation, a, b, c);
  }
  throw std::invalid_argument{"dual_activation: unknown activation"};
}

double dual_activation_by_quadrature(Activation activation, double a, double b, double c) {
  require_covariance(a, b, c);
  return pair_average([activation](double z) { return activation_value(activation, z); }, a, b, c);
}

double dual_slope(Activation activation, double a, double b, double c) {
  require_covariance(a, b, c);
  switch (activation) {
    case Activation::relu:
      return (pi - angle(a, b, c)) / (2 * pi);
    case Activation::erf:
      return 4 / pi / std::sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c);
    case Activation::sin:
      return std::exp(-(a + b) / 2) * std::cosh(c);
    case Activation::linear:
      return 1;
    default:
      return pair_average([activation](double z) { return activation_slope(activation, z); }, a, b, c);
  }
}

double activation_moment(Activation activation, int power, double variance) {
  return gaussian_average([=](double z) { return std::pow(activation_value(activation, z), power); },
                          variance);
}

}  // namespace fieldbook
