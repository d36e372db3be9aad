#define BOOST_TEST_DYN_LINK
#include <fieldbook/networks/staircase.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(a_staircase_takes_the_centres_of_its_cells) {
  const auto square = [](double x) { return x * x; };
  const Staircase steps = steps_at_centres(square, {0.5, 0.6}, 0, 1);
  BOOST_TEST(steps.values == (std::vector{0.25 * 0.25, 0.55 * 0.55, 0.8 * 0.8}),
             boost::test_tools::tolerance(1e-14) << boost::test_tools::per_element());
  BOOST_TEST(steps.jump(1) == 0.8 * 0.8 - 0.55 * 0.55, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(steps(0.49) == steps.values[0]);
  BOOST_TEST(steps(0.5) == steps.values[1]);
  BOOST_TEST(steps(1) == steps.values[2]);
  // The worst point is the right end of the last cell: 1 - 0.64
  BOOST_TEST(largest_error(steps, square, 0) == 0.36, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(even_knots_leave_equal_cells) {
  BOOST_TEST(even_knots(3, -1, 1) == (std::vector{-0.5, 0., 0.5}));
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_cell_is_seen) {
  // A bump that vanishes at both ends and reaches 1 in the middle of the only cell
  const auto bump = [](double x) { return 1 - 4 * (x - 0.5) * (x - 0.5); };
  BOOST_TEST(largest_error({0, 1, {}, {0}}, bump) == 1);
}

BOOST_AUTO_TEST_CASE(equal_variation_puts_the_knots_of_a_root_at_squares) {
  const Staircase steps = steps_of_equal_variation([](double x) { return std::sqrt(x); }, {0, 1}, 9);
  for (std::size_t i = 0; i < 9; ++i) {
    const double share = static_cast<double>(i + 1) / 10;
    BOOST_TEST(steps.knots[i] == share * share, boost::test_tools::tolerance(1e-13));
    BOOST_TEST(steps.values[i] == share - 0.05, boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(equal_variation_counts_every_turn) {
  // sin has variation 4 over a period, so seven knots are half a unit apart and two of them are its turning points
  const auto f = [](double x) { return std::sin(2 * std::numbers::pi * x); };
  const Staircase steps = steps_of_equal_variation(f, {0, 0.25, 0.75, 1}, 7);
  const std::vector<double> knots{1. / 12, 0.25, 5. / 12, 0.5, 7. / 12, 0.75, 11. / 12};
  BOOST_TEST(steps.knots == knots, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());
  BOOST_TEST(largest_error(steps, f) == 0.25, boost::test_tools::tolerance(1e-12));
  // With eight cells cut at 4/6 of a unit, a turn falls inside a cell, whose range then ends at the turn
  const Staircase coarse = steps_of_equal_variation(f, {0, 0.25, 0.75, 1}, 5);
  BOOST_TEST(coarse.values[1] == (2. / 3 + 1) / 2, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(turns_must_ascend) {
  const auto f = [](double x) { return x; };
  BOOST_CHECK_THROW(steps_of_equal_variation(f, {0}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(steps_of_equal_variation(f, {0, 0}, 2), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
