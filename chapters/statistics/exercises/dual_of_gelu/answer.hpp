#pragma once

#include <cmath>
#include <numbers>

/// <sigma(u) sigma(v)> for sigma(z) = z Phi(z) and Gaussian (u, v) with <u u> = a, <v v> = b, <u v> = c.
inline double dual_of_gelu(double a, double b, double c) {
  (void)a, (void)b, (void)c;
  EXERCISE_TODO();
}
