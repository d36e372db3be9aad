#pragma once

#include <cmath>

/// The kurtosis <a^4> of output weights with <a^2> = 1 that makes the connected four-point function vanish.
inline double cancelling_kurtosis() { EXERCISE_TODO(); }

/// One output weight with that kurtosis, from two independent numbers, uniform on (0, 1).
inline double output_weight(double u, double v) {
  (void)u, (void)v;
  EXERCISE_TODO();
}
