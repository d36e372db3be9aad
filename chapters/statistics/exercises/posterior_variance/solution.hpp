#pragma once

#include <Eigen/Dense>

// Write C = K + D. The posterior variance is < w v > / < w > + < w M^2 > / < w > - (< w M > / < w >)^2, and to order 1/N only second
// moments of D survive, which are 1/N times those of one neuron:
//   c = < w1 v1 > + < v2 > + < M1^2 >
// with w1 = (alpha.D alpha - tr A^-1 D) / 2, v1 = D_** - 2 beta.D_X* + beta.D beta, beta = A^-1 k, and, with
// r = D_X* - D beta, M1 = r.alpha and v2 = - r.A^-1 r. Averages of a single D vanish.

/// The coefficient of 1/N of the posterior variance at the test point. features: (data + 1) x nodes, the test point last;
/// probability: of every node; y: the data; noise: the variance s^2.
inline double variance_correction(const Eigen::MatrixXd& features, const Eigen::VectorXd& probability,
                                  const Eigen::VectorXd& y, double noise) {
  const Eigen::Index n = y.size();
  const Eigen::MatrixXd kernel = features * probability.asDiagonal() * features.transpose();
  const Eigen::MatrixXd a = kernel.topLeftCorner(n, n) + noise * Eigen::MatrixXd::Identity(n, n);
  const Eigen::MatrixXd inverse = a.inverse();
  const Eigen::VectorXd k = kernel.col(n).head(n), alpha = inverse * y, beta = inverse * k;
  double correction = 0;
  for (Eigen::Index node = 0; node < features.cols(); ++node) {
    const Eigen::VectorXd f = features.col(node).head(n);
    const double test = features(n, node);
    const Eigen::MatrixXd d = f * f.transpose() - kernel.topLeftCorner(n, n);
    const Eigen::VectorXd dk = test * f - k, r = dk - d * beta;
    const double w1 = (alpha.dot(d * alpha) - inverse.cwiseProduct(d).sum()) / 2;
    const double v1 = test * test - kernel(n, n) - 2 * beta.dot(dk) + beta.dot(d * beta);
    const double v2 = -r.dot(inverse * r), m1 = r.dot(alpha);
    correction += probability[node] * (w1 * v1 + v2 + m1 * m1);
  }
  return correction;
}
