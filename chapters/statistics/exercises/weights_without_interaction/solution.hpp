#pragma once

#include <cmath>

// Cumulants of independent neurons add, so the fourth cumulant of $\phi$ is that of one neuron over $N$:
// $$ \kappa_4(af)=\mu_4\langle f^4\rangle-3\langle f^2\rangle^2=\tfrac32\mu_4-3, $$
// because $\langle f^2\rangle=1$ and $\langle f^4\rangle=4\langle\cos^4\rangle=\frac32$. It vanishes for $\mu_4=2$. The square of such
// a weight may be exponential: $\langle E\rangle=1$ and $\langle E^2\rangle=2$. With these weights the field is exactly Gaussian at
// one point: a cosine with a random phase and such an amplitude is one Cartesian component of a Gaussian vector in the plane. At
// separated points the same $\mu_4=2$ multiplies another average, and the interaction is still there.

/// The kurtosis <a^4> of output weights with <a^2> = 1 that makes the connected four-point function vanish.
inline double cancelling_kurtosis() { return 2; }

/// One output weight with that kurtosis, from two independent numbers, uniform on (0, 1).
inline double output_weight(double u, double v) { return (v < 0.5 ? -1 : 1) * std::sqrt(-std::log(u)); }
