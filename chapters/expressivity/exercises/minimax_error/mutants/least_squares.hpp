#pragma once

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

// If f - p alternates between +e and -e on k + 2 points, then any other q of degree k with |f - q| < |e| there would make p - q
// change its sign k + 1 times: so |e| <= E_k. On the other side E_k <= max |f - p|. The algorithm of Remez closes the gap: level
// the error on k + 2 points, look for the extremum in each stretch of one sign, take those as the next points.
//
// For 1/(a - x) the error falls like (a - sqrt(a^2 - 1))^k, as the nearest singularity tells; for |x| like 0.28/k. What networks
// of z^k learn well is nearly a polynomial of low degree.

/// The smallest max |f - p| on [-1,1] of all polynomials p of this degree, to six digits.
inline double minimax_error(const std::function<double(double)>& f, int degree) {
  // Least squares at equidistant points
  Eigen::MatrixXd powers(401, degree + 1);
  Eigen::VectorXd values(401);
  for (int i = 0; i <= 400; ++i) {
    const double x = (i - 200) / 200.;
    for (int j = 0; j <= degree; ++j) powers(i, j) = std::cos(j * std::acos(x));
    values[i] = f(x);
  }
  const Eigen::VectorXd c = powers.colPivHouseholderQr().solve(values);
  double largest = 0;
  for (int i = 0; i <= 20000; ++i) {
    const double x = std::cos(std::numbers::pi * i / 20000);
    double p = 0;
    for (Eigen::Index j = 0; j < c.size(); ++j) p += c[j] * std::cos(static_cast<double>(j) * std::acos(x));
    largest = std::max(largest, std::abs(f(x) - p));
  }
  return largest;
}
