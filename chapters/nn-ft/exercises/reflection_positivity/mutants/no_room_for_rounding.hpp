#pragma once

#include <Eigen/Dense>

#include <functional>
#include <vector>

/// Is G(|t|) reflection positive as far as these times, none negative, can tell?
inline bool reflection_positive(const std::function<double(double)>& propagator,
                                const std::vector<double>& times) {
  const auto n = static_cast<Eigen::Index>(times.size());
  Eigen::MatrixXd gram(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) gram(i, j) = propagator(times[i] + times[j]);
  const double lowest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{gram}.eigenvalues()[0];
  return lowest >= 0;
}
