#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

// An error of an inner edge reaches the output multiplied with $\Phi'$, one of the outer edge as it is. Errors of different edges
// are independent, since they oscillate within cells, and within a cell the weight is constant. So
// $$ c^2=\frac{|B_8|}{8!}\Bigl[2^8\langle(\Phi'\varphi_1'''')^2\rangle+2^8\langle(\Phi'\varphi_2'''')^2\rangle
// +(1.04\,\text{range})^8\langle\Phi''''^2\rangle\Bigr], $$
// averaged over the square. Polynomials of degree three are splines and cost nothing.
//
// With cells $G_e$ of their own the error is $\sqrt{\sum_ec_e^2G_e^{-8}}$, least for given sum of the $G_e$ where $c_e^2G_e^{-9}$ is
// the same for all: $G_e\sim c_e^{2/9}$. Since this power is so small, equal grids are nearly as good, unless an edge needs none.

using Curve = std::function<double(double)>;

/// An edge and its fourth derivative.
struct Edge {
  Curve value, fourth;
};

/// f(x, y) = outer(left(x) + right(y)) on the square [-1,1]^2.
struct Sum {
  Edge left, right, outer;
  Curve outer_slope;  ///< the first derivative of outer
};

/// c in the root mean square error c G^-4 of three splines with G cells each.
inline double kan_prefactor(const Sum& target) {
  constexpr int points = 400;
  const auto at = [](int i) { return (2 * i + 1.) / points - 1; };
  double inner = 0, outer = 0, low = INFINITY, high = -INFINITY;
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j) {
      const double z = target.left.value(at(i)) + target.right.value(at(j));
      const double slope = target.outer_slope(z), left = target.left.fourth(at(i)),
                   right = target.right.fourth(at(j)), curve = target.outer.fourth(z);
      inner += slope * slope * (left * left + right * right) / (points * points);
      outer += curve * curve / (points * points);
      low = std::min(low, z);
      high = std::max(high, z);
    }
  const double cell = 1.04 * (high - low);
  return 9.0924e-4 * std::sqrt(std::pow(2, 8) * inner + std::pow(cell, 8) * outer);
}
