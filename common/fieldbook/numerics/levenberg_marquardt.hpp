#pragma once

#include <Eigen/Core>

#include <functional>
#include <span>

namespace fieldbook {

/// The normal equations of a linearised least-squares problem, gathered row by row: J^T J, J^T r and |r|^2.
///
/// A row of the Jacobian is given by its nonzero entries alone. A network of splines has four in every edge, however fine its grid, so
/// that gathering costs nothing against a dense product.
class NormalEquations {
 public:
  explicit NormalEquations(Eigen::Index parameters);

  /// Adds one datum: its residual r = y - f, and df/dtheta at `columns`, which ascend.
  void add(std::span<const int> columns, std::span<const double> values, double residual);

  /// The same for many data at once whose rows are full: J, n x parameters, and n residuals.
  void add(const Eigen::MatrixXd& jacobian, const Eigen::VectorXd& residuals);

  void clear();

  const Eigen::MatrixXd& gram() const { return gram_; }  ///< J^T J, its lower triangle
  const Eigen::VectorXd& gradient() const { return gradient_; }
  double squared_error() const { return squared_error_; }
  Eigen::Index rows() const { return rows_; }

 private:
  Eigen::MatrixXd gram_;
  Eigen::VectorXd gradient_;
  double squared_error_ = 0;
  Eigen::Index rows_ = 0;
};

/// Parameters are minimised with these settings.
struct LevenbergMarquardt {
  int steps = 40;          ///< at most so many accepted steps
  double damping = 1e-2;   ///< mu at the start
  int patience = 5;        ///< ends after so many steps that each lower the error by less than `progress`
  double progress = 1e-3;  ///< relative
};

/// How it ended.
struct Minimised {
  double
      squared_error;  ///< |r|^2 at the parameters that were found; not finite if it was not so at the start
  int steps;          ///< accepted
  double damping;     ///< mu at the end, to go on with
};

/// Lowers |r(theta)|^2: solves (J^T J + mu n) delta = J^T r for n data, accepts the step if the error falls (mu becomes mu/5, down
/// to 1e-18), else tries again with 4 mu, twelve times. What is accepted is never worse than what was; a start at which the error is
/// not finite is returned as it came.
///
/// `linearise(theta, equations)` adds all rows at theta; `squared_error(theta)` is |r|^2 alone.
/// Source: K. Levenberg (1944), D. Marquardt (1963).
Minimised minimise(const LevenbergMarquardt& settings, Eigen::VectorXd& theta,
                   const std::function<void(const Eigen::VectorXd&, NormalEquations&)>& linearise,
                   const std::function<double(const Eigen::VectorXd&)>& squared_error);

}  // namespace fieldbook
