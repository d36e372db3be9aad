#pragma once

#include <Eigen/Core>

#include <functional>

namespace fieldbook {

/// Functions on [-1, 1] as vectors: with v_i = root_i g(x_i), |v|^2 is the mean square (1/2) int g^2 by Gauss-Legendre quadrature.
struct LegendreNodes {
  Eigen::VectorXd x;
  Eigen::VectorXd root;  ///< roots of half the weights

  /// The vector of g.
  Eigen::VectorXd vector(const std::function<double(double)>& g) const;
};

/// 400 nodes: exact for polynomials of degree 799.
const LegendreNodes& legendre_nodes();

/// The distance ((1/2) int (f - p)^2)^{1/2} of f from the nearest polynomial p of degree k on [-1, 1]: the tail
/// ((1/2) int f^2 - sum_{j <= k} (2j + 1) ((1/2) int f P_j)^2)^{1/2} of its Legendre series, by adaptive Gauss-Kronrod quadrature, which
/// shares nothing with the nodes above. For smooth f; a difference of squares leaves seven digits where the distance is 1e-5 |f|.
/// std::invalid_argument for a negative degree.
double legendre_tail(const std::function<double(double)>& f, int degree);

}  // namespace fieldbook
