#pragma once

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

// The length of $\omega$ has the density $2^{1-d/2}z^{d-1}e^{-z^2/2}/\Gamma(d/2)$, whose first moment is
// $C=\sqrt2\,\Gamma(\frac{d+1}2)/\Gamma(\frac d2)$.
//
// With $S(z)=\int_0^z|\sin t|\,dt$, which grows by 2 every $\pi$, averaging the identity for the cosine over both signs of $\omega$
// gives $f=1-v\langle\text{sgn}(\sin t)\,H(\omega\cdot x-t)\rangle$ with $v=2\langle S(r|\omega|)\rangle$, where $v/2$ normalises
// $p(\omega)|\sin t|$. Each term of $f_N$ has the second moment $v^2P(t<\omega\cdot x)$. Since $\omega\cdot x=|x|\zeta$ with a normal
// $\zeta$, and $|x|\le r$,
// $$ v\,P(t<\omega\cdot x)=2\langle S((|x|\zeta)_+)\rangle,\qquad N\langle(f_N-f)^2\rangle=2v\langle S((|x|\zeta)_+)\rangle-(f-1)^2. $$
// Barron puts $z$ for $S(z)$, a factor $\pi/2$ at large $z$, and then 1 for the probability of being on and 0 for the mean squared.

namespace detail {

/// int_0^last S(scale z) density(z) dz, piece by piece between the kinks of S.
template <class Density>
double average_of_swept_sine(double scale, double last, Density density) {
  constexpr double pi = std::numbers::pi;
  const auto swept = [](double z) {
    const double n = std::floor(z / pi);
    return 2 * n + 1 - std::cos(z - n * pi);
  };
  const auto integrand = [&](double z) { return swept(scale * z) * density(z); };
  double sum = 0;
  for (double left = 0; left < last; left += pi / scale)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        integrand, left, std::min(last, left + pi / scale), 8, 1e-12);
  return sum;
}

}  // namespace detail

/// C = <|omega|> for omega ~ N(0, 1) in d dimensions.
inline double barron_constant(int dimension) {
  const double d = dimension;
  return std::numbers::sqrt2 * std::exp(std::lgamma((d + 1) / 2) - std::lgamma(d / 2));
}

/// The mean of (f_N(x) - f(x))^2 over networks of N = width steps on the ball of radius sqrt(d), at |x|^2 = square.
inline double step_error(int dimension, double square, int width) {
  const double d = dimension, norm = (1 - d / 2) * std::log(2) - std::lgamma(d / 2);
  const auto length = [&](double z) { return std::exp(norm + (d - 1) * std::log(z) - z * z / 2); };
  const auto normal = [](double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); };
  const double v = 2 * detail::average_of_swept_sine(std::sqrt(d), std::sqrt(d) + 10, length);
  const double on = 2 * detail::average_of_swept_sine(std::sqrt(square), 10, normal);
  const double below = std::exp(-square / 2) - 1;
  return (v * on - below * below) / width;
}
