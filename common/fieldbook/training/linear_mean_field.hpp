#pragma once

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// A linear network with one hidden layer in mean-field form, f(x) = beta.x with beta = 1/(gamma0 N) sum_i a_i w_i, and the gradient
/// flow da_i/dt = gamma0 w_i.v, dw_i/dt = gamma0 a_i v of its loss |v|^2/2 on whitened data, v = y e_1 - (beta - beta at t = 0). It is
/// gradient descent with the step gamma0^2 N dt for dt -> 0.
struct LinearTask {
  double gamma0;  ///< > 0
  double target;  ///< y
};

/// The moments u = sum_i a_i w_i / N (D entries), Q = sum_i a_i^2 / N and H = sum_i w_i w_i^T / N (D x D) of its N neurons. Their motion
/// depends on nothing else, at every N. The tangent kernel along e_1 is Q + H_11.
struct LinearMoments {
  double q;
  Eigen::VectorXd u;
  Eigen::MatrixXd h;

  double kernel() const { return q + h(0, 0); }

  /// At infinite width with a_i and w_i of N(0, 1): Q = 1, u = 0, H = 1.
  static LinearMoments infinite_width(int dimension);

  /// Of the neurons (a_i, w_i), one a row: N x (1 + D).
  static LinearMoments of(const Eigen::Ref<const Eigen::MatrixXd>& neurons);
};

/// The moments at each of the ascending `times`, the first of which is that of `start`, by the method of Dormand and Prince with absolute
/// and relative error `tolerance` a step: du/dt = gamma0 (Q + H) v, dQ/dt = 2 gamma0 u.v, dH/dt = gamma0 (u v^T + v u^T).
std::vector<LinearMoments> flow(const LinearTask& task, const LinearMoments& start,
                                const std::vector<double>& times, double tolerance);

/// The same from neurons, one a row, that are followed one by one: many times slower.
std::vector<LinearMoments> flow_of_neurons(const LinearTask& task, const Eigen::MatrixXd& neurons,
                                           const std::vector<double>& times, double tolerance);

}  // namespace fieldbook
