#pragma once

#include <Eigen/Dense>

// Training is linear in the network it starts from: at the end $f(x)=f_0(x)+R(x)\,(y-f_0(X))$ with
// $R(x)=\Theta(x,X)\,\Theta(X,X)^{-1}$, so what fluctuates is $f_0(x)-R(x)f_0(X)$, and
// $$ \Sigma=K_{**}-RK_{X*}-K_{*X}R^T+RK_{XX}R^T. $$
// The posterior has the same form with $R=K(x,X)\,K(X,X)^{-1}$: then the last two terms cancel. It is the $R$ of smallest
// variance, so trained networks are never surer than the posterior. The two agree where $\Theta$ is proportional to $K$, as it is
// when the last layer alone is trained: then $\Theta=K$, and gradient descent samples from the posterior.

/// The covariance of fully trained networks at the test points. k, theta: the first `data` rows and columns belong to the data,
/// the others to the test points.
inline Eigen::MatrixXd trained_covariance(const Eigen::MatrixXd& k, const Eigen::MatrixXd& theta,
                                          Eigen::Index data) {
  const Eigen::Index tests = k.rows() - data;
  const Eigen::MatrixXd r =
      theta.topLeftCorner(data, data).ldlt().solve(theta.topRightCorner(data, tests)).transpose();
  const Eigen::MatrixXd cross = r * k.topRightCorner(data, tests);
  return k.bottomRightCorner(tests, tests) - cross - cross.transpose() +
         r * k.topLeftCorner(data, data) * r.transpose();
}

/// The covariance of the posterior at the test points, without noise.
inline Eigen::MatrixXd posterior_covariance(const Eigen::MatrixXd& k, Eigen::Index data) {
  return trained_covariance(k, k, data);
}
