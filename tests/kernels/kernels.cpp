#define BOOST_TEST_DYN_LINK
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/gaussian_process.hpp>
#include <fieldbook/kernels/nngp.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(kernels)

// Reference values from an independent quadrature with mpmath
BOOST_AUTO_TEST_CASE(dual_activations_have_their_values) {
  const std::map<Activation, double> expected{
      {Activation::relu, 0.0861031810}, {Activation::relu_squared, 0.0948056756},
      {Activation::step, 0.1905091277}, {Activation::abs, 0.7444127241},
      {Activation::erf, -0.1595922520}, {Activation::tanh, -0.1385565677},
      {Activation::cos, 0.3423072633},  {Activation::sin, -0.1300592895},
      {Activation::exp, 2.1170000166},  {Activation::gelu, 0.00320943117},
      {Activation::linear, -0.4},       {Activation::leaky, -0.0778094413}};
  BOOST_TEST(expected.size() == all_activations().size());
  for (const auto& [activation, value] : expected) {
    BOOST_TEST_INFO(name(activation));
    BOOST_TEST(std::abs(dual_activation(activation, 0.8, 1.5, -0.4) - value) < 2e-10);
    BOOST_TEST(std::abs(dual_activation_by_quadrature(activation, 0.8, 1.5, -0.4) - value) < 2e-10);
  }
}

BOOST_AUTO_TEST_CASE(dual_activations_at_the_edges) {
  for (const Activation activation : all_activations()) {
    BOOST_TEST_INFO(name(activation));
    const double zero = activation_value(activation, 0);
    BOOST_TEST(std::abs(dual_activation(activation, 0, 0, 0) - zero * zero) < 1e-12);
    // A covariance that rounding has pushed past its limit
    BOOST_TEST(std::isfinite(dual_activation(activation, 0.7, 0.7, 0.7 * (1 + 1e-15))));
    BOOST_CHECK_THROW(dual_activation(activation, 1, 1, 1.1), std::invalid_argument);
    BOOST_CHECK_THROW(dual_activation(activation, -1, 1, 0), std::invalid_argument);
    BOOST_CHECK_THROW(dual_activation(activation, NAN, 1, 0), std::invalid_argument);
  }
}

// The average of slopes is the derivative of that of values with respect to the covariance (Price 1958)
BOOST_AUTO_TEST_CASE(dual_slopes_are_derivatives) {
  const double a = 0.8, b = 1.5, c = -0.4, h = 1e-4;
  for (const Activation activation : all_activations()) {
    if (activation == Activation::step) continue;
    BOOST_TEST_INFO(name(activation));
    const auto value = [&](double shift) { return dual_activation(activation, a, b, c + shift); };
    const double difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
    BOOST_TEST(std::abs(dual_slope(activation, a, b, c) - difference) < 1e-8);
    const double slope =
        (activation_value(activation, 0.7 + h) - activation_value(activation, 0.7 - h)) / (2 * h);
    BOOST_TEST(std::abs(activation_slope(activation, 0.7) - slope) < 1e-7);
    BOOST_TEST(std::isfinite(dual_slope(activation, 0.7, 0.7, 0.7)));
  }
  BOOST_CHECK_THROW(dual_slope(Activation::step, a, b, c), std::invalid_argument);
  BOOST_CHECK_THROW(dual_slope(Activation::relu, 1, 1, 1.1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(kernels_of_deep_networks) {
  Eigen::MatrixXd x(2, 3);
  x << 1, 0, 0, 0.6, 0.8, 0;
  const DeepLaw relu{Activation::relu, 1.6, 0.1}, erf{Activation::erf, 1.6, 0.1};
  const double relu_diagonal[] = {0.60667, 0.58533, 0.56827}, relu_off[] = {0.46626, 0.48942, 0.50093};
  const double erf_diagonal[] = {0.703991, 0.736139, 0.749766}, erf_off[] = {0.48670, 0.52388, 0.54578};
  for (int depth = 1; depth <= 3; ++depth) {
    BOOST_TEST(std::abs(nngp_kernel(relu, depth, x)(0, 0) - relu_diagonal[depth - 1]) < 5e-6);
    BOOST_TEST(std::abs(nngp_kernel(relu, depth, x)(0, 1) - relu_off[depth - 1]) < 5e-6);
    BOOST_TEST(std::abs(nngp_kernel(erf, depth, x)(0, 0) - erf_diagonal[depth - 1]) < 5e-7);
    BOOST_TEST(std::abs(nngp_kernel(erf, depth, x)(0, 1) - erf_off[depth - 1]) < 5e-6);
  }
  BOOST_CHECK_THROW(nngp_kernel(erf, 0, x), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(width_expansion_of_the_diagonal) {
  const DeepLaw erf{Activation::erf, 1.6, 0.1};
  const double first = 0.1 + 1.6 / 3;
  BOOST_TEST(width_expansion(erf, 1, first).mean_shift == 0);
  BOOST_TEST(std::abs(width_expansion(erf, 2, first).mean_shift + 0.07612) < 5e-6);
  BOOST_TEST(std::abs(width_expansion(erf, 3, first).mean_shift + 0.11931) < 5e-6);
  // For a ReLU: N Var G after one layer is weight_variance^2 K^2 (3/2 - 1/4), and the mean does not move
  const DeepLaw relu{Activation::relu, 1.6, 0.1};
  const WidthExpansion two = width_expansion(relu, 2, first);
  BOOST_TEST(std::abs(two.mean_shift) < 1e-12);
  BOOST_TEST(width_expansion(relu, 1, first).variance == 1.6 * 1.6 * first * first * 1.25,
             tt::tolerance(1e-11));
}

BOOST_AUTO_TEST_CASE(gaussian_process_with_one_datum) {
  const Eigen::MatrixXd kernel = Eigen::MatrixXd::Constant(1, 1, 2);
  const Eigen::VectorXd y = Eigen::VectorXd::Constant(1, 3), k = Eigen::VectorXd::Constant(1, 1.5);
  const GaussianProcess gp{kernel, y, 0.5};
  BOOST_TEST(gp.mean(k) == 1.5 * 3 / 2.5, tt::tolerance(1e-14));
  BOOST_TEST(gp.variance(k, 2) == 2 - 1.5 * 1.5 / 2.5, tt::tolerance(1e-14));
  BOOST_TEST(gp.log_evidence() == -9 / 5. - std::log(2.5) / 2 - std::log(2 * M_PI) / 2, tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(singular_kernels_are_refused) {
  const Eigen::MatrixXd repeated = Eigen::MatrixXd::Ones(2, 2);
  BOOST_CHECK_THROW(free_action(repeated), std::invalid_argument);
  BOOST_CHECK_THROW((GaussianProcess{repeated, Eigen::VectorXd::Ones(2), 0}), std::invalid_argument);
  BOOST_CHECK_NO_THROW((GaussianProcess{repeated, Eigen::VectorXd::Ones(2), 0.1}));
  // The squared-exponential kernel on 17 points of [-2, 2] has a condition number of 7e15
  Eigen::MatrixXd smooth(17, 17);
  for (int i = 0; i < 17; ++i)
    for (int j = 0; j < 17; ++j) smooth(i, j) = std::exp(-(i - j) * (i - j) / 32.);
  BOOST_CHECK_THROW(free_action(smooth), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
