#include <fieldbook/fields/cutoff_propagator.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/sinc.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument{std::string{"FreeScalar: "} + what};
}

double without_cutoff(const FreeScalar& field, double r, double power) {
  require(power == 1 || power == 2, "without a cutoff the power must be 1 or 2");
  const double m = field.mass;
  if (field.dimension == 1)
    return power == 1 ? std::exp(-m * r) / (2 * m) : (1 + m * r) * std::exp(-m * r) / (4 * m * m * m);
  if (field.dimension == 2) {
    if (power == 1) {
      require(r > 0, "the propagator diverges at r = 0 in two dimensions");
      return boost::math::cyl_bessel_k(0, m * r) / (2 * pi);
    }
    return r > 0 ? r * boost::math::cyl_bessel_k(1, m * r) / (4 * pi * m) : 1 / (4 * pi * m * m);
  }
  if (power == 1) {
    require(r > 0, "the propagator diverges at r = 0 in three dimensions");
    return std::exp(-m * r) / (4 * pi * r);
  }
  return std::exp(-m * r) / (8 * pi * m);
}

/// The average of e^{i p.x} over directions times the surface p^{d-1} S_d / (2 pi)^d.
double shell(int dimension, double p, double r) {
  if (dimension == 1) return std::cos(p * r) / pi;
  if (dimension == 2) return p * boost::math::cyl_bessel_j(0, p * r) / (2 * pi);
  return p * p * boost::math::sinc_pi(p * r) / (2 * pi * pi);
}

}  // namespace

double momentum_ball(const FreeScalar& field) {
  const double l = field.cutoff;
  return field.dimension == 1 ? 2 * l : field.dimension == 2 ? pi * l * l : 4 * pi * l * l * l / 3;
}

double cutoff_integral(const FreeScalar& field, double r, double power) {
  require(field.dimension >= 1 && field.dimension <= 3, "the dimension must be 1, 2 or 3");
  require(field.mass > 0 && field.cutoff > 0 && r >= 0 && std::isfinite(power),
          "the mass and the cutoff must be above 0, the distance not negative, the power finite");
  if (std::isinf(field.cutoff)) return without_cutoff(field, r, power);
  const auto integrand = [&](double p) {
    return shell(field.dimension, p, r) / std::pow(p * p + field.mass * field.mass, power);
  };
  // Panels no longer than half a wave, and no longer than what the denominator asks for
  double sum = 0;
  for (double from = 0; from < field.cutoff;) {
    const double length = std::min(r > 0 ? pi / r : field.cutoff, field.mass + from / 2);
    const double to = std::min(field.cutoff, from + length);
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, from, to, 0);
    from = to;
  }
  return sum;
}

}  // namespace fieldbook
