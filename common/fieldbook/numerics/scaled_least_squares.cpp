#include <fieldbook/numerics/scaled_least_squares.hpp>

#include <Eigen/QR>

#include <stdexcept>

namespace fieldbook {

ScaledFit fit_scaled_columns(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, double cutoff) {
  if (x.rows() != y.rows())
    throw std::invalid_argument{"fit_scaled_columns: there must be as many rows as data"};
  if (!x.allFinite()) throw std::domain_error{"fit_scaled_columns: the features must be finite"};
  Eigen::VectorXd scale = x.colwise().stableNorm();
  for (double& norm : scale) norm = norm > 0 ? 1 / norm : 0;
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition;
  decomposition.setThreshold(cutoff);
  decomposition.compute(x * scale.asDiagonal());
  const Eigen::MatrixXd coefficients = scale.asDiagonal() * decomposition.solve(y);
  return {coefficients, (y - x * coefficients).colwise().norm(), decomposition.rank()};
}

}  // namespace fieldbook
