#pragma once

#include <Eigen/Dense>

/// The covariance of fully trained networks at the test points. k, theta: the first `data` rows and columns belong to the data,
/// the others to the test points.
inline Eigen::MatrixXd trained_covariance(const Eigen::MatrixXd& k, const Eigen::MatrixXd& theta,
                                          Eigen::Index data) {
  (void)k, (void)theta, (void)data;
  EXERCISE_TODO();
}

/// The covariance of the posterior at the test points, without noise.
inline Eigen::MatrixXd posterior_covariance(const Eigen::MatrixXd& k, Eigen::Index data) {
  (void)k, (void)data;
  EXERCISE_TODO();
}
