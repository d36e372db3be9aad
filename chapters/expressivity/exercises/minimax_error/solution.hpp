#pragma once

#include <Eigen/Dense>
#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

// If $f-p$ alternates between $+e$ and $-e$ on $k+2$ points, then any other $q$ of degree $k$ with $|f-q|<|e|$ there would make
// $p-q$ change its sign $k+1$ times: so $|e|\le E_k$. On the other side $E_k\le\max|f-p|$. The algorithm of Remez closes the gap:
// level the error on $k+2$ points, look for the extremum in each stretch of one sign, take those as the next points.
//
// For $1/(a-x)$ the error falls like $(a-\sqrt{a^2-1})^k$, as the nearest singularity tells; for $|x|$ like $0.28/k$. What networks
// of $z^k$ learn well is nearly a polynomial of low degree.

namespace detail {

struct Levelled {
  Eigen::VectorXd coefficients;  ///< of Chebyshev polynomials
  double error;

  double at(double x) const {
    double b = 0, after = 0;
    for (Eigen::Index j = coefficients.size() - 1; j > 0; --j) {
      const double next = coefficients[j] + 2 * x * b - after;
      after = b, b = next;
    }
    return coefficients[0] + x * b - after;
  }
};

/// p(x_i) + (-1)^i e = f(x_i) at k + 2 points.
inline Levelled levelled(const std::function<double(double)>& f, const std::vector<double>& points) {
  const auto n = static_cast<Eigen::Index>(points.size());
  Eigen::MatrixXd equations(n, n);
  Eigen::VectorXd values(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double x = points[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j + 1 < n; ++j)
      equations(i, j) = std::cos(static_cast<double>(j) * std::acos(x));
    equations(i, n - 1) = i % 2 == 0 ? 1 : -1;
    values[i] = f(x);
  }
  const Eigen::VectorXd solved = equations.colPivHouseholderQr().solve(values);
  return {solved.head(n - 1), std::abs(solved[n - 1])};
}

/// The place of the largest |error| in every stretch of one sign.
inline std::vector<double> extrema(const std::function<double(double)>& error) {
  constexpr int cells = 2000;
  const auto grid = [](int i) { return -std::cos(std::numbers::pi * i / cells); };
  std::vector<int> peaks;
  for (int i = 0; i <= cells; ++i) {
    const double now = error(grid(i));
    if (peaks.empty() || now * error(grid(peaks.back())) < 0)
      peaks.push_back(i);
    else if (std::abs(now) > std::abs(error(grid(peaks.back()))))
      peaks.back() = i;
  }
  std::vector<double> places;
  for (const int i : peaks) {
    const auto [x, minus] =
        boost::math::tools::brent_find_minima([&](double at) { return -std::abs(error(at)); },
                                              grid(std::max(0, i - 1)), grid(std::min(cells, i + 1)), 40);
    places.push_back(-minus > std::abs(error(grid(i))) ? x : grid(i));
  }
  return places;
}

}  // namespace detail

/// The smallest max |f - p| on [-1,1] of all polynomials p of this degree, to six digits.
inline double minimax_error(const std::function<double(double)>& f, int degree) {
  std::vector<double> points;
  // Not symmetric: an even f would be levelled at zero
  for (int i = 0; i < degree + 2; ++i)
    points.push_back(0.03 - 0.95 * std::cos(std::numbers::pi * i / (degree + 1)));
  double largest = 0;
  for (int exchange = 0; exchange < 40; ++exchange) {
    const detail::Levelled best = detail::levelled(f, points);
    const auto error = [&](double x) { return f(x) - best.at(x); };
    const auto size = [&](double x) { return std::abs(error(x)); };
    points = detail::extrema(error);
    while (points.size() > static_cast<std::size_t>(degree) + 2)
      size(points.front()) < size(points.back()) ? void(points.erase(points.begin())) : points.pop_back();
    largest = 0;
    for (const double x : points) largest = std::max(largest, size(x));
    if (largest - best.error < 1e-8 * largest) break;
  }
  return largest;
}
