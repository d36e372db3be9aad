#pragma once

#include <cmath>

/// < cos(k c) > for c uniform on [-h, h].
inline double phase_average(int k, double h) {
  (void)k, (void)h;
  EXERCISE_TODO();
}

/// Are correlators of 2, 4, ..., `points` fields translation invariant?
inline bool invariant(double h, int points) {
  (void)h, (void)points;
  EXERCISE_TODO();
}
