#pragma once

#include <Eigen/Core>

#include <memory>
#include <utility>
#include <vector>

namespace fieldbook {

/// A deep linear network f(x) = W_L ... W_1 x: its factors, their product W, and the gradient of any loss of W with respect to the
/// factors. Once a gradient has been asked for, no call but the first allocates.
class DeepLinear {
 public:
  using Matrix = Eigen::MatrixXd;

  /// factors[l - 1] = W_l. std::invalid_argument if there is none or their shapes do not fit.
  explicit DeepLinear(std::vector<Matrix> factors);

  /// L.
  int depth() const { return static_cast<int>(factors_.size()); }
  /// factors()[l - 1] = W_l.
  const std::vector<Matrix>& factors() const { return factors_; }
  /// W = W_L ... W_1.
  const Matrix& product() const { return partial_.back(); }

  /// For G = dl/dW: dl/dW_l = (W_L ... W_{l+1})^T G (W_{l-1} ... W_1)^T, for l = 1 ... L.
  const std::vector<Matrix>& gradient(const Matrix& slope);

  /// One step of gradient descent, W_l <- W_l - eta dl/dW_l for all l at once; `slope` as in gradient.
  void descend(const Matrix& slope, double eta);

  /// The factors one after the other, each by columns.
  std::vector<double> parameters() const;
  void set_parameters(const std::vector<double>& parameters);

 private:
  void multiply();

  std::vector<Matrix> factors_;
  std::vector<Matrix> partial_;   ///< W_l ... W_1
  std::vector<Matrix> back_;      ///< (W_L ... W_{l+1})^T G
  std::vector<Matrix> gradient_;  ///< dl/dW_l
};

/// What gradient flow conserves whatever the loss: Q_l = W_{l+1}^T W_{l+1} - W_l W_l^T, l = 1 ... L - 1 (Arora, Cohen and Hazan 2018).
std::vector<Eigen::MatrixXd> conserved_charges(const DeepLinear& network);

/// A balanced network, all charges zero, with given singular values of the product: W_l = O_l S^{1/L} O_{l-1}^T, where S is diagonal and
/// frames[l] = O_l, l = 0 ... L, has as many orthonormal columns as there are singular values.
/// std::invalid_argument for fewer than two frames.
DeepLinear balanced_network(const std::vector<Eigen::MatrixXd>& frames,
                            const Eigen::VectorXd& singular_values);

/// Gradient descent on l = |W - M|_F^2 / 2 (no factor 1/P: whitened data), `steps` steps of size eta.
void descend(DeepLinear& network, const Eigen::MatrixXd& target, double eta, int steps);

/// Gradient flow dW_l/dt = -dl/dW_l on the same loss, by `steps` classical Runge-Kutta steps of size dt (Boost.odeint).
void flow(DeepLinear& network, const Eigen::MatrixXd& target, double dt, int steps);

/// The same flow as a path that can be read at every time: Dormand-Prince steps of adaptive size with dense output (Boost.odeint).
class FlowPath {
 public:
  /// From time 0; `tolerance` bounds the absolute and relative error of a step.
  FlowPath(DeepLinear start, Eigen::MatrixXd target, double tolerance);
  ~FlowPath();

  /// One step; the times between which `at` may be asked from now on.
  std::pair<double, double> step();

  /// The network at time t, not before the beginning of the present step; makes the steps that are missing.
  const DeepLinear& at(double t);

 private:
  struct Solver;
  std::unique_ptr<Solver> solver_;
};

}  // namespace fieldbook
