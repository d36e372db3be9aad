#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/koppen.hpp>

#include <boost/rational.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(koppen)

BOOST_AUTO_TEST_CASE(known_values) {
  const KoppenFunction psi{10, 4};
  BOOST_TEST(std::abs(psi.to_double(psi(58, 2)) - 0.508) < 1e-15);
  BOOST_TEST(std::abs(psi.to_double(psi(59, 2)) - 0.554) < 1e-15);
  BOOST_TEST(std::abs(psi.to_double(psi(123, 3)) - 0.1020003) < 1e-15);
  BOOST_TEST(std::abs(psi.to_double(psi(999, 3)) - 0.9770004) < 1e-15);
  BOOST_TEST((psi(10, 1) == psi.one()));
  BOOST_TEST((psi(1000, 3) == psi.one()));
}

BOOST_AUTO_TEST_CASE(levels_agree_where_they_share_points) {
  for (const int gamma : {3, 6, 10})
    for (int k = 1; k < 4; ++k) {
      const KoppenFunction psi{gamma, 4};
      for (std::int64_t j = 0; j <= std::llround(std::pow(gamma, k)); ++j)
        BOOST_REQUIRE((psi(j, k) == psi(j * gamma, k + 1)));
    }
}

BOOST_AUTO_TEST_CASE(the_fixed_point_is_exact) {
  using Rational = boost::rational<std::int64_t>;
  const KoppenFunction psi{4, 3};
  // The recursion once more, in rational numbers: beta = 1, 3, 7
  const auto exact = [](const auto& self, std::int64_t j, int k) -> Rational {
    if (k == 1) return {j, 4};
    const std::int64_t power = k == 2 ? 64 : 16384, last = j % 4;
    if (last < 3) return self(self, j / 4, k - 1) + Rational{last, power};
    return (self(self, j - 1, k) + self(self, (j + 1) / 4, k - 1)) / std::int64_t{2};
  };
  for (std::int64_t j = 0; j <= 64; ++j) {
    const Rational value = exact(exact, j, 3);
    BOOST_TEST((psi(j, 3) * value.denominator() == psi.one() * value.numerator()));
  }
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW((KoppenFunction{2, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((KoppenFunction{10, 6}), std::invalid_argument);
  const KoppenFunction psi{10, 2};
  BOOST_CHECK_THROW(psi(101, 2), std::out_of_range);
  BOOST_CHECK_THROW(psi(1, 3), std::out_of_range);
}

BOOST_AUTO_TEST_SUITE_END()
