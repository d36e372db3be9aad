#pragma once

#include <cmath>

/// The smallest N >= 1 such that N sigmoids of this steepness, infinity for steps, come within `accuracy` of every function with
/// |f'| <= slope on [0,1].
inline int width_for_accuracy(double accuracy, double slope, double steepness) {
  (void)accuracy, (void)slope, (void)steepness;
  EXERCISE_TODO();
}
