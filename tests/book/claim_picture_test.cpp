// Where the small picture of a claim puts prediction, measurement and what is allowed

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "claim_picture.hpp"

using namespace book;

namespace {

Claim claim(const std::string& kind, double predicted, double measured) {
  Claim result{};
  result.kind = kind;
  result.predicted = predicted;
  result.measured = measured;
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(five_standard_errors_are_the_edge_of_a_statistical_claim) {
  Claim off = claim("statistical", 1, 1.1);
  off.standard_error = 0.02;
  off.z = 5;
  const ClaimPosition place = position(off);
  BOOST_TEST(place.to == 0.8);
  BOOST_TEST(place.measured == place.to, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(place.error == 0.16, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_tolerance_is_the_edge_of_an_exact_claim_also_a_relative_one) {
  Claim half = claim("exact", 4, 3.8);
  half.tolerance = 0.4;
  BOOST_TEST(position(half).measured == -0.4, boost::test_tools::tolerance(1e-12));
  half.tolerance = 0.1;
  half.relative = true;
  BOOST_TEST(position(half).measured == -0.4, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_bound_allows_one_side) {
  Claim below = claim("bound", 4, 1);
  below.side = "below";
  BOOST_TEST(position(below).to == 0);
  BOOST_TEST(position(below).measured == -0.6, boost::test_tools::tolerance(1e-12));
  below.side = "above";
  BOOST_TEST(position(below).from == 0);
}

BOOST_AUTO_TEST_CASE(what_was_computed_without_a_tolerance_and_differs_is_outside) {
  Claim same = claim("exact", 2, 2), other = claim("exact", 2, 3);
  same.tolerance = other.tolerance = 0;
  BOOST_TEST(position(same).measured == 0);
  BOOST_TEST(position(other).measured > position(other).to);
}

BOOST_AUTO_TEST_CASE(no_number_no_picture) {
  BOOST_TEST(claim_picture(claim("exact", 2, std::nan(""))).empty());
  BOOST_TEST(!claim_picture(claim("exact", 2, 2)).empty());
}
