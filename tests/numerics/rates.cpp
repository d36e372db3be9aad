#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/rates.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace fieldbook;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(rates)

BOOST_AUTO_TEST_CASE(medians) {
  BOOST_TEST(median({3, 1, 2}) == 2);
  BOOST_TEST(median({4, 1, 2, 8}) == 3);
  BOOST_TEST(median({infinity, 1, 2}) == 2);
  BOOST_TEST(std::isnan(median({3, std::nan(""), 2})));
  BOOST_CHECK_THROW(median({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_farthest) {
  BOOST_TEST(farthest(std::vector<double>{3, -2, 4}, 1) == -2);
  BOOST_TEST(farthest(std::vector<double>{3, infinity, 4}, 1) == infinity);
  BOOST_TEST(std::isnan(farthest(std::vector<double>{3, 1e300, std::nan(""), 4}, 1)));
  BOOST_CHECK_THROW(farthest({}, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(slopes_of_powers) {
  const std::vector<double> x{1, 2, 5, 9};
  std::vector<double> y;
  for (const double at : x) y.push_back(7 * std::pow(at, -3.5));
  BOOST_TEST(std::abs(log_log_slope(x, y) + 3.5) < 1e-14);
  // Three points by hand: logs to base 2 are (0, 1, 2) and (0, 1, 0)
  const std::vector<double> u{1, 2, 4}, v{1, 2, 1};
  BOOST_TEST(std::abs(log_log_slope(u, v)) < 1e-15);
  BOOST_CHECK_THROW(log_log_slope({}, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
