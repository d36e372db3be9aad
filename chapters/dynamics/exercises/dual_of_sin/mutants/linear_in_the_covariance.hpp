#pragma once

#include <cmath>
#include <utility>

// A product of sines is half a difference of cosines, sin u sin v = (cos(u - v) - cos(u + v))/2, and the product of cosines is
// half their sum. Both u - v and u + v are Gaussian, of variances k11 + k22 -+ 2 k12, and a Gaussian of variance s has <cos> =
// e^{-s/2}. So
//   F = e^{-(k11 + k22)/2} (e^{k12} - e^{-k12})/2,
// and the plus sign makes a cosh of it. The odd part of k12 belongs to the odd function, as it must.

/// F = <sin u sin v> and Fdot = <cos u cos v> for Gaussian (u, v) with <u u> = k11, <v v> = k22, <u v> = k12.
inline std::pair<double, double> dual_of_sin(double k11, double k12, double k22) {
  const double decay = std::exp(-(k11 + k22) / 2);
  return {decay * k12, decay * std::cosh(k12)};
}
