#pragma once

#include <cmath>

// The average over the phase gives $\frac12$, that over $a$ gives $\sigma_a^2$, and a uniform momentum has the density one over the
// volume $V$ of the ball. So
// $$ \langle\phi(x)\phi(y)\rangle=\frac{A^2\sigma_a^2}{2V}\int_{|b|<\Lambda}d^db\,\frac{\cos b\cdot(x-y)}{b^2+m^2}, $$
// which must be the integral with $d^dp/(2\pi)^d$: $A^2=2V/(2\pi)^d\sigma_a^2$.

/// The amplitude A of a Scalar-net in `dimension` dimensions with momenta up to `cutoff` and output weights of standard deviation sigma_a.
inline double scalar_net_amplitude(int dimension, double cutoff, double sigma_a) {
  const double unit_ball = dimension == 1 ? 2 : dimension == 2 ? M_PI : 4 * M_PI / 3;
  const double volume = unit_ball * std::pow(cutoff, dimension);
  return std::sqrt(2 * volume / std::pow(2 * M_PI, dimension)) / sigma_a;
}
