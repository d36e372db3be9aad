#include <fieldbook/exercise/check.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/special_functions/hermite.hpp>
#include <numbers>

using namespace fieldbook;

namespace {

double hermite(unsigned n, double x) {
  return std::pow(2, -static_cast<double>(n) / 2) * boost::math::hermite(n, x / std::numbers::sqrt2);
}

/// E - 1 with E exponential: lambda_r = (r - 1)!.
const std::vector<double> skewed{0, 0, 1, 2, 6, 24, 120, 720, 5040};
/// The cosine neuron of the program.
const std::vector<double> even{0, 0, 1, 0, 1.5, 0, 0, 0, -39.375};

/// Orders 1, 2 and 3, written out by hand.
double by_hand(double x, const std::vector<double>& l, int order, int width) {
  const double brackets[] = {1, l[3] * hermite(3, x) / 6,
                             l[4] * hermite(4, x) / 24 + l[3] * l[3] * hermite(6, x) / 72,
                             l[5] * hermite(5, x) / 120 + l[3] * l[4] * hermite(7, x) / 144 +
                                 l[3] * l[3] * l[3] * hermite(9, x) / 1296};
  double sum = 0;
  for (int k = 0; k <= order; ++k) sum += brackets[k] * std::pow(width, -k / 2.);
  return sum * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

double largest_error(int order, int width) {
  const boost::math::gamma_distribution<> sum{static_cast<double>(width)};
  double error = 0;
  for (double x = -4; x <= 6; x += 0.02) {
    const double g = width + std::sqrt(width) * x;
    const double exact = g > 0 ? std::sqrt(width) * pdf(sum, g) : 0;
    error = std::max(error, std::abs(expanded_density(x, skewed, order, width) - exact));
  }
  return error;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (int order = 0; order <= 3; ++order)
      for (const double x : {-1.3, 0.4, 2.})
        check.expect(fmt::format("order {} for a skewed law of width 7 at x = {}", order, x),
                     expanded_density(x, skewed, order, 7), by_hand(x, skewed, order, 7), 1e-12,
                     "Compare with p = g (1 + lambda_3 He_3 / (6 sqrt N) + ...).");
    for (const double x : {0.3, 1.1, 2.5}) {
      const double l4 = even[4], l8 = even[8];
      const double third = l8 * hermite(8, x) / 40320 + l4 * l4 * l4 * hermite(12, x) / 82944;
      const double gaussian = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
      check.expect(fmt::format("the term of order N^-3 of the cosine law at x = {}", x),
                   expanded_density(x, even, 6, 1) - expanded_density(x, even, 5, 1), gaussian * third, 1e-12,
                   "Every way of making six powers of 1/sqrt N counts.");
      check.expect(fmt::format("p(-x) for an even law at x = {}", x), expanded_density(-x, even, 6, 5),
                   expanded_density(x, even, 6, 5), 1e-13);
    }
    for (int order = 0; order <= 3; ++order)
      check.expect(
          fmt::format("the exponent with which the error of order {} falls, widths 32 to 256", order),
          std::log(largest_error(order, 256) / largest_error(order, 32)) / std::log(8.), -(order + 1) / 2.,
          0.12);
  });
}
