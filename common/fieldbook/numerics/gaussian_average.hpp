#pragma once

#include <boost/math/quadrature/gauss.hpp>

#include <cmath>
#include <numbers>

namespace fieldbook {

/// < f(z) > over z ~ N(0, variance), by Gauss-Legendre quadrature on 32 panels of one standard deviation.
///
/// A kink or jump of f at z = 0 falls between two panels and costs no accuracy. The cut at 16 standard deviations
/// suits functions that grow no faster than e^{4 |z| / sqrt(variance)}.
template <class Function>
double gaussian_average(Function f, double variance) {
  const double scale = std::sqrt(variance);
  double sum = 0;
  for (int panel = -16; panel < 16; ++panel)
    sum += boost::math::quadrature::gauss<double, 15>::integrate(
        [&](double z) { return std::exp(-z * z / 2) * f(scale * z); }, panel, panel + 1);
  return sum / std::sqrt(2 * std::numbers::pi);
}

/// < f(u) g(v) > over the Gaussian pair of variances a and b and covariance c, in polar coordinates.
///
/// u = sqrt(a) r cos(angle), v = sqrt(b) r cos(angle - t) with cos t = c / sqrt(a b): kinks or jumps of f and g at zero
/// lie on rays, where the integral over the angle is split. The radius is cut at 16.
template <class F, class G>
double gaussian_average(F f, G g, double a, double b, double c) {
  using boost::math::quadrature::gauss;
  const double t = std::acos(std::min(1., std::max(-1., c / std::sqrt(a * b))));
  const auto over_radius = [&](double angle) {
    const double u = std::sqrt(a) * std::cos(angle), v = std::sqrt(b) * std::cos(angle - t);
    double sum = 0;
    for (int panel = 0; panel < 16; panel += 2)
      sum += gauss<double, 15>::integrate(
          [&](double r) { return r * std::exp(-r * r / 2) * f(u * r) * g(v * r); }, panel, panel + 2);
    return sum;
  };
  // The rays u = 0 and v = 0; half a turn on, the same again
  const double half = std::numbers::pi / 2;
  double sum = 0;
  for (const double start : {-half, half}) {
    const double cuts[] = {start, start + t, start + 2 * half};
    for (int piece = 0; piece < 2; ++piece)
      for (int part = 0; part < 4; ++part) {
        const double step = (cuts[piece + 1] - cuts[piece]) / 4;
        if (step > 0)
          sum += gauss<double, 15>::integrate(over_radius, cuts[piece] + part * step,
                                              cuts[piece] + (part + 1) * step);
      }
  }
  return sum / (2 * std::numbers::pi);
}

}  // namespace fieldbook
