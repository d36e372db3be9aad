#define BOOST_TEST_DYN_LINK
#include <fieldbook/networks/random_features.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;

namespace {

/// The two-point function of x and y from many networks of width 3, against `exact`, within five standard errors.
void expect_two_point_function(const FeatureLaw& law, const Eigen::MatrixXd& points, double exact) {
  RandomFeatures networks{law, static_cast<int>(points.rows()), 3, 5, "test"};
  const int draws = 200000;
  double sum = 0, squares = 0;
  for (int n = 0; n < draws; ++n) {
    const auto phi = networks.outputs(static_cast<std::uint64_t>(n), points);
    const double product = phi[0] * phi[1];
    sum += product;
    squares += product * product;
  }
  const double mean = sum / draws, error = std::sqrt((squares / draws - mean * mean) / draws);
  BOOST_TEST_INFO(mean << " +- " << error << " for " << exact);
  BOOST_TEST(std::abs(mean - exact) < 5 * error);
  BOOST_TEST(error < 0.05 * (0.1 + exact));
}

Eigen::MatrixXd two_points(int dimension) {
  Eigen::MatrixXd points = Eigen::MatrixXd::Constant(dimension, 2, 0.1);
  points(0, 1) += 0.5;
  return points;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(random_features_have_their_two_point_functions) {
  for (const int d : {1, 2, 3}) {
    expect_two_point_function(GaussFeatures{0.2}, two_points(d), std::exp(-0.2 * 0.25 / 2));
    expect_two_point_function(CosFeatures{0.7}, two_points(d), std::exp(-0.7 * 0.25 / 2));
  }
  expect_two_point_function(CauchyFeatures{1.5}, two_points(1), std::exp(-1.5 * 0.5) / 3);
  // The curriculum's cutoff integral in three dimensions at r = 1/2, m = 1, Lambda = 10
  expect_two_point_function(ScalarFeatures{1, 10}, two_points(3), 0.09438731);
  // At coincident points the integrals are elementary
  for (const int d : {1, 2, 3}) {
    const double pi = std::numbers::pi, cutoff = 4, mass = 0.8, angle = std::atan(cutoff / mass);
    const double exact[] = {angle / (pi * mass), std::log(1 + cutoff * cutoff / (mass * mass)) / (4 * pi),
                            (cutoff - mass * angle) / (2 * pi * pi)};
    expect_two_point_function(ScalarFeatures{mass, cutoff}, Eigen::MatrixXd::Constant(d, 2, 0.3),
                              exact[d - 1]);
  }
}

BOOST_AUTO_TEST_CASE(other_laws_of_momenta_and_phases) {
  const double r = 0.5;
  // Uniform components of variance s: sinc(sqrt(3 s) r) along an axis
  const double edge = std::sqrt(3 * 0.7) * r;
  expect_two_point_function(CosFeatures{0.7, PhaseLaw::full, MomentumLaw::uniform}, two_points(2),
                            std::sin(edge) / edge);
  // Points x and y: e^{-s(x-y)^2/2} + < cos 2c > e^{-s(x+y)^2/2}, x = 0.6 and y = 0.1
  const double near = std::exp(-0.7 * r * r / 2), far = std::exp(-0.7 * 0.7 * 0.7 / 2);
  expect_two_point_function(CosFeatures{0.7, PhaseLaw::half}, two_points(1), near);
  expect_two_point_function(CosFeatures{0.7, PhaseLaw::two}, two_points(1), near);
  expect_two_point_function(CosFeatures{0.7, PhaseLaw::quarter}, two_points(1),
                            near + 2 / std::numbers::pi * far);
  for (const double t : {0., 0.2, 0.4}) {
    RandomFeatures<double> networks{PowerFeatures{1.5, t}, 1, 3, 5, "power"};
    double sum = 0, squares = 0;
    const int draws = 200000;
    for (int n = 0; n < draws; ++n) {
      const auto phi = networks.outputs(static_cast<std::uint64_t>(n), two_points(1));
      sum += phi[0] * phi[1];
      squares += phi[0] * phi[1] * phi[0] * phi[1];
    }
    const double mean = sum / draws, error = std::sqrt((squares / draws - mean * mean) / draws);
    BOOST_TEST(std::abs(mean - std::exp(-1.5 * r) / 3) < 5 * error);
  }
  BOOST_CHECK_THROW((RandomFeatures<double>{PowerFeatures{1, 0.45}, 1, 3, 5, "power"}),
                    std::invalid_argument);
  BOOST_CHECK_THROW((RandomFeatures<double>{PowerFeatures{1, 0.1}, 2, 3, 5, "power"}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_momentum_of_a_vanishing_normal_is_finite) {
  // Among these draws on the line are normals that are zero in single precision
  RandomFeatures<float> networks{ScalarFeatures{1, 40}, 1, 64, 1, "zeros"};
  const Eigen::MatrixXd origin = Eigen::MatrixXd::Zero(1, 1);
  bool finite = true;
  for (std::uint64_t n = 0; n < 400000; ++n)
    finite = finite && std::isfinite(networks.features(n, origin)[n % 64]);
  BOOST_TEST(finite);
}

BOOST_AUTO_TEST_CASE(scalar_nets_of_any_alpha_have_the_same_propagator) {
  for (const double alpha : {-0.5, 0., 0.5, 1.}) {
    expect_two_point_function(ScalarFeatures{1, 10, alpha}, two_points(3), 0.09438731);
    expect_two_point_function(ScalarFeatures{0.8, 4, alpha}, Eigen::MatrixXd::Constant(1, 2, 0.3),
                              std::atan(5.) / (std::numbers::pi * 0.8));
  }
}

BOOST_AUTO_TEST_CASE(features_and_outputs_belong_to_the_draw_alone) {
  for (const FeatureLaw& law : {FeatureLaw{GaussFeatures{0.3}}, FeatureLaw{CosFeatures{1}},
                                FeatureLaw{ScalarFeatures{1, 5}}, FeatureLaw{CauchyFeatures{1}}}) {
    const Eigen::MatrixXd x = two_points(1);
    RandomFeatures<double> networks{law, 1, 7, 1, "test"};
    const auto first = networks.outputs(3, x);
    networks.outputs(4, x);
    BOOST_TEST(networks.outputs(3, x) == first);
    const std::span<const double> f = networks.features(3, x);
    std::vector<double> a(7);
    Stream{1, "test: output weights"}.normals(3, a);
    for (std::size_t p = 0; p < 2; ++p) {
      double phi = 0;
      for (std::size_t i = 0; i < 7; ++i) phi += a[i] * f[7 * p + i] / std::sqrt(7.);
      BOOST_TEST(std::abs(phi - first[p]) < 1e-13);
    }
  }
}

BOOST_AUTO_TEST_CASE(laws_that_make_no_sense_are_refused) {
  const auto made = [](const FeatureLaw& law, int dimension, int width) {
    RandomFeatures{law, dimension, width, 1, "test"};
  };
  BOOST_CHECK_THROW(made(CosFeatures{1}, 1, 0), std::invalid_argument);
  BOOST_CHECK_THROW(made(CosFeatures{1}, 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(made(CosFeatures{-1}, 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(made(GaussFeatures{NAN}, 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(made(ScalarFeatures{0, 1}, 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(made(ScalarFeatures{1, 1}, 4, 1), std::invalid_argument);
  BOOST_CHECK_THROW(made(CauchyFeatures{1}, 2, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
