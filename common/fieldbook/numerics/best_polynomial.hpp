#pragma once

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace fieldbook {

/// The polynomial of degree k that comes nearest to a function everywhere on [-1, 1], with the proof that it does.
///
/// Whatever polynomial q of degree k one takes, max |f - q| >= `levelled`, because f - p alternates on k + 2 points with this
/// modulus (de la Vallee-Poussin). And p itself has max |f - p| = `largest`. So levelled <= E_k(f) <= largest, where E_k is the
/// minimax error; after convergence the two agree to rounding.
struct BestPolynomial {
  Eigen::VectorXd coefficients;    ///< of T_0, ..., T_k
  std::vector<double> references;  ///< the k + 2 points of alternation, increasing
  double levelled = 0;
  double largest = 0;

  /// p(x), by the recurrence of Clenshaw.
  double operator()(double x) const;
};

/// Exchanges the points of alternation until both bounds agree to 1e-12 (or to the rounding of f): the algorithm of Remez, every
/// extremum of the error refined by Brent's method between points of a grid. f must be continuous; a kink or a root at the edge is
/// welcome (a kink between points of the grid is located to 1e-8). std::invalid_argument for a negative degree, std::domain_error if f is not finite. Source: Trefethen, Approximation Theory
/// and Approximation Practice, chapter 10.
BestPolynomial best_polynomial(const std::function<double(double)>& f, int degree);

}  // namespace fieldbook
