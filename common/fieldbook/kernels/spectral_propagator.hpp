#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <limits>

namespace fieldbook {

/// A number of steps that stands for the end of training.
inline constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

/// Full-batch gradient descent on L = 1/(2P) sum_p (y_p - f(x_p))^2 with a tangent kernel Theta that never changes, solved
/// in discrete time: with Theta_XX = U diag(lambda) U^T on the P data,
/// f_n(x) = f_0(x) + Theta(x, X) G_n (y - f_0(X)), G_n = U diag[(1 - (1 - eta lambda/P)^n)/lambda] U^T.
///
/// Modes with lambda below 1e-12 of the largest are never learned: G_n leaves them out, and G_forever is the
/// pseudo-inverse of Theta_XX (Lee et al., arXiv:1902.06720; arXiv:2408.00082, section 4.2).
class SpectralPropagator {
 public:
  /// The Gram matrix Theta_XX, P x P, and the step eta. std::invalid_argument, naming the bound, unless
  /// 0 < eta < 2 P/lambda_max, where gradient descent converges; for a matrix that is not square, is empty, or has an eigenvalue
  /// below -1e-8 of the largest.
  SpectralPropagator(const Eigen::MatrixXd& gram, double step);

  /// 2 P/lambda_max: steps from here on diverge.
  static double largest_step(const Eigen::MatrixXd& gram);

  /// lambda, ascending: P.
  const Eigen::VectorXd& eigenvalues() const { return eigenvalues_; }

  /// U, P x P, one mode a column.
  const Eigen::MatrixXd& modes() const { return modes_; }

  /// The number of modes that are learned.
  Eigen::Index rank() const;

  /// G_n, P x P. n >= 0 or `forever`; std::invalid_argument otherwise.
  Eigen::MatrixXd gain(std::int64_t n) const;

  /// y - f_n(X) = U diag[(1 - eta lambda/P)^n] U^T (y - f_0(X)), P.
  Eigen::VectorXd residual(std::int64_t n, const Eigen::VectorXd& start) const;

  /// The mean of f_n at T points over networks of mean zero: Theta(x, X) G_n y. cross: Theta(x, X), T x P.
  Eigen::VectorXd mean(std::int64_t n, const Eigen::MatrixXd& cross, const Eigen::VectorXd& targets) const;

  /// The covariance of f_n at T points, T x T, over networks that start with covariance K: A K A^T with A = (-R_n, 1) and
  /// R_n = Theta(x, X) G_n. cross: Theta(x, X), T x P; nngp: K on the P data and the T points, in this order.
  Eigen::MatrixXd covariance(std::int64_t n, const Eigen::MatrixXd& cross, const Eigen::MatrixXd& nngp) const;

 private:
  bool learned(double eigenvalue) const;
  /// (1 - eta lambda/P)^n - 1, to full relative precision.
  double decay_minus_one(std::int64_t n, double eigenvalue) const;

  double rate_;  ///< eta/P
  Eigen::VectorXd eigenvalues_;
  Eigen::MatrixXd modes_;
};

}  // namespace fieldbook
