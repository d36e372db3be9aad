#pragma once

#include <fieldbook/ensembles/averages.hpp>

#include <Eigen/Core>

namespace fieldbook {

/// Hotelling's test that the observables have the `expected` means, all at once and with their correlations:
/// T^2 = n d^T S^-1 d for the deviation d of the sample means and the sample covariance S; with p observables,
/// T^2 (n - p) / (p (n - 1)) ~ F(p, n - p) for Gaussian draws, and for others when n is large.
///
/// Returns the p-value. std::invalid_argument for n <= p or a covariance matrix that is singular.
double hotelling_p_value(const Averages& sample, const Eigen::VectorXd& expected);

}  // namespace fieldbook
