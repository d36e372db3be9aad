#include <fieldbook/numerics/least_squares.hpp>

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include <stdexcept>

namespace fieldbook {

Eigen::VectorXd least_squares_of_minimal_norm(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                              const Eigen::VectorXd& y) {
  if (x.rows() != y.size())
    throw std::invalid_argument{"least_squares_of_minimal_norm: there must be as many rows as data"};
  return Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd>{x}.solve(y);
}

Eigen::VectorXd ridge_regression(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::VectorXd& y,
                                 double penalty) {
  if (x.rows() != y.size())
    throw std::invalid_argument{"ridge_regression: there must be as many rows as data"};
  if (!(penalty > 0)) throw std::invalid_argument{"ridge_regression: the penalty must be positive"};
  const bool wide = x.cols() > x.rows();
  const Eigen::Index size = wide ? x.rows() : x.cols();
  Eigen::MatrixXd gram = penalty * Eigen::MatrixXd::Identity(size, size);
  if (wide)
    gram.noalias() += x * x.transpose();
  else
    gram.noalias() += x.transpose() * x;
  const Eigen::LLT<Eigen::MatrixXd> factor{gram};
  if (wide) return x.transpose() * factor.solve(y);
  return factor.solve(x.transpose() * y);
}

}  // namespace fieldbook
