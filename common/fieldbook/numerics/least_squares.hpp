#pragma once

#include <fieldbook/numerics/decompositions.hpp>

#include <Eigen/Core>

#include <optional>

namespace fieldbook {

/// Least squares for features x, n x p of any shape and rank: which b minimises |y - x b|^2?
///
/// A complete orthogonal decomposition with pivots, after a Householder decomposition where x is tall (n >= 2p): normal equations never
/// square the condition, and a tall matrix costs little more than its own decomposition (Golub and Van Loan, 5.4 and 5.5). Directions
/// whose pivot is below `cutoff` times the largest have been filled by rounding and are left out. std::domain_error for features that are not
/// finite, std::invalid_argument for a cutoff outside (0, 1), no rows or no columns.
class LeastSquares {
 public:
  /// Are the columns taken as they are, or scaled to norm 1 first, so that the scale of a feature does not decide what rounding is? Columns that
  /// vanish, as those of dead ReLUs, stay as they are.
  enum class Columns { as_given, of_norm_one };

  explicit LeastSquares(const Eigen::Ref<const Eigen::MatrixXd>& x, Columns columns = Columns::as_given,
                        double cutoff = 1e-13);

  /// The number r of directions that are kept.
  Eigen::Index rank() const { return decomposition_.rank(); }

  /// An orthonormal basis of these directions in the space of data, n x r.
  Eigen::MatrixXd range() const;

  /// The minimiser b for every column of y (n x targets), p x targets and for the features as they were given. Of all minimisers it is the one of smallest
  /// norm, of the coefficients of scaled columns if they are scaled. std::invalid_argument if the sizes do not fit.
  Eigen::MatrixXd solve(const Eigen::Ref<const Eigen::MatrixXd>& y) const;

 private:
  Eigen::Index data_;
  std::optional<Eigen::VectorXd> scales_;                      ///< one over the norms of columns
  std::optional<Eigen::HouseholderQR<Eigen::MatrixXd>> tall_;  ///< n rows to p
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition_;
};

/// The minimiser of |y - x b|^2 + penalty |b|^2, from the smaller of the two Gram matrices: (x^T x + penalty)^{-1} x^T y or
/// x^T (x x^T + penalty)^{-1} y. std::invalid_argument if the sizes do not fit or penalty <= 0.
Eigen::VectorXd ridge_regression(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::VectorXd& y,
                                 double penalty);

}  // namespace fieldbook
