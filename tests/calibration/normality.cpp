#include "normality.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

namespace calibration {

using std::numbers::pi;

Spread over_seeds(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.) / n;
  double squares = 0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {mean, std::sqrt(squares / (n * (n - 1)))};
}

double anderson_darling(std::vector<double> uniform) {
  std::sort(uniform.begin(), uniform.end());
  const std::size_t n = uniform.size();
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    sum += static_cast<double>(2 * i + 1) * (std::log(uniform[i]) + std::log1p(-uniform[n - 1 - i]));
  return -static_cast<double>(n) - sum / static_cast<double>(n);
}

namespace {

/// The k-th integral of Smirnov's formula, ∫ e^{-ux/2} √|∏_j 1/(1 - u/j(j+1))| du / (πu) for u from (2k-1)2k to 2k(2k+1), where the
/// product is πu / cos(π√(1+4u)/2). With √(1+4u) = 4k + sin θ the singular ends are smooth.
double smirnov_term(int k, double x) {
  const auto integrand = [&](double theta) {
    const double s = 4 * k + std::sin(theta), u = (s * s - 1) / 4;
    const double product = pi * u / std::cos(pi / 2 * std::sin(theta));
    return std::exp(-u * x / 2) * std::sqrt(product) / (pi * u) * s / 2 * std::cos(theta);
  };
  return boost::math::quadrature::gauss<double, 40>::integrate(integrand, -pi / 2, pi / 2);
}

}  // namespace

double anderson_darling_p_value(double statistic) {
  constexpr double never_below = 0.02;  // where the law has a probability of 1e-26
  if (statistic < never_below) return 1;
  double p = 0;
  for (int k = 1; k < 100; ++k) {
    const double term = smirnov_term(k, statistic);
    p += k % 2 == 1 ? term : -term;
    if (term < 1e-16 * p) break;
  }
  return std::clamp(p, 0., 1.);
}

double uniformity_p_value(const std::vector<double>& p_values) {
  return anderson_darling_p_value(anderson_darling(p_values));
}

double normality_p_value(const std::vector<double>& z) {
  std::vector<double> uniform;
  // Beyond eight standard errors 1 - Φ rounds to nothing; there the verdict is clear
  for (const double value : z) uniform.push_back(cdf(boost::math::normal{}, std::clamp(value, -8., 8.)));
  return uniformity_p_value(uniform);
}

double squares_p_value(const std::vector<double>& z) {
  const double sum = std::inner_product(z.begin(), z.end(), z.begin(), 0.);
  const boost::math::chi_squared law{static_cast<double>(z.size())};
  return std::min(1., 2 * std::min(cdf(law, sum), cdf(complement(law, sum))));
}

double failures_p_value(int failures, int runs, double chance) {
  if (failures == 0) return 1;
  return cdf(complement(boost::math::binomial(runs, chance), failures - 1));
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p_values[order[rank]] * static_cast<double>(order.size() - rank));
    adjusted[order[rank]] = std::min(1., largest);
  }
  return adjusted;
}

}  // namespace calibration
