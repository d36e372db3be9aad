#pragma once

#include <cmath>

// Cumulants of independent neurons add, so the fourth cumulant of phi is that of one neuron over N:
//   kappa_4(a f) = mu4 <f^4> - 3 <f^2>^2 = mu4 3/2 - 3,
// because <f^2> = 1 and <f^4> = 4 <cos^4> = 3/2. It vanishes for mu4 = 2. The square of such a weight may be exponential:
// <E> = 1 and <E^2> = 2. With these weights the field is exactly Gaussian at one point: a cosine with a random phase and
// such an amplitude is one Cartesian component of a Gaussian vector in the plane. At separated points the same mu4 = 2
// multiplies another average, and the interaction is still there.

/// The kurtosis <a^4> of output weights with <a^2> = 1 that makes the connected four-point function vanish.
inline double cancelling_kurtosis() { return 2; }

/// One output weight with that kurtosis, from two independent numbers, uniform on (0, 1).
inline double output_weight(double u, double) {
  const double p = (1 - std::sqrt(0.2)) / 2;  // kurtosis 1/(p (1 - p)) - 3 = 2
  return u < p ? std::sqrt((1 - p) / p) : -std::sqrt(p / (1 - p));
}
