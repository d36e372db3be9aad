#define BOOST_TEST_DYN_LINK
#include <fieldbook/networks/kolmogorov_sum.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;

namespace {

double sum(double x, double y) { return 3 * x + y * y; }
double one(double, double) { return 1; }

KoppenPoint point(const KolmogorovSum& kolmogorov, double x, double y) {
  return {kolmogorov.squares().place(x), kolmogorov.squares().place(y)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kolmogorov_sum)

BOOST_AUTO_TEST_CASE(nothing_is_taken_before_the_first_stage) {
  const KolmogorovSum kolmogorov{10, 4, 1, {sum, one}};
  const auto left = kolmogorov.left(point(kolmogorov, 0.3, 0.7), 0);
  BOOST_TEST(std::abs(left[0] - (0.9 + 0.49)) < 1e-9);
  BOOST_TEST(left[1] == 1);
}

// Where all shifts are good, a constant is gone after one stage, and stays gone
BOOST_AUTO_TEST_CASE(a_constant_is_represented_where_all_shifts_are_good) {
  const KolmogorovSum kolmogorov{10, 4, 3, {one}};
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const KoppenPoint p = point(kolmogorov, std::fmod(0.618 * i, 1), std::fmod(0.7549 * i, 1));
    bool good = true;
    for (int q = 0; q <= 4; ++q)
      good = good && kolmogorov.squares().is_good(p.one, q, 1) && kolmogorov.squares().is_good(p.two, q, 1);
    if (!good) continue;
    ++found;
    BOOST_TEST(std::abs(kolmogorov.left(p, 1)[0]) < 1e-15);
  }
  BOOST_TEST(found > 20);
}

// The recursion by hand, for one point and one shift in which it is good, at each stage with and without a table
BOOST_AUTO_TEST_CASE(plateaus_hold_what_was_left_at_their_centres) {
  for (const int stages : {2, 3}) {
    const KolmogorovSum kolmogorov{7, 5, stages, {sum, one}};
    const KoppenSquares& squares = kolmogorov.squares();
    int good = 0;
    for (int i = 1; i < 30; ++i)
      for (int r = 1; r <= stages; ++r)
        for (int q = 0; q <= 5; ++q) {
          const KoppenPoint p = point(kolmogorov, i / 30., std::fmod(0.37 * i, 1));
          if (!squares.is_good(p.one, q, r) || !squares.is_good(p.two, q, r)) continue;
          ++good;
          const KoppenPoint centre =
              kolmogorov.centre(r, q, squares.cell(p.one, q, r), squares.cell(p.two, q, r));
          const auto phi = kolmogorov.outer(r, q, squares.argument(p.one, p.two, q));
          BOOST_TEST((phi - kolmogorov.left(centre, r - 1) / 6).abs().maxCoeff() < 1e-15);
        }
    BOOST_TEST(good > 100);
  }
}

// Between a plateau and zero an outer function passes through every value: through half of the plateau's, to begin with
BOOST_AUTO_TEST_CASE(ramps_lead_down_from_plateaus) {
  const KolmogorovSum kolmogorov{10, 4, 1, {one}};
  const KoppenPoint p = kolmogorov.centre(1, 0, 3, 6);
  const auto phi = [&](Fixed argument) { return kolmogorov.outer(1, 0, argument)[0]; };
  Fixed on = kolmogorov.squares().argument(p.one, p.two, 0), off = on;
  BOOST_TEST(phi(on) == 0.2);
  const Fixed step = kolmogorov.squares().argument_of(kolmogorov.squares().psi().one(), 0) / 10000;
  while (phi(off) > 0) off += step;
  while (off - on > 1) {
    const Fixed middle = on + (off - on) / 2;
    (phi(middle) > 0.1 ? on : off) = middle;
  }
  BOOST_TEST(std::abs(phi(on) - 0.1) < 1e-9);
}

BOOST_AUTO_TEST_CASE(stages_add_up) {
  const KolmogorovSum kolmogorov{8, 6, 2, {sum}};
  const KoppenPoint p = point(kolmogorov, 0.41, 0.83);
  double left = kolmogorov.left(p, 0)[0];
  for (int r = 1; r <= 2; ++r) {
    for (int q = 0; q <= 6; ++q)
      left -= kolmogorov.outer(r, q, kolmogorov.squares().argument(p.one, p.two, q))[0];
    BOOST_TEST(std::abs(kolmogorov.left(p, r)[0] - left) < 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW((KolmogorovSum{10, 4, 0, {one}}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovSum{10, 4, 4, {one}}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovSum{10, 4, 1, {}}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovSum{10, 9, 1, {one}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
