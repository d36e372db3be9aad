#define BOOST_TEST_DYN_LINK
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/fields/scalar_net_moment.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;
using std::numbers::pi;

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(propagators_at_coinciding_points_are_elementary) {
  const double m = 0.8;
  for (const double cutoff : {0.3, 4., 90.}) {
    const double angle = std::atan(cutoff / m);
    BOOST_TEST(cutoff_integral({1, m, cutoff}, 0) == angle / (pi * m), tt::tolerance(1e-12));
    BOOST_TEST(cutoff_integral({2, m, cutoff}, 0) == std::log1p(cutoff * cutoff / (m * m)) / (4 * pi),
               tt::tolerance(1e-12));
    BOOST_TEST(cutoff_integral({3, m, cutoff}, 0) == (cutoff - m * angle) / (2 * pi * pi),
               tt::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_high_cutoff_approaches_none) {
  // The missing tail oscillates and is of order 1 / (r cutoff^2) on the line
  for (const double r : {0.2, 1., 3.}) {
    BOOST_TEST(cutoff_integral({1, 1.3, 3e4}, r) == cutoff_integral({1, 1.3}, r), tt::tolerance(1e-6));
    for (const int d : {1, 2, 3})
      BOOST_TEST(std::abs(cutoff_integral({d, 1.3, 2e3}, r, 2) - cutoff_integral({d, 1.3}, r, 2)) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(the_square_is_the_derivative_in_the_squared_mass) {
  const double h = 1e-4;
  for (const int d : {1, 2, 3}) {
    const auto propagator = [&](double squared) { return cutoff_integral({d, std::sqrt(squared), 7}, 0.6); };
    BOOST_TEST(
        cutoff_integral({d, 1.1, 7}, 0.6, 2) == (propagator(1.21 - h) - propagator(1.21 + h)) / (2 * h),
        tt::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(power_zero_is_the_volume) {
  for (const int d : {1, 2, 3})
    BOOST_TEST(cutoff_integral({d, 0.7, 5}, 0, 0) == momentum_ball({d, 0.7, 5}) / std::pow(2 * pi, d),
               tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(moments_of_scalar_nets) {
  // The Cauchy-net has a constant amplitude: N G4 = (3/2) G2(0)^2 at one point, whatever the mass
  const Eigen::MatrixXd same = Eigen::MatrixXd::Constant(1, 4, 0.4);
  BOOST_TEST(neuron_cumulant(scalar_net_moment({1, 1.3}, 0, same), 4) == 1.5 / (4 * 1.3 * 1.3),
             tt::tolerance(1e-13));
  // The curriculum's vertices of the uniform net on the line, and of alpha = 1/2 in the plane with constant amplitudes
  const Eigen::MatrixXd line = Eigen::RowVector4d{0, 0.7, -0.4, 1.1};
  BOOST_TEST(neuron_cumulant(scalar_net_moment({1, 1, 10}, -1, line), 4) == 2.4166013, tt::tolerance(1e-7));
  const Eigen::MatrixXd plane = (Eigen::MatrixXd(2, 4) << 0, 0.5, 0.2, -0.4, 0, 0, 0.7, 0.3).finished();
  BOOST_TEST(neuron_cumulant(scalar_net_moment({2, 1, 10}, 0.5, plane), 4, {1, 1, 0}) == -.016113,
             tt::tolerance(1e-4));
  BOOST_CHECK_THROW(scalar_net_moment({1, 1}, 0, line)({0, 1, 2}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  BOOST_CHECK_THROW(cutoff_integral({4, 1, 1}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(cutoff_integral({1, 0, 1}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(cutoff_integral({1, 1, 0}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(cutoff_integral({2, 1}, 0), std::invalid_argument);
  BOOST_CHECK_THROW(cutoff_integral({1, 1}, 1, 3), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
