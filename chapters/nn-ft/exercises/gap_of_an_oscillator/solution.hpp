#pragma once

#include <Eigen/Dense>

#include <cmath>

// In the states of frequency $w$, $x$ has the elements $\sqrt{n/2w}$ beside the diagonal, and
// $\frac12p^2=w(n+\frac12)-\frac12w^2x^2$. The square of a cut matrix is wrong in its last rows, so $x^4$ is formed in a larger
// basis. Any $w$ of the size of the gap will do.

/// The gap E_1 - E_0 of p^2/2 + mass2 x^2/2 + lambda x^4/24.
inline double gap(double mass2, double lambda) {
  const int states = 120, more = states + 4;
  const double w = std::sqrt(std::max(mass2 + lambda / 2, std::abs(mass2)));
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(more, more);
  for (int n = 1; n < more; ++n) x(n, n - 1) = x(n - 1, n) = std::sqrt(n / (2 * w));
  const Eigen::MatrixXd x2 = x * x;
  Eigen::MatrixXd h = (mass2 - w * w) / 2 * x2 + lambda / 24 * x2 * x2;
  for (int n = 0; n < more; ++n) h(n, n) += w * (n + 0.5);
  const Eigen::VectorXd e =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{h.topLeftCorner(states, states)}.eigenvalues();
  return e[1] - e[0];
}
