#pragma once

#include <Eigen/Core>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fieldbook {

/// A function with a name, and which of its parameters in c g(a x + b) + d are worth a search: others are absorbed by c and d.
struct NamedFunction {
  std::string_view name;
  double (*value)(double);
  double (*slope)(double);
  bool scaled;    ///< search for a > 0 (1 otherwise)
  double shift;   ///< search for |b| up to here (0: b = 0)
  bool mirrored;  ///< search for a < 0 as well
};

/// x, x^2, x^3, sin, exp, tanh, gauss (exp of minus the square), abs, sqrt and log.
std::span<const NamedFunction> named_functions();

/// y = c g(a x + b) + d, as well as that function can.
struct SymbolicFit {
  const NamedFunction* function;
  double a, b, c, d;   ///< in the x that was given
  double unexplained;  ///< 1 - R^2: the sum of squared residuals over that of y - mean y

  double operator()(double x) const { return c * function->value(a * x + b) + d; }
};

/// Fits every named function to the points (x, y), best first.
///
/// The search is in u = (x - middle)/(half the width), with 0.25 <= |a| <= 10 and |b| <= 8 (below 1 for abs, whose kink has to
/// be among the points): c and d follow by linear least squares on
/// a grid of (a, b), and the best places are refined by Levenberg-Marquardt. Two guards against false names: parameters have to stay
/// in these ranges, and |c| may not exceed 20 (max y - min y), or else the tail of tanh would imitate exp, and sin with a tiny
/// a would imitate x^2. Functions without any admissible fit are left out, so the list may be short.
/// std::invalid_argument for fewer than 8 points, unequal sizes, anything not finite, or y that are all alike.
std::vector<SymbolicFit> symbolic_fits(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

/// Does the best fit deserve its name? It leaves less than `unexplained`, and the second best at least `gap` times as much.
bool is_named(std::span<const SymbolicFit> fits, double unexplained, double gap);

}  // namespace fieldbook
