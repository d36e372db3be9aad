#pragma once

#include <Eigen/Core>

#include <cmath>

/// The times at which ds/dt = L s^{2 - 2/L} (sigma - s) from s(0) = s0 reaches sigma/2, one for each sigma.
inline Eigen::VectorXd half_times(const Eigen::VectorXd& sigmas, double s0, int depth) {
  (void)sigmas, (void)s0, (void)depth;
  EXERCISE_TODO();
}
