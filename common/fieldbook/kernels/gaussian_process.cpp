#include <fieldbook/kernels/gaussian_process.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

Eigen::LLT<Eigen::MatrixXd> positive_definite(const Eigen::MatrixXd& matrix) {
  Eigen::LLT<Eigen::MatrixXd> cholesky{matrix};
  if (cholesky.info() != Eigen::Success || !(cholesky.rcond() >= 1e-13))
    throw std::invalid_argument{"kernel numerically singular; add jitter (or noise)"};
  return cholesky;
}

}  // namespace

GaussianProcess::GaussianProcess(const Eigen::MatrixXd& kernel, Eigen::VectorXd targets,
                                 double noise_variance)
    : cholesky_{positive_definite(kernel +
                                  noise_variance * Eigen::MatrixXd::Identity(kernel.rows(), kernel.cols()))},
      targets_{std::move(targets)},
      weights_{cholesky_.solve(targets_)} {}

double GaussianProcess::variance(const Eigen::VectorXd& k, double prior_variance) const {
  return prior_variance - k.dot(cholesky_.solve(k));
}

double GaussianProcess::log_evidence() const {
  const Eigen::MatrixXd factor = cholesky_.matrixL();
  const auto n = static_cast<double>(targets_.size());
  return -targets_.dot(weights_) / 2 - factor.diagonal().array().log().sum() -
         n / 2 * std::log(2 * std::numbers::pi);
}

Eigen::MatrixXd free_action(const Eigen::MatrixXd& kernel) {
  return positive_definite(kernel).solve(Eigen::MatrixXd::Identity(kernel.rows(), kernel.cols()));
}

}  // namespace fieldbook
