#include <fieldbook/numerics/levenberg_marquardt.hpp>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace fieldbook {

NormalEquations::NormalEquations(Eigen::Index parameters)
    : gram_{Eigen::MatrixXd::Zero(parameters, parameters)}, gradient_{Eigen::VectorXd::Zero(parameters)} {}

void NormalEquations::add(std::span<const int> columns, std::span<const double> values, double residual) {
  for (std::size_t b = 0; b < columns.size(); ++b) {
    double* const column = gram_.col(columns[b]).data();
    for (std::size_t a = b; a < columns.size(); ++a) column[columns[a]] += values[a] * values[b];
    gradient_[columns[b]] += values[b] * residual;
  }
  squared_error_ += residual * residual;
  ++rows_;
}

void NormalEquations::add(const Eigen::MatrixXd& jacobian, const Eigen::VectorXd& residuals) {
  gram_.selfadjointView<Eigen::Lower>().rankUpdate(jacobian.transpose());
  gradient_ += jacobian.transpose() * residuals;
  squared_error_ += residuals.squaredNorm();
  rows_ += residuals.size();
}

void NormalEquations::clear() {
  gram_.setZero();
  gradient_.setZero();
  squared_error_ = 0;
  rows_ = 0;
}

Minimised minimise(const LevenbergMarquardt& settings, Eigen::VectorXd& theta,
                   const std::function<void(const Eigen::VectorXd&, NormalEquations&)>& linearise,
                   const std::function<double(const Eigen::VectorXd&)>& squared_error) {
  NormalEquations equations{theta.size()};
  Eigen::MatrixXd damped;
  double mu = settings.damping, error = squared_error(theta);
  int steps = 0, slow = 0;
  while (std::isfinite(error) && error > 0 && steps < settings.steps && slow < settings.patience) {
    equations.clear();
    linearise(theta, equations);
    // Try a step, with more and more damping until the error falls
    double fallen = error;
    for (int trial = 0; trial < 12 && !(fallen < error); ++trial) {
      damped = equations.gram();
      damped.diagonal().array() += mu * static_cast<double>(equations.rows());
      const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factors{damped};
      Eigen::VectorXd next;
      if (factors.info() == Eigen::Success) {
        next = theta + factors.solve(equations.gradient());
        fallen = squared_error(next);
      }
      if (fallen < error)
        theta = next;
      else
        fallen = error, mu *= 4;
    }
    if (!(fallen < error)) break;
    mu = std::max(mu / 5, 1e-18);
    slow = error - fallen < settings.progress * error ? slow + 1 : 0;
    error = fallen;
    ++steps;
  }
  return {error, steps, mu};
}

}  // namespace fieldbook
