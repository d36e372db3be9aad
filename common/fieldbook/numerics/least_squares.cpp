#include <fieldbook/numerics/least_squares.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

LeastSquares::LeastSquares(const Eigen::Ref<const Eigen::MatrixXd>& x, Columns columns, double cutoff)
    : data_{x.rows()} {
  if (x.size() == 0) throw std::invalid_argument{"LeastSquares: needs rows and columns"};
  if (!(cutoff > 0 && cutoff < 1)) throw std::invalid_argument{"LeastSquares: the cutoff is between 0 and 1"};
  if (!x.allFinite()) throw std::domain_error{"LeastSquares: the features must be finite"};
  Eigen::MatrixXd features = x;
  if (columns == Columns::of_norm_one) {
    scales_ =
        x.colwise().stableNorm().transpose().unaryExpr([](double n) { return std::isnormal(n) ? 1 / n : 1; });
    features *= scales_->asDiagonal();
  }
  if (x.rows() >= 2 * x.cols()) {
    tall_.emplace(features);
    features = tall_->matrixQR().topRows(x.cols()).triangularView<Eigen::Upper>();
  }
  decomposition_.setThreshold(cutoff);
  decomposition_.compute(features);
}

Eigen::MatrixXd LeastSquares::range() const {
  Eigen::MatrixXd basis = Eigen::MatrixXd::Identity(data_, rank());
  basis.topRows(decomposition_.rows()).applyOnTheLeft(decomposition_.householderQ());
  if (tall_) basis.applyOnTheLeft(tall_->householderQ());
  return basis;
}

Eigen::MatrixXd LeastSquares::solve(const Eigen::Ref<const Eigen::MatrixXd>& y) const {
  if (y.rows() != data_) throw std::invalid_argument{"LeastSquares: there must be as many rows as data"};
  Eigen::MatrixXd rotated = y;
  if (tall_) rotated.applyOnTheLeft(tall_->householderQ().adjoint());
  Eigen::MatrixXd b = decomposition_.solve(rotated.topRows(decomposition_.rows()));
  if (scales_) b = scales_->asDiagonal() * b;
  return b;
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
  return factor.solve(Eigen::VectorXd{x.transpose() * y});
}

}  // namespace fieldbook
