#pragma once

#include <cmath>

/// C = <|omega|> for omega ~ N(0, 1) in d dimensions.
inline double barron_constant(int dimension) {
  (void)dimension;
  EXERCISE_TODO();
}

/// The mean of (f_N(x) - f(x))^2 over networks of N = width steps on the ball of radius sqrt(d), at |x|^2 = square.
inline double step_error(int dimension, double square, int width) {
  (void)dimension, (void)square, (void)width;
  EXERCISE_TODO();
}
