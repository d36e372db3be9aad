#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/legendre.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(legendre)

BOOST_AUTO_TEST_CASE(the_norm_of_a_vector_is_the_root_of_a_mean_square) {
  BOOST_TEST(legendre_nodes().x.size() == 400);
  for (const int power : {0, 1, 7, 300})
    BOOST_TEST(legendre_nodes().vector([&](double x) { return std::pow(x, power); }).squaredNorm() ==
                   1 / (2. * power + 1),
               tt::tolerance(1e-12));
  const double mean = legendre_nodes().vector([](double x) { return std::exp(x / 2); }).squaredNorm();
  BOOST_TEST(mean == std::sinh(1), tt::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(powers_have_tails_in_closed_form) {
  // x^2 = (2 P_2 + 1) / 3 and x^3 = (2 P_3 + 3 P_1) / 5
  const auto square = [](double x) { return x * x; };
  const auto cube = [](double x) { return x * x * x; };
  BOOST_TEST(legendre_tail(square, 0) == 2 / (3 * std::sqrt(5)), tt::tolerance(1e-12));
  BOOST_TEST(legendre_tail(square, 1) == 2 / (3 * std::sqrt(5)), tt::tolerance(1e-12));
  BOOST_TEST(legendre_tail(square, 2) < 1e-7);
  BOOST_TEST(legendre_tail(cube, 0) == 1 / std::sqrt(7), tt::tolerance(1e-12));
  BOOST_TEST(legendre_tail(cube, 2) == 2 / (5 * std::sqrt(7)), tt::tolerance(1e-12));
  BOOST_CHECK_THROW(legendre_tail(cube, -1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
