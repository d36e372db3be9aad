#pragma once

#include <Eigen/Core>

#include <cmath>

namespace fieldbook {

/// A data set on the line: inputs x, 1 x P, and the targets y = sin 2x, P.
struct LineData {
  Eigen::MatrixXd x;

  /// Five points, unevenly spaced: -1, -0.5, 0.1, 0.5, 1.
  static LineData five() { return {Eigen::RowVectorXd{{-1, -0.5, 0.1, 0.5, 1}}}; }

  Eigen::VectorXd targets() const { return (2 * x.row(0).transpose()).array().sin(); }
  Eigen::Index points() const { return x.cols(); }
};

}  // namespace fieldbook
