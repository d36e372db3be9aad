#define BOOST_TEST_DYN_LINK
#include <fieldbook/kernels/correlation_flow.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>

#include <fieldbook/kernels/signal_propagation.hpp>
#include <fieldbook/numerics/characteristic.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;
using std::numbers::pi;

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(cumulants_of_one_neuron_at_coinciding_points) {
  const Eigen::MatrixXd same = Eigen::MatrixXd::Constant(2, 6, 0.7);
  const double s = 0.3, u = s * 2 * 0.49;
  const NeuronMoment gauss = gauss_net_moment(s, same), cos = cos_net_moment(s, same);
  BOOST_TEST(neuron_cumulant(gauss, 2) == 1, tt::tolerance(1e-13));
  BOOST_TEST(neuron_cumulant(gauss, 4) == 3 * std::expm1(4 * u), tt::tolerance(1e-12));
  BOOST_TEST(neuron_cumulant(gauss, 6) == 15 * std::exp(12 * u) - 45 * std::exp(4 * u) + 30,
             tt::tolerance(1e-12));
  BOOST_TEST(neuron_cumulant(cos, 4) == 1.5, tt::tolerance(1e-13));
  BOOST_TEST(std::abs(neuron_cumulant(cos, 6)) < 1e-12);
  // mu_4 = 2 mu_2^2 removes the interaction of the cosine
  BOOST_TEST(std::abs(neuron_cumulant(cos, 4, {1.3, 2 * 1.3 * 1.3, 0})) < 1e-13);
  BOOST_TEST(wick_sum(cos, 6) == 15, tt::tolerance(1e-13));
  BOOST_CHECK_THROW(neuron_cumulant(cos, 5), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(moments_of_cosines_by_quadrature) {
  const double x[] = {0, 0.5, -0.4, 0.9}, s = 0.8;
  Eigen::MatrixXd points(1, 4);
  points << x[0], x[1], x[2], x[3];
  // Phases on a quarter of a circle; both averages by the midpoint rule
  double sum = 0, norm = 0;
  for (int i = 0; i < 400; ++i)
    for (int j = 0; j < 400; ++j) {
      const double c = pi / 2 * ((j + 0.5) / 400 - 0.5), w = -9 + 18 * (i + 0.5) / 400,
                   weight = std::exp(-w * w / 2);
      double product = 4 * weight;
      for (const double point : x) product *= std::cos(std::sqrt(s) * w * point + c);
      sum += product;
      norm += weight;
    }
  const NeuronMoment quarter =
      cos_net_moment(s, points, [](int k) { return k == 0 ? 1 : std::sin(k * pi / 4) / (k * pi / 4); });
  BOOST_TEST(quarter({0, 1, 2, 3}) == sum / norm, tt::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(densities_from_characteristic_functions) {
  const CharacteristicFunction gaussian{[](double t) { return std::exp(-t * t / 2); }, 0.05, 12};
  const CharacteristicFunction laplace{[](double t) { return 1 / (1 + t * t / 2); }, 0.02, 4000};
  for (const double x : {0., 0.3, 2.}) {
    BOOST_TEST(gaussian.density(x) == std::exp(-x * x / 2) / std::sqrt(2 * pi), tt::tolerance(1e-12));
    if (x > 0)
      BOOST_TEST(laplace.density(x) == std::exp(-std::sqrt(2.) * x) / std::sqrt(2.), tt::tolerance(1e-3));
  }
  BOOST_TEST(gaussian.probability(-1, 2) == (std::erf(2 / std::sqrt(2.)) + std::erf(1 / std::sqrt(2.))) / 2,
             tt::tolerance(1e-12));
  BOOST_CHECK_THROW((CharacteristicFunction{[](double) { return 1.; }, 0, 1}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_critical_line_of_erf_is_closed) {
  for (const double q : {0.1, 0.51717684, 2.}) {
    const double weight = pi / 4 * std::sqrt(1 + 4 * q);
    const double bias = q - 2 * weight / pi * std::asin(2 * q / (1 + 2 * q));
    const CriticalPoint found = critical_point(Activation::erf, bias);
    BOOST_TEST(found.weight_variance == weight, tt::tolerance(1e-10));
    BOOST_TEST(found.variance == q, tt::tolerance(1e-9));
  }
  BOOST_CHECK_THROW(critical_point(Activation::relu, 0.1), std::invalid_argument);
  BOOST_CHECK_THROW(critical_point(Activation::erf, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(slopes_are_derivatives_of_the_maps) {
  const double h = 1e-5;
  for (const Activation activation : {Activation::erf, Activation::tanh}) {
    const DeepLaw law{activation, 2.3, 0.1};
    const double q = fixed_variance(law);
    BOOST_TEST(next_variance(law, q) == q, tt::tolerance(1e-12));
    BOOST_TEST(variance_slope(law, q) == (next_variance(law, q + h) - next_variance(law, q - h)) / (2 * h),
               tt::tolerance(1e-7));
    BOOST_TEST(correlation_slope(law, q, 1 - 1e-9) == correlation_slope(law, q), tt::tolerance(1e-4));
    const double k = 1e-3;
    BOOST_TEST(correlation_curvature(law, q) ==
                   (correlation_slope(law, q) - correlation_slope(law, q, 1 - 2 * k)) / (2 * k),
               tt::tolerance(1e-2));
    const double c = fixed_correlation(law, q);
    BOOST_TEST((c > 0 && c < 1));
    BOOST_TEST(correlation_slope(law, q, c) < 1);
  }
}

BOOST_AUTO_TEST_CASE(the_flow_is_the_map_of_dual_activations) {
  const DeepLaw law{Activation::erf, 2.5, 0.05};
  const CorrelationFlow flow{law};
  const double q = flow.variance();
  BOOST_TEST(next_variance(law, q) == q, tt::tolerance(1e-12));
  for (const double c : {-0.7, 0.2, 0.9})
    BOOST_TEST(1 - flow.next(1 - c) == (0.05 + 2.5 * dual_activation(Activation::erf, q, q, q * c)) / q,
               tt::tolerance(1e-8));
  BOOST_TEST(flow.after(0.5, 3) == flow.next(flow.next(flow.next(0.5))), tt::tolerance(1e-14));
  BOOST_TEST(flow.slope_at_one() == correlation_slope(law, q), tt::tolerance(1e-6));
  BOOST_TEST(flow.variance_rate() == variance_slope(law, q), tt::tolerance(1e-4));
}

BOOST_AUTO_TEST_SUITE_END()
