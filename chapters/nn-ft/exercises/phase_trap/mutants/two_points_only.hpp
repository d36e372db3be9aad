#pragma once

#include <cmath>

/// < cos(k c) > for c uniform on [-h, h].
inline double phase_average(int k, double h) { return k == 0 ? 1 : std::sin(k * h) / (k * h); }

/// Are correlators of 2, 4, ..., `points` fields translation invariant?
inline bool invariant(double h, int points) {
  for (int k = 2; k <= 0 * points + 2; k += 2)
    if (std::abs(phase_average(k, h)) > 1e-12) return false;
  return true;
}
