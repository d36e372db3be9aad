#pragma once

#include <cmath>
#include <vector>

// $(-D)^k$ on the Gaussian $g$ is $\text{He}_k\,g$, so a polynomial in $-D$ becomes one in Hermite polynomials. Its coefficients
// follow from the recursion $n\,a_n=\sum_kk\,e_ka_{n-k}$ for the exponential of a power series, where $e_k$ is the single power $k+2$
// of $-D$.

/// The density at x of a sum of `width` numbers with cumulants lambda[r] (r = 3 ... order + 2), up to the power `order` of
/// 1 / sqrt(width).
inline double expanded_density(double x, const std::vector<double>& lambda, int order, int width) {
  const auto n = static_cast<std::size_t>(order);
  std::vector<std::vector<double>> a(n + 1,
                                     std::vector<double>(3 * n + 1));  // a[i][k]: coefficient of (-D)^k
  a[0][0] = 1;
  for (std::size_t i = 1; i <= n; ++i)
    for (std::size_t k = 1; k <= i; ++k) {
      const std::size_t power = k + 2;
      const double e = lambda[power] / std::tgamma(static_cast<double>(power) + 1);
      for (std::size_t j = 0; j + power <= 3 * n; ++j)
        a[i][j + power] += static_cast<double>(k) * e * a[i - k][j] / static_cast<double>(i);
    }
  std::vector<double> hermite{1, x};
  for (std::size_t k = 1; k < 3 * n + 1; ++k)
    hermite.push_back(x * hermite[k] - static_cast<double>(k) * hermite[k - 1]);
  double sum = 0;
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t k = 0; k <= 3 * n; ++k)
      sum += a[i][k] * hermite[k] * std::pow(width, -static_cast<double>(i) / 2);
  return sum * std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
}
