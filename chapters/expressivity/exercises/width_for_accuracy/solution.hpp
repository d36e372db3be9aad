#pragma once

#include <algorithm>
#include <cmath>

// The output is a mean of values, $f_N=\sum_jf(m_j)w_j$ with $w_j=\sigma_j-\sigma_{j+1}$, so that
// $|f-f_N|\le L\sum_jw_j|x-m_j|$, and $L|y-x|$ as a function of $y$ attains it. On a knot, at $u=x/h=0$ of an endless row of knots,
// the centres are at distances $\frac12,\frac32,\dots$, and summing by parts from the inside out
// $$ A=\tfrac12+2\sum_{k\ge1}\sigma(-\kappa k). $$
// A step has $\frac12$, half a cell, and a sigmoid of $\kappa=5$ costs 3 % more neurons. The bound $LA/(N+1)$ is at most
// $\varepsilon$ from $N+1=LA/\varepsilon$ on, rounded up.

/// The smallest N >= 1 such that N sigmoids of this steepness, infinity for steps, come within `accuracy` of every function with
/// |f'| <= slope on [0,1].
inline int width_for_accuracy(double accuracy, double slope, double steepness) {
  double spread = 0.5;
  for (int k = 1; k * steepness < 700; ++k) spread += 2 / (1 + std::exp(k * steepness));
  return std::max(1, static_cast<int>(std::ceil(slope * spread / accuracy)) - 1);
}
