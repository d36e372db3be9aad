#pragma once

#include <Eigen/Core>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>

// The equation separates,
// $$ t=\int_{s_0}^{\sigma/2}\frac{ds}{L\,s^{2-2/L}(\sigma-s)}. $$
// From a small $s_0$ the integrand is a steep power, which the substitution $s=e^x$ turns into an exponential, smooth enough for any
// quadrature:
// $$ t=\int dx\,\frac{e^{-(1-2/L)x}}{L\,(\sigma-e^x)}. $$
// The exponent tells the story. For $L=1$ the integral does not care where it starts; for $L=2$ every factor $e$ of $s_0$ costs the
// same time, and $t=\ln(\sigma/s_0-1)/2\sigma$; from $L=3$ on the start dominates, $t\sim s_0^{-(1-2/L)}$.

/// The times at which ds/dt = L s^{2 - 2/L} (sigma - s) from s(0) = s0 reaches sigma/2, one for each sigma.
inline Eigen::VectorXd half_times(const Eigen::VectorXd& sigmas, double s0, int depth) {
  using boost::math::quadrature::gauss_kronrod;
  return sigmas.unaryExpr([&](double sigma) {
    const auto slowness = [&](double x) {
      return std::exp(-(1 - 2. / depth) * x) / (depth * (sigma - std::exp(x)));
    };
    return gauss_kronrod<double, 31>::integrate(slowness, std::log(s0), std::log(sigma / 2), 15, 1e-12);
  });
}
