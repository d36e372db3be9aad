#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/integer_power.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdint>

using fieldbook::integer_power;

BOOST_AUTO_TEST_SUITE(integer_powers)

BOOST_AUTO_TEST_CASE(they_are_exact) {
  static_assert(integer_power(7, 0) == 1);
  static_assert(integer_power(7, 1) == 7);
  static_assert(integer_power(-2, 3) == -8);
  BOOST_TEST(integer_power<std::int64_t>(3, 39) == 4052555153018976267);
}

BOOST_AUTO_TEST_SUITE_END()
