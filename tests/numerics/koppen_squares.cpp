#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/koppen_squares.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(koppen_squares)

BOOST_AUTO_TEST_CASE(places_agree_with_floating_point) {
  const KoppenSquares squares{7, 5};
  for (const double x : {0.0137, 0.25, 0.61803, 0.98}) {
    const std::int64_t place = squares.place(x);
    BOOST_TEST(std::abs(squares.coordinate(place) - x) < 1e-9);
    for (int q = 0; q <= 5; ++q) {
      const double u = 1. / 7 + (1 - 2. / 7) * x + q / 42.;
      const auto shifted = static_cast<double>(squares.shifted(place, q));
      BOOST_TEST(std::abs(shifted / static_cast<double>(squares.one()) - u) < 1e-9);
      for (int level = 1; level <= 4; ++level) {
        const double cells = std::pow(7, level) * u;
        BOOST_TEST(squares.cell(place, q, level) == std::llround(std::floor(cells)));
        BOOST_TEST(squares.is_good(place, q, level) == (cells - std::floor(cells) <= 5. / 6));
      }
    }
  }
  BOOST_TEST(squares.coordinate(squares.place(0)) == 0);
  BOOST_TEST(squares.coordinate(squares.place(1)) == 1);
}

BOOST_AUTO_TEST_CASE(centres_are_good_and_in_their_cell) {
  const KoppenSquares squares{10, 8};
  for (const int level : {1, 2, 3})
    for (int q = 0; q <= 8; ++q) {
      const std::int64_t j = squares.cell(squares.place(0.37), q, level);
      const std::int64_t centre = squares.centre(j, q, level);
      BOOST_TEST(squares.cell(centre, q, level) == j);
      BOOST_TEST(squares.is_good(centre, q, level));
      // 4/9 of a cell to the right of its left end
      const double u = (static_cast<double>(j) + 4. / 9) * std::pow(10, -level) - q / 90.;
      BOOST_TEST(std::abs(squares.coordinate(centre) - (u - 0.1) / 0.8) < 1e-12);
    }
  BOOST_TEST(squares.coordinate(squares.centre(0, 0, 1)) == 0);
  BOOST_TEST(squares.coordinate(squares.centre(9, 0, 1)) == 1);
}

BOOST_AUTO_TEST_CASE(gaps_are_bad_and_in_the_same_cell) {
  const KoppenSquares squares{10, 4};
  const std::int64_t place = squares.place(0.4321);
  for (const int level : {1, 2, 3, 4})
    for (int q = 0; q <= 4; ++q)
      for (const double fraction : {0.01, 0.5, 0.99}) {
        const std::int64_t moved = squares.into_gap(place, q, level, fraction);
        BOOST_TEST(squares.cell(moved, q, level) == squares.cell(place, q, level));
        BOOST_TEST(!squares.is_good(moved, q, level));
        const double cells = std::pow(10, level) * static_cast<double>(squares.shifted(moved, q)) /
                             static_cast<double>(squares.one());
        BOOST_TEST(std::abs(cells - std::floor(cells) - (8 + fraction) / 9) < 1e-6);
      }
}

BOOST_AUTO_TEST_CASE(arguments_are_sums_of_inner_functions) {
  const KoppenSquares squares{10, 4};
  // u = 0.1 + 0.8 x: 0.58 and 0.123 are digits, and psi is known there; lambda = 0.1010001...
  const std::int64_t one = squares.place(0.6) + 1, two = squares.place((0.123 - 0.1) / 0.8) + 1;
  BOOST_TEST(squares.cell(one, 0, 4) == 5800);
  BOOST_TEST(squares.cell(two, 0, 4) == 1230);
  const double lambda = 0.1 + 1e-3 + 1e-7 + 1e-15;
  BOOST_TEST(std::abs(squares.to_double(squares.argument(one, two, 0)) - (0.508 + lambda * 0.1020003)) <
             1e-15);
}

BOOST_AUTO_TEST_CASE(plateaus_are_disjoint_and_found) {
  const KoppenSquares squares{6, 4};
  for (const int level : {1, 2, 3}) {
    const KoppenPlateaus plateaus{squares, level};
    BOOST_TEST(plateaus.overlaps() == 0);
    // Good pairs of points end on the plateau of their own cells
    int good = 0;
    for (int i = 0; i < 40; ++i)
      for (int q = 0; q <= 4; ++q) {
        const std::int64_t one = squares.place(std::fmod(0.377 * i, 1)),
                           two = squares.place(std::fmod(0.7213 * i + 0.1, 1));
        if (!squares.is_good(one, q, level) || !squares.is_good(two, q, level)) continue;
        ++good;
        const auto reach = plateaus.at(squares.argument(one, two, q));
        BOOST_TEST(reach.weight == 1);
        BOOST_TEST(reach.first == squares.cell(one, q, level));
        BOOST_TEST(reach.second == squares.cell(two, q, level));
      }
    BOOST_TEST(good > 50);
  }
}

BOOST_AUTO_TEST_CASE(ramps_are_continuous_and_reach_zero) {
  const KoppenSquares squares{6, 4};
  const KoppenPlateaus plateaus{squares, 1};
  // From the plateau of (3, 2) on, in small steps, the weight changes a little at a time and gets to 0
  const Fixed start = squares.argument_of(squares.psi()(3, 1), squares.psi()(2, 1));
  const Fixed next = squares.argument_of(squares.psi()(3, 1), squares.psi()(3, 1));
  double before = 1, least = 1, largest_step = 0;
  for (int i = 0; i <= 4000; ++i) {
    const auto reach = plateaus.at(start + (next - start) / 4000 * i);
    if (reach.weight > 0) BOOST_TEST((reach.first == 3 && (reach.second == 2 || reach.second == 3)));
    largest_step = std::max(largest_step, std::abs(reach.weight - before));
    least = std::min(least, reach.weight);
    before = reach.weight;
  }
  BOOST_TEST(least == 0);
  BOOST_TEST(largest_step < 0.01);
  BOOST_TEST(before == 1, boost::test_tools::tolerance(0.01));
  BOOST_TEST(plateaus.at(-squares.argument_of(squares.psi().one(), 0)).weight == 0);
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW((KoppenSquares{5, 4}), std::invalid_argument);
  BOOST_CHECK_THROW((KoppenSquares{6, 5}), std::invalid_argument);
  BOOST_CHECK_THROW((KoppenSquares{10, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((KoppenSquares{18, 4}), std::invalid_argument);
  const KoppenSquares squares{6, 4};
  BOOST_CHECK_THROW((KoppenPlateaus{squares, 0}), std::invalid_argument);
  BOOST_CHECK_THROW((KoppenPlateaus{squares, 4}), std::invalid_argument);
  BOOST_CHECK_THROW(squares.argument(squares.one(), 0, 0), std::out_of_range);
}

BOOST_AUTO_TEST_SUITE_END()
