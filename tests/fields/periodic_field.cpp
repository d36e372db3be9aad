#define BOOST_TEST_DYN_LINK
#include <fieldbook/fields/line_net_moments.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/fields/reconstructed_action.hpp>
#include <fieldbook/fields/reflection_gram.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(periodic_fields)

BOOST_AUTO_TEST_CASE(spectra_and_propagators_belong_together) {
  for (const PeriodicField& field : {circle_field(1.3, 5, 20), torus_field(0.5, 6)}) {
    BOOST_TEST(field.spectrum.minCoeff() > 0);
    BOOST_TEST(field.spectrum.sum() == field.propagator[0], tt::tolerance(1e-12));
  }
  // The images of a particle on a line
  double images = 0;
  for (int n = -20; n <= 20; ++n) images += std::exp(-1.3 * std::abs(1.25 + 5 * n)) / 2.6;
  BOOST_TEST(circle_field(1.3, 5, 20).propagator[5] == images, tt::tolerance(1e-12));
  BOOST_TEST(circle_field(30, 100, 64).propagator[0] == 1 / 60., tt::tolerance(1e-12));
  BOOST_CHECK_THROW(circle_field(0, 5, 20), std::invalid_argument);
  BOOST_CHECK_THROW(torus_field(-1, 6), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(slopes_agree_by_two_routes_and_approach_a_mass_shift) {
  for (const PeriodicField& field : {circle_field(1, 4, 12), torus_field(0.5, 4)})
    for (const double alpha : {0., -0.5})
      for (const int x : {0, 2}) {
        for (const int width : {1, 3})
          BOOST_TEST(two_point_slope(field, alpha, x, width, {1, 2, 6}) ==
                         two_point_slope_by_cumulants(field, alpha, x, width, {1, 2, 6}),
                     tt::tolerance(1e-10));
        BOOST_TEST(two_point_slope(field, alpha, x, 100000000, {1, 1, 1}) == two_point_slope(field, x),
                   tt::tolerance(1e-5));
      }
  // With a weight phi^2 instead of phi^4 the derivative would be that of the mass: dG/dm^2 = -sum_y G G
  const PeriodicField light = torus_field(0.5, 4), heavy = torus_field(0.5 + 1e-5, 4);
  BOOST_TEST((heavy.propagator[1] - light.propagator[1]) / 1e-5 * light.propagator[0] / 2 ==
                 two_point_slope(light, 1),
             tt::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(gram_matrices_of_one_state_have_rank_one) {
  const std::vector<double> times{0, 0.4, 1, 0, -0.4, -1};
  const NeuronMoment wave = plane_wave_moment(1, times);
  const Eigen::MatrixXd gram = reflection_gram(wave, {{0}, {1}, {2}}, 3);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      BOOST_TEST(gram(i, j) == std::exp(-times[i] - times[j]) / 2, tt::tolerance(1e-12));
  BOOST_TEST(odd_operators(4).size() == 24u);
  BOOST_TEST(even_operators(4).size() == 11u);
  BOOST_TEST(lowest_eigenvalue((Eigen::Matrix2d() << 1, 2, 2, 1).finished()) == -1, tt::tolerance(1e-12));
  BOOST_TEST(with_unit_diagonal((Eigen::Matrix2d() << 4, 2, 2, 9).finished())(0, 1) == 1 / 3.,
             tt::tolerance(1e-12));
  BOOST_CHECK_THROW(with_unit_diagonal(Eigen::Matrix2d::Zero()), std::invalid_argument);
}

// kappa made from known couplings by attaching legs gives the couplings back
BOOST_AUTO_TEST_CASE(amputation_undoes_the_legs) {
  const Eigen::Matrix2d g = (Eigen::Matrix2d() << 0.5, 0.2, 0.2, 0.7).finished();
  QuarticTensor coupling{2};
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b)
      for (int c = 0; c < 2; ++c)
        for (int d = 0; d < 2; ++d) coupling(a, b, c, d) = 1 + a + b + c + d;
  QuarticTensor kappa = transformed(coupling, g);
  double by_hand = 0;
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b)
      for (int c = 0; c < 2; ++c)
        for (int d = 0; d < 2; ++d) by_hand += coupling(a, b, c, d) * g(a, 0) * g(b, 0) * g(c, 1) * g(d, 0);
  BOOST_TEST(kappa(0, 0, 1, 0) == by_hand, tt::tolerance(1e-12));
  BOOST_TEST(quartic_couplings(kappa, g)(0, 1, 1, 1) == -4, tt::tolerance(1e-10));
  // One neuron at one point: kappa = (3/8)(4/m^2) - 3 (1/2m)^2 at m = 1
  BOOST_TEST(connected_tensor(plane_wave_moment(1, {0, 0.5}), 2, {1, 1, 1})(0, 0, 0, 0) == 0.375 - 0.75,
             tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
