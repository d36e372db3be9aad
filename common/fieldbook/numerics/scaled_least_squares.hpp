#pragma once

#include <Eigen/Core>

namespace fieldbook {

/// A linear fit to several targets at once, with the number of directions that the features really have.
struct ScaledFit {
  Eigen::MatrixXd coefficients;  ///< p x targets, for the features as they were given
  Eigen::RowVectorXd residuals;  ///< |y - x c| of every target
  Eigen::Index rank = 0;
};

/// The minimisers of |y - x c|^2 for every column of y (n x targets) from features x (n x p) of any scale and rank. Columns are scaled to
/// norm 1 first (those that vanish, as dead ReLUs, get coefficient 0); directions below `cutoff` relative to the largest pivot are dropped,
/// and of all minimisers the one of least norm in scaled coefficients is taken, by a complete orthogonal decomposition. To
/// minimise a weighted norm multiply the rows of both by the roots of the weights. std::invalid_argument if sizes do not fit,
/// std::domain_error for features that are not finite.
ScaledFit fit_scaled_columns(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, double cutoff = 1e-13);

}  // namespace fieldbook
