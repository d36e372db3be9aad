#pragma once

#include <cmath>

/// The limit of N Var(Theta) / <Theta>^2 at one input, for `depth` hidden layers of leaky ReLU of slope `leak` on the negative
/// side.
inline double fluctuation_coefficient(int depth, double leak) {
  (void)depth, (void)leak;
  EXERCISE_TODO();
}
