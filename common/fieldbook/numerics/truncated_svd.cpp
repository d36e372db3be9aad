#include <fieldbook/numerics/truncated_svd.hpp>

#include <Eigen/SVD>

#include <stdexcept>

namespace fieldbook {

using Eigen::Index;
using Eigen::MatrixXd;

TruncatedSvd::TruncatedSvd(const Eigen::Ref<const MatrixXd>& x, double cutoff) {
  const Index rows = x.rows(), columns = x.cols();
  if (columns < 1 || rows < columns) throw std::invalid_argument{"TruncatedSvd: needs a tall matrix"};
  if (!(cutoff > 0 && cutoff < 1)) throw std::invalid_argument{"TruncatedSvd: the cutoff is between 0 and 1"};
  qr_.compute(x);
  const MatrixXd triangle = qr_.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
  const Eigen::BDCSVD<MatrixXd> svd{triangle, Eigen::ComputeThinU | Eigen::ComputeThinV};
  const auto& values = svd.singularValues();
  const Index rank = (values.array() > cutoff * values[0]).count();
  singular_values_ = values.head(rank);
  left_ = svd.matrixU().leftCols(rank);
  right_ = svd.matrixV().leftCols(rank);
}

MatrixXd TruncatedSvd::range() const {
  MatrixXd range = MatrixXd::Zero(qr_.rows(), rank());
  range.topRows(qr_.cols()) = left_;
  range.applyOnTheLeft(qr_.householderQ());
  return range;
}

Eigen::VectorXd TruncatedSvd::solve(const Eigen::VectorXd& y) const {
  if (y.size() != qr_.rows()) throw std::invalid_argument{"TruncatedSvd: there must be as many rows as data"};
  const Eigen::VectorXd rotated = qr_.householderQ().adjoint() * y;
  return right_ * (left_.transpose() * rotated.head(qr_.cols())).cwiseQuotient(singular_values_);
}

}  // namespace fieldbook
