// Arithmetic with 50 digits, by Boost.Multiprecision

#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>

#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <array>
#include <functional>
#include <limits>

#include "comparison.hpp"

namespace values {
namespace {

using namespace fieldbook;
using Real = boost::multiprecision::cpp_bin_float_50;

const std::string by = "Boost.Multiprecision, 50 digits";
constexpr double ulp = 0x1p-52;

Real pi() { return boost::math::constants::pi<Real>(); }

/// Variances and covariance of a Gaussian pair, the same numbers on both sides.
struct Pair {
  double a, b, c;
};
constexpr std::array pairs{Pair{1, 1, 0.5}, Pair{0.5, 2, -0.6}, Pair{0.25, 0.75, 0.375}, Pair{1.5, 1, 0.25}};

/// < f(u) f(v) > by the trapezoidal rule on a square grid of independent normal numbers, u = sqrt(a) x and
/// v = (c/a) u + sqrt(b - c^2/a) y: for analytic f its error falls like e^{-2 pi r / step}, r the distance of the nearest pole
/// from the axis (here pi/2 sqrt(2/3) at the least), and what is beyond |x| = 9 is below 1e-17.
Real gaussian_pair(const Pair& pair, const std::function<Real(const Real&)>& f) {
  const Real a = pair.a, b = pair.b, c = pair.c, step = Real(1) / 5;
  const Real root = sqrt(a), slope = c / root, rest = sqrt(b - c * c / a);
  constexpr int half = 45;
  std::array<Real, 2 * half + 1> weight;
  for (int i = -half; i <= half; ++i) weight[i + half] = exp(-i * i * step * step / 2);
  Real sum = 0;
  for (int i = -half; i <= half; ++i) {
    const Real x = i * step;
    Real inner = 0;
    for (int j = -half; j <= half; ++j) inner += weight[j + half] * f(slope * x + rest * (j * step));
    sum += weight[i + half] * f(root * x) * inner;
  }
  return sum * step * step / (2 * pi());
}

Comparison smooth_dual(Activation activation, const std::function<Real(const Real&)>& f, double tolerance) {
  Comparison all{
      "dual activation of " + name(activation), by + ": trapezoidal sums over the plane", tolerance, {}, {}};
  for (const auto& pair : pairs)
    all.add(dual_activation(activation, pair.a, pair.b, pair.c), static_cast<double>(gaussian_pair(pair, f)));
  return all;
}

/// The average of relu relu, and of their slopes, by Cho and Saul 2009: (sin t + (pi - t) cos t) / (2 pi) and (pi - t) / (2 pi).
struct Averages {
  Real values, slopes;
};
Averages relu(const Real& a, const Real& b, const Real& c) {
  const Real root = sqrt(a * b), cosine = c / root, angle = cosine >= 1 ? Real(0) : acos(cosine);
  return {root * (sin(angle) + (pi() - angle) * cos(angle)) / (2 * pi()), (pi() - angle) / (2 * pi())};
}
/// For erf by Williams 1997: (2/pi) asin(2c / sqrt((1 + 2a)(1 + 2b))) and (4/pi) / sqrt((1 + 2a)(1 + 2b) - 4c^2).
Averages erf_pair(const Real& a, const Real& b, const Real& c) {
  const Real product = (1 + 2 * a) * (1 + 2 * b);
  return {2 / pi() * asin(2 * c / sqrt(product)), 4 / pi() / sqrt(product - 4 * c * c)};
}

/// Three kernels of two inputs through the layers, and the tangent kernels beside them.
Comparison recursion(Activation activation,
                     const std::function<Averages(const Real&, const Real&, const Real&)>& average) {
  Comparison all{"NNGP and NTK of deep " + name(activation) + " networks",
                 by + ": recursion of Jacot et al. 2018",
                 256 * ulp,
                 {},
                 {}};
  const DeepLaw law{.activation = activation, .weight_variance = 1.5, .bias_variance = 0.125};
  const Eigen::Matrix2d inputs{{1, -0.5}, {0.25, 0.75}};
  const Real w = law.weight_variance, bias = law.bias_variance;
  const auto first = [&](int i, int j) { return w * Real(inputs.row(i).dot(inputs.row(j))) / 2 + bias; };
  std::array<Real, 3> k{first(0, 0), first(0, 1), first(1, 1)}, theta = k;
  for (int depth = 1; depth <= 6; ++depth) {
    const std::array<Averages, 3> layer{average(k[0], k[0], k[0]), average(k[0], k[2], k[1]),
                                        average(k[2], k[2], k[2])};
    for (std::size_t i = 0; i < 3; ++i) {
      k[i] = w * layer[i].values + bias;
      theta[i] = k[i] + w * layer[i].slopes * theta[i];
    }
    const auto ours = tangent_kernel(law, depth, inputs);
    for (std::size_t i = 0; i < 3; ++i) {
      const Eigen::Index row = i == 2, column = i > 0;
      all.add(ours.nngp(row, column), static_cast<double>(k[i]));
      all.add(ours.ntk(row, column), static_cast<double>(theta[i]));
    }
  }
  return all;
}

Comparison propagators() {
  Comparison all{"free propagators in one, two and three dimensions",
                 by + ": $e^{-mr}/2m$, $K_0(mr)/2\\pi$, $e^{-mr}/4\\pi r$",
                 16 * ulp,
                 {},
                 {}};
  for (const double m : {0.5, 1., 3.})
    for (const double r : {0.125, 1., 4.}) {
      const Real x = Real(m) * Real(r);
      const std::array<Real, 3> exact{exp(-x) / (2 * m), boost::math::cyl_bessel_k(0, x) / (2 * pi()),
                                      exp(-x) / (4 * pi() * r)};
      for (int d = 1; d <= 3; ++d)
        all.add(cutoff_integral({.dimension = d, .mass = m}, r),
                static_cast<double>(exact[static_cast<std::size_t>(d) - 1]));
    }
  return all;
}

Comparison cut_off() {
  Comparison all{"propagators with a cutoff at a point",
                 by + ": $\\arctan(\\Lambda/m)/\\pi m$, $\\ln(1+\\Lambda^2/m^2)/4\\pi$, "
                      "$(\\Lambda-m\\arctan(\\Lambda/m))/2\\pi^2$",
                 1e-12,
                 {},
                 {}};
  for (const double m : {0.5, 2.})
    for (const double cutoff : {1., 8.}) {
      const Real ratio = Real(cutoff) / m;
      const std::array<Real, 3> exact{atan(ratio) / (pi() * m), log(1 + ratio * ratio) / (4 * pi()),
                                      (cutoff - m * atan(ratio)) / (2 * pi() * pi())};
      for (int d = 1; d <= 3; ++d)
        all.add(cutoff_integral({.dimension = d, .mass = m, .cutoff = cutoff}, 0),
                static_cast<double>(exact[static_cast<std::size_t>(d) - 1]));
    }
  return all;
}

/// sum over all images of the circle of e^{-m|t + nT|} / (2m).
Comparison circle() {
  Comparison all{"propagator on a circle", by + ": sum over images", 16 * ulp, {}, {}};
  const double mass = 0.75, length = 4;
  const auto field = circle_field(mass, length, 8);
  for (int site = 0; site < 8; ++site) {
    Real sum = 0;
    for (int n = -60; n <= 60; ++n) sum += exp(-Real(mass) * abs(Real(site) / 2 + n * length));
    all.add(field.propagator[site], static_cast<double>(sum / (2 * mass)));
  }
  return all;
}

}  // namespace

std::vector<Comparison> from_fifty_digits() {
  const Real root_two = sqrt(Real(2));
  return {smooth_dual(
              Activation::erf, [](const Real& z) { return Real(boost::math::erf(z)); }, 32 * ulp),
          smooth_dual(
              Activation::tanh, [](const Real& z) { return Real(tanh(z)); }, 1e-9),
          smooth_dual(
              Activation::gelu, [=](const Real& z) { return Real(z * boost::math::erfc(-z / root_two) / 2); },
              32 * ulp),
          smooth_dual(
              Activation::sin, [](const Real& z) { return Real(sin(z)); }, 32 * ulp),
          smooth_dual(
              Activation::cos, [](const Real& z) { return Real(cos(z)); }, 32 * ulp),
          recursion(Activation::relu, relu),
          recursion(Activation::erf, erf_pair),
          propagators(),
          cut_off(),
          circle()};
}

}  // namespace values
