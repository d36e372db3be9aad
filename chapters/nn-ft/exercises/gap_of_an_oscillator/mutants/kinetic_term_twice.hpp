#pragma once

#include <Eigen/Dense>

#include <cmath>

/// The gap E_1 - E_0 of p^2/2 + mass2 x^2/2 + lambda x^4/24.
inline double gap(double mass2, double lambda) {
  const int states = 120, more = states + 4;
  const double w = std::sqrt(std::max(mass2 + lambda / 2, std::abs(mass2)));
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(more, more);
  for (int n = 1; n < more; ++n) x(n, n - 1) = x(n - 1, n) = std::sqrt(n / (2 * w));
  const Eigen::MatrixXd x2 = x * x;
  Eigen::MatrixXd h = mass2 / 2 * x2 + lambda / 24 * x2 * x2;
  for (int n = 0; n < more; ++n) h(n, n) += w * (n + 0.5);
  const Eigen::VectorXd e =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{h.topLeftCorner(states, states)}.eigenvalues();
  return e[1] - e[0];
}
