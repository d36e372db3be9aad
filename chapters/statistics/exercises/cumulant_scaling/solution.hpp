#pragma once

#include <cmath>

// Independence makes the generating function of the sum a power:
// $$ \log\langle e^{t\phi}\rangle=N\log\langle e^{tX/\sqrt N}\rangle. $$
// The coefficient of $t^r/r!$ on the right is $N\kappa_r(X)N^{-r/2}$: cumulants add, and each of the $r$ legs brings a factor
// $N^{-1/2}$. The two-point function, $r=2$, is the one that survives untouched.

/// The r-th cumulant of phi = N^{-1/2} sum_i X_i, where each of the N neurons has the cumulant kappa_x.
inline double cumulant_of_sum(int r, double kappa_x, int width) {
  return kappa_x * std::pow(width, 1 - r / 2.);
}
