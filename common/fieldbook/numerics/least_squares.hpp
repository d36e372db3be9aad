#pragma once

#include <Eigen/Core>

namespace fieldbook {

/// The minimiser of |y - x b|^2, and of all minimisers the one of smallest norm: x is n x p of any rank, y has n entries, b has p. By a
/// complete orthogonal decomposition, so that normal equations never square the condition. std::invalid_argument if the sizes do not fit.
Eigen::VectorXd least_squares_of_minimal_norm(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                              const Eigen::VectorXd& y);

/// The minimiser of |y - x b|^2 + penalty |b|^2, from the smaller of the two Gram matrices: (x^T x + penalty)^{-1} x^T y or
/// x^T (x x^T + penalty)^{-1} y. std::invalid_argument if the sizes do not fit or penalty <= 0.
Eigen::VectorXd ridge_regression(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::VectorXd& y,
                                 double penalty);

}  // namespace fieldbook
