#pragma once

#include <cmath>

// The average is $\sin(kh)/kh$, and one for $k=0$. At $h=\pi/2$ it vanishes for all even $k$ and for no odd $k$: networks with an
// even number of fields cannot tell a half circle from a full one.

/// < cos(k c) > for c uniform on [-h, h].
inline double phase_average(int k, double h) { return k == 0 ? 1 : std::sin(k * h) / (k * h); }

/// Are correlators of 2, 4, ..., `points` fields translation invariant?
inline bool invariant(double h, int points) {
  for (int k = 2; k <= points; k += 2)
    if (std::abs(phase_average(k, h)) > 1e-12) return false;
  return true;
}
