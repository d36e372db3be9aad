#pragma once

#include <Eigen/Core>

#include <cmath>
#include <numbers>
#include <vector>

namespace fieldbook {

/// Inputs sqrt 2 (cos theta, sin theta), one a row, so that x.x'/D = cos(theta - theta') with D = 2.
inline Eigen::MatrixXd inputs_on_circle(const std::vector<double>& angles) {
  Eigen::MatrixXd x(static_cast<Eigen::Index>(angles.size()), 2);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const double angle = angles[static_cast<std::size_t>(i)];
    x.row(i) << std::numbers::sqrt2 * std::cos(angle), std::numbers::sqrt2 * std::sin(angle);
  }
  return x;
}

/// A data set on the circle: inputs at some angles, and the targets y = cos theta + sin(2 theta)/2 there.
struct CircleData {
  std::vector<double> angles;

  /// Six points, unevenly spaced.
  static CircleData six() { return {{0.2, 1.1, 1.9, 3.0, 4.1, 5.3}}; }
  /// Eight points, 2 pi (i + 0.3 sin 3i)/8.
  static CircleData eight() {
    CircleData data;
    for (int i = 0; i < 8; ++i)
      data.angles.push_back(2 * std::numbers::pi * (i + 0.3 * std::sin(3. * i)) / 8);
    return data;
  }

  /// P x D, one input a row.
  Eigen::MatrixXd inputs() const { return inputs_on_circle(angles); }
  /// P.
  Eigen::VectorXd targets() const {
    Eigen::VectorXd y(static_cast<Eigen::Index>(angles.size()));
    for (Eigen::Index i = 0; i < y.size(); ++i) {
      const double angle = angles[static_cast<std::size_t>(i)];
      y[i] = std::cos(angle) + std::sin(2 * angle) / 2;
    }
    return y;
  }
};

}  // namespace fieldbook
