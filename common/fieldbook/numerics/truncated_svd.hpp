#pragma once

#include <Eigen/Core>
#include <Eigen/QR>

namespace fieldbook {

/// The singular value decomposition of a tall n x p matrix x without the directions that rounding has filled: those whose singular value is below
/// `cutoff` times the largest.
///
/// A Householder decomposition first, then the singular values of its p x p triangle, so that normal equations never square the condition and
/// a tall matrix costs little more than its QR decomposition (Golub and Van Loan, 5.5 and 8.6). std::invalid_argument for fewer rows
/// than columns, no columns, or a cutoff outside (0, 1).
class TruncatedSvd {
 public:
  TruncatedSvd(const Eigen::Ref<const Eigen::MatrixXd>& x, double cutoff);

  /// The number r of directions that are kept.
  Eigen::Index rank() const { return singular_values_.size(); }

  /// An orthonormal basis of the range of x, n x r, made on demand.
  Eigen::MatrixXd range() const;

  /// The singular values that are kept, descending.
  const Eigen::VectorXd& singular_values() const { return singular_values_; }

  /// The b of smallest norm that minimises |y - x b|^2 among combinations of the directions kept; p entries for n of y.
  Eigen::VectorXd solve(const Eigen::VectorXd& y) const;

 private:
  Eigen::HouseholderQR<Eigen::MatrixXd> qr_;
  Eigen::VectorXd singular_values_;
  Eigen::MatrixXd left_, right_;  ///< singular vectors of the triangle, p x r
};

}  // namespace fieldbook
