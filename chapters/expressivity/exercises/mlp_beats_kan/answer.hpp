#pragma once

#include <cmath>

/// f on the square [-1,1]^2: a function that tanh networks learn ten times better than splines on edges.
inline double target(double x, double y) {
  (void)x, (void)y;
  EXERCISE_TODO();
}
