#pragma once

#include <fieldbook/training/mlp.hpp>

namespace fieldbook {

/// Whether f itself is trained, or what it has gained since the start: f - f_0, with f_0 the output before any step.
enum class Centring { none, at_the_start };

/// Full-batch gradient descent of a network on L = 1/(2P) sum_p (y_p - f(x_p))^2 (f - f_0 for f if centred), with the
/// same step for all parameters: theta <- theta - eta dL/dtheta, so that
/// f changes by (eta/P) sum_p Theta(x, x_p) (y_p - f(x_p)) + O(eta^2).
///
/// Refers to the network, which must outlive it. No step allocates.
template <class Real>
class GradientDescent {
 public:
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  using Vector = Eigen::Matrix<Real, -1, 1>;

  /// x: D x P, y: P. std::invalid_argument if the numbers of points differ or there is none.
  GradientDescent(Mlp<Real>& network, const Matrix& x, const Vector& y, Centring centring = Centring::none);

  /// Starts again from the present parameters, with f_0 at them: for the next network of an ensemble.
  void restart();

  /// One step; returns the loss before it.
  double step(double eta);

  /// The present y - f or y - (f - f_0), P; costs a forward pass.
  const Vector& residual();

  /// f_0 if centred, else zeros: P.
  const Vector& offset() const { return offset_; }

  /// Features, slopes and deltas of the last step (or evaluation): those at the parameters before the step.
  const Pass<Real>& pass() const { return pass_; }

 private:
  Mlp<Real>& network_;
  Matrix x_;
  Vector y_, offset_, residual_, seeds_;
  Centring centring_;
  Pass<Real> pass_;
};

extern template class GradientDescent<float>;
extern template class GradientDescent<double>;

}  // namespace fieldbook
