#pragma once

#include <Eigen/Core>

#include <array>

namespace fieldbook {

/// The four cubic B-splines that do not vanish at a point, and their derivatives.
struct SplineValues {
  int first;                     ///< the number of the first of them; the others follow
  std::array<double, 4> values;  ///< they add up to one
  std::array<double, 4> slopes;  ///< they add up to zero
};

/// Uniform cubic B-splines: `cells` cells of width h on [low, high] carry cells + 3 functions B_0 ... B_{cells+2}, where B_m lives on
/// the four cells m-3 ... m. Outside the interval the polynomials of the end cells go on, so that everything is smooth everywhere.
class UniformSplines {
 public:
  /// std::invalid_argument unless low < high, both finite, and cells >= 1.
  UniformSplines(double low, double high, int cells);

  double low() const { return low_; }
  double high() const { return high_; }
  int cells() const { return cells_; }
  int functions() const { return cells_ + 3; }
  double cell_width() const { return (high_ - low_) / cells_; }

  /// The four functions at x.
  SplineValues at(double x) const;

  /// sum_m coefficients_m B_m(x); cells + 3 coefficients.
  double value(const Eigen::Ref<const Eigen::VectorXd>& coefficients, double x) const;

  /// The coefficients of least sum_k (y_k - s(x_k))^2, from normal equations: B-splines are so well conditioned that these lose two
  /// digits only. std::invalid_argument if sizes differ, or if some function sees too few points to be determined.
  Eigen::VectorXd fit(const Eigen::VectorXd& x, const Eigen::VectorXd& y) const;

 private:
  double low_, high_;
  int cells_;
};

/// How far the best cubic spline with cells of width h stays from a smooth function f, in the mean square and for small h: the error is
/// this number times h^4 times the root mean square of f''''. It is sqrt(|B_8| / 8!), with the Bernoulli number B_8 = -1/30.
/// Source: the Strang-Fix theory; M. Unser, IEEE Signal Process. Mag. 16 (1999) 22.
inline constexpr double cubic_spline_constant = 9.092412093e-04;

}  // namespace fieldbook
