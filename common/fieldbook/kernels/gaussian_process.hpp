#pragma once

#include <fieldbook/numerics/decompositions.hpp>

#include <Eigen/Core>

namespace fieldbook {

/// Regression with a Gaussian process of mean zero: y = phi(X) + noise, phi ~ GP(0, K), noise ~ N(0, noise_variance).
///
/// Rasmussen and Williams, "Gaussian processes for machine learning" (2006), algorithm 2.1.
class GaussianProcess {
 public:
  /// `kernel` is K_XX of the n data points, `targets` their n values. std::invalid_argument if K_XX + noise is not
  /// positive definite or so near to singular (reciprocal condition below 1e-13) that no digit could be trusted.
  GaussianProcess(const Eigen::MatrixXd& kernel, Eigen::VectorXd targets, double noise_variance);

  /// Posterior mean of phi(x): k^T (K_XX + noise)^-1 y, with k_i = K(x, X_i).
  double mean(const Eigen::VectorXd& k) const { return k.dot(weights_); }

  /// Posterior variance of phi(x): K(x, x) - k^T (K_XX + noise)^-1 k.
  double variance(const Eigen::VectorXd& k, double prior_variance) const;

  /// log p(y) = -y^T A^-1 y / 2 - log det A / 2 - n log(2 pi) / 2 with A = K_XX + noise.
  double log_evidence() const;

  /// (K_XX + noise)^-1 b.
  Eigen::MatrixXd solve(const Eigen::MatrixXd& b) const { return cholesky_.solve(b); }

  /// (K_XX + noise)^-1 y.
  const Eigen::VectorXd& weights() const { return weights_; }

 private:
  Eigen::LLT<Eigen::MatrixXd> cholesky_;
  Eigen::VectorXd targets_;
  Eigen::VectorXd weights_;
};

/// The matrix S of the free action S[phi] = phi^T K^-1 phi / 2 on finitely many points: the inverse of their kernel.
/// std::invalid_argument ("kernel numerically singular; add jitter") where the reciprocal condition is below 1e-13.
Eigen::MatrixXd free_action(const Eigen::MatrixXd& kernel);

}  // namespace fieldbook
