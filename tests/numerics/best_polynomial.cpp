#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/best_polynomial.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

/// |sum_j lambda_j f(x_j)| / sum_j |lambda_j| with the weights of the divided difference: a lower bound of the minimax error that
/// solves no system.
double bound_by_divided_difference(const std::function<double(double)>& f, const std::vector<double>& x) {
  double sum = 0, modulus = 0;
  for (std::size_t j = 0; j < x.size(); ++j) {
    double weight = 1;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i != j) weight *= 0.5 / (x[j] - x[i]);
    sum += weight * f(x[j]);
    modulus += std::abs(weight);
  }
  return std::abs(sum) / modulus;
}

double largest_on_a_line(const std::function<double(double)>& f, const BestPolynomial& p) {
  double largest = 0;
  for (int i = -50000; i <= 50000; ++i) largest = std::max(largest, std::abs(f(i / 5e4) - p(i / 5e4)));
  return largest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(best_polynomials)

BOOST_AUTO_TEST_CASE(a_pole_has_chebyshevs_closed_form) {
  for (const double a : {1.1, 1.5, 2., 7.})
    for (int k = 0; k <= 8; ++k) {
      const BestPolynomial best = best_polynomial([a](double x) { return 1 / (a - x); }, k);
      const double exact = std::pow(a - std::sqrt(a * a - 1), k) / (a * a - 1);
      BOOST_TEST(std::abs(best.levelled - exact) < 1e-8 * exact + 1e-14);
      BOOST_TEST(std::abs(best.largest - exact) < 1e-8 * exact + 1e-14);
    }
}

BOOST_AUTO_TEST_CASE(the_next_power_leaves_a_chebyshev_polynomial) {
  for (int k = 0; k <= 12; ++k) {
    const BestPolynomial best = best_polynomial([k](double x) { return std::pow(x, k + 1); }, k);
    BOOST_TEST(best.largest == std::pow(2., -k), tt::tolerance(1e-9));
    for (int j = 0; j <= k + 1; ++j)
      BOOST_TEST(std::abs(best.references[static_cast<std::size_t>(j)] +
                          std::cos(std::numbers::pi * j / (k + 1))) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(kinks_and_roots_are_welcome) {
  const auto root = [](double u) { return std::sqrt((1 + u) / 2); };
  BOOST_TEST(best_polynomial([](double x) { return std::abs(x); }, 2).largest == 0.125, tt::tolerance(1e-7));
  for (int n = 1; n <= 10; ++n) {
    const double direct = best_polynomial([](double x) { return std::abs(x); }, 2 * n).largest;
    BOOST_TEST(direct == best_polynomial(root, n).largest, tt::tolerance(1e-7));
    BOOST_TEST(direct == best_polynomial([](double x) { return std::abs(x); }, 2 * n + 1).largest,
               tt::tolerance(1e-7));
  }
}

BOOST_AUTO_TEST_CASE(both_bounds_are_true_bounds) {
  const std::vector<std::function<double(double)>> functions{
      [](double x) { return std::exp(x); }, [](double x) { return 1 / (1 + 25 * x * x); },
      [](double x) { return std::sin(5 * x + 1); }, [](double x) { return std::abs(x - 0.3); }};
  for (const auto& f : functions)
    for (const int k : {0, 1, 2, 3, 5, 8, 13}) {
      const BestPolynomial best = best_polynomial(f, k);
      BOOST_TEST(best.references.size() == static_cast<std::size_t>(k) + 2);
      BOOST_TEST(best.levelled <= best.largest * (1 + 1e-14));
      BOOST_TEST(best.largest - best.levelled <= 1e-7 * best.largest + 1e-13);
      BOOST_TEST(std::abs(best.levelled - bound_by_divided_difference(f, best.references)) <=
                 1e-9 * best.largest + 1e-13);
      BOOST_TEST(largest_on_a_line(f, best) <= best.largest * (1 + 1e-7) + 1e-14);
      BOOST_TEST(largest_on_a_line(f, best) >= best.largest * (1 - 1e-4) - 1e-14);
    }
}

BOOST_AUTO_TEST_CASE(a_polynomial_is_its_own_best) {
  const BestPolynomial best = best_polynomial([](double x) { return 3 - x + 2 * x * x; }, 4);
  BOOST_TEST(best.largest < 1e-13);
  BOOST_TEST(std::abs(best(0.3) - 2.88) < 1e-13);
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW(best_polynomial([](double x) { return x; }, -1), std::invalid_argument);
  BOOST_CHECK_THROW(best_polynomial([](double x) { return 1 / x; }, 3), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
