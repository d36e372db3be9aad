#pragma once

#include <cmath>

// In the plane $d^2p/(2\pi)^2=d(p^2)/4\pi$, so $Z_\beta$ is elementary. The vertex vanishes at $\mu_4=2Z_0^2/Z_\alpha Z_{-\alpha}$:
// two for $\alpha=0$, the law of Rayleigh, and less for all others.

inline double normalisation(double beta, double mass, double cutoff) {
  const double low = mass * mass, high = low + cutoff * cutoff;
  if (beta == 0) return std::log(high / low) / (4 * M_PI);
  return (std::pow(low, -beta) - std::pow(high, -beta)) / (4 * M_PI * beta);
}

/// The connected four-point function at one point of a network of this width in the plane.
inline double vertex_at_a_point(double alpha, double mu4, int width, double mass, double cutoff) {
  const double z = normalisation(0, mass, cutoff);
  return (1.5 * mu4 * normalisation(alpha, mass, cutoff) * normalisation(-alpha, mass, cutoff) - 3 * z * z) /
         width;
}

/// The fourth moment of the amplitudes for which it vanishes.
inline double mu4_without_vertex(double alpha, double mass, double cutoff) {
  const double z = normalisation(0, mass, cutoff);
  return 2 * z * z / (normalisation(alpha, mass, cutoff) * normalisation(-alpha, mass, cutoff));
}
