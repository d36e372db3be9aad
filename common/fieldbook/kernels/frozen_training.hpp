#pragma once

#include <fieldbook/kernels/spectral_propagator.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace fieldbook {

/// The law of an ensemble of infinitely wide networks that are trained on P data and asked at T other points; see
/// SpectralPropagator. Before training they are Gaussian with mean zero and covariance K.
class FrozenTraining {
 public:
  /// kernel: K and Theta at the P data and the T points, in this order; targets: P; the step is
  /// eta = relative_step P/lambda_max, so that relative steps below 2 converge (std::invalid_argument for others).
  FrozenTraining(TangentKernel kernel, Eigen::VectorXd targets, double relative_step = 1);

  double step() const { return step_; }
  const TangentKernel& kernel() const { return kernel_; }
  const Eigen::VectorXd& targets() const { return targets_; }
  Eigen::Index data() const { return targets_.size(); }
  Eigen::Index points() const { return kernel_.ntk.rows() - data(); }

  /// Theta_XX, P x P, and Theta(x, X), T x P.
  Eigen::MatrixXd gram() const { return kernel_.ntk.topLeftCorner(data(), data()); }
  Eigen::MatrixXd cross() const { return kernel_.ntk.bottomLeftCorner(points(), data()); }

  const SpectralPropagator& propagator() const { return propagator_; }

  /// mu_n at the points: T.
  Eigen::VectorXd mean(std::int64_t n) const { return propagator_.mean(n, cross(), targets_); }
  /// Sigma_n at the points: T x T.
  Eigen::MatrixXd covariance(std::int64_t n) const {
    return propagator_.covariance(n, cross(), kernel_.nngp);
  }

 private:
  TangentKernel kernel_;
  Eigen::VectorXd targets_;
  double step_;
  SpectralPropagator propagator_;
};

}  // namespace fieldbook
