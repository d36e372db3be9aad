#pragma once

#include <cmath>
#include <utility>

// A product of sines is half a difference of cosines, $\sin u\sin v=\frac12[\cos(u-v)-\cos(u+v)]$, and the product of cosines is
// half their sum. Both $u\mp v$ are Gaussian, of variances $k_{11}+k_{22}\mp2k_{12}$, and a Gaussian $z$ of variance $s$ has
// $\langle\cos z\rangle=e^{-s/2}$. So
// $$ F=e^{-(k_{11}+k_{22})/2}\,\tfrac12\bigl(e^{k_{12}}-e^{-k_{12}}\bigr), $$
// and the plus sign makes a cosh of it. The odd part of $k_{12}$ belongs to the odd function, as it must.

/// F = <sin u sin v> and Fdot = <cos u cos v> for Gaussian (u, v) with <u u> = k11, <v v> = k22, <u v> = k12.
inline std::pair<double, double> dual_of_sin(double k11, double k12, double k22) {
  const double decay = std::exp(-(k11 + k22) / 2);
  return {decay * std::sinh(k12), decay * std::cosh(k12)};
}
