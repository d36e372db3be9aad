#pragma once

#include <Eigen/Dense>

#include <functional>
#include <vector>

// $\Theta\phi(t_i)$ is $\phi(-t_i)$, a distance $t_i+t_j$ from $\phi(t_j)$. The matrix of $G(t_i+t_j)$ must have no negative
// eigenvalue. The free propagator has many that are zero, so rounding errors need some room.

/// Is G(|t|) reflection positive as far as these times, none negative, can tell?
inline bool reflection_positive(const std::function<double(double)>& propagator,
                                const std::vector<double>& times) {
  const auto n = static_cast<Eigen::Index>(times.size());
  Eigen::MatrixXd gram(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) gram(i, j) = propagator(times[i] + times[j]);
  const double lowest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{gram}.eigenvalues()[0];
  return lowest >= -1e-12 * gram.cwiseAbs().maxCoeff();
}
