#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/error_sizes.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(error_sizes)

// Errors +-i/n, i = 1 ... n: mean square (n+1)(2n+1)/6n^2, median one half
BOOST_AUTO_TEST_CASE(root_mean_square_and_median) {
  constexpr int n = 20001;
  ErrorSizes first, second;
  for (int i = 1; i <= n; ++i)
    (i % 3 == 0 ? first : second).add((i % 2 == 0 ? 1 : -1) * static_cast<double>(i) / n);
  first.merge(second);
  BOOST_TEST(std::abs(first.rms() - std::sqrt((n + 1.) * (2. * n + 1) / (6. * n * n))) < 1e-12);
  BOOST_TEST(std::abs(first.median() - 0.5) < 1e-3);
}

BOOST_AUTO_TEST_CASE(a_median_of_nothing_is_not_a_number) {
  ErrorSizes sizes;
  for (int i = 0; i < 3; ++i) sizes.add(0);
  BOOST_TEST(sizes.rms() == 0);
  BOOST_TEST(std::isnan(sizes.median()));
}

BOOST_AUTO_TEST_SUITE_END()
