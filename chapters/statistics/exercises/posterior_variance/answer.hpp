#pragma once

#include <Eigen/Dense>

/// The coefficient of 1/N of the posterior variance at the test point. features: (data + 1) x nodes, the test point last;
/// probability: of every node; y: the data; noise: the variance s^2.
inline double variance_correction(const Eigen::MatrixXd& features, const Eigen::VectorXd& probability,
                                  const Eigen::VectorXd& y, double noise) {
  (void)features, (void)probability, (void)y, (void)noise;
  EXERCISE_TODO();
}
