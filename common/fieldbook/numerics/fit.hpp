#pragma once

#include <fieldbook/estimate.hpp>

#include <Eigen/Core>

#include <span>

namespace fieldbook {

/// Parameters of a weighted least-squares fit with the covariance that the errors of the data imply.
struct Fit {
  Eigen::VectorXd parameters;
  Eigen::MatrixXd covariance;
  double chi_square = 0;
  int degrees = 0;

  /// Parameter i with its standard error.
  Estimate operator[](Eigen::Index i) const;
};

/// Fits data[k] = sum_i design(k, i) parameter[i], with independent errors. The standard errors follow from those of
/// the data alone: they are not rescaled by the chi-square. std::invalid_argument for fewer data than parameters or an
/// error that is not positive.
Fit fit_linear(const Eigen::MatrixXd& design, std::span<const Estimate> data);

/// Fits data(x) = c_0 + c_1 / x + ... + c_k / x^k: an extrapolation to infinite width, where c_0 is the limit.
Fit fit_inverse_powers(std::span<const double> x, std::span<const Estimate> data, int highest_power);

/// Fits data(x) = amplitude x^exponent in linear space (so that data of either sign are welcome) by Gauss-Newton steps;
/// parameters: 0 the amplitude, 1 the exponent. If the steps do not converge, because the data are no power law, the parameters
/// are not a number: a claim on them fails.
Fit fit_power_law(std::span<const double> x, std::span<const Estimate> data);

}  // namespace fieldbook
