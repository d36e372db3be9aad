#define BOOST_TEST_DYN_LINK
#include <fieldbook/fields/line_net_moments.hpp>
#include <fieldbook/fields/scalar_net_moment.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(line_nets)

const std::vector<double> times{-0.3, 0.2, 1.1, 1.7, 2.4, -1.2};

BOOST_AUTO_TEST_CASE(plane_waves_are_the_scalar_net_on_the_line_without_a_cutoff) {
  const double mass = 0.8;
  const NeuronMoment wave = plane_wave_moment(mass, times);
  const NeuronMoment scalar =
      scalar_net_moment({1, mass}, 0, Eigen::Map<const Eigen::RowVectorXd>(times.data(), 6));
  for (const std::vector<int>& indices : {std::vector{0, 3}, {2, 2}, {0, 1, 2, 3}, {4, 4, 1, 5}})
    BOOST_TEST(wave(indices) == scalar(indices), tt::tolerance(1e-12));
  BOOST_TEST(wave({0, 1, 2}) == 0);
  // One point: < cos^6 > = 5/16
  BOOST_TEST(wave({1, 1, 1, 1, 1, 1}) == 0.3125 / std::pow(mass, 3), tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(telegraphs_are_markovian) {
  const double mass = 0.8;
  const NeuronMoment telegraph = telegraph_moment(mass, times);
  BOOST_TEST(telegraph({3, 0}) == std::exp(-mass * 2.) / (2 * mass), tt::tolerance(1e-14));
  BOOST_TEST(telegraph({1, 1, 1, 1}) == 1 / (4 * mass * mass), tt::tolerance(1e-14));
  BOOST_TEST(telegraph({4, 5, 0, 2}) == std::exp(-mass * (0.9 + 1.3)) / (4 * mass * mass),
             tt::tolerance(1e-14));
  BOOST_TEST(telegraph({0, 1, 2}) == 0);
  BOOST_CHECK_THROW(telegraph_moment(0, times), std::invalid_argument);
  BOOST_CHECK_THROW(plane_wave_moment(-1, times), std::invalid_argument);
}

// < phi^4 > and < phi^6 > at one point against a sum over all assignments of neurons to factors
BOOST_AUTO_TEST_CASE(moments_of_networks_count_neurons) {
  const NeuronMoment wave = plane_wave_moment(1, times);
  const WeightMoments weights{1, 2, 6};
  const std::vector<int> points{0, 3, 1, 2, 5, 4};
  const double mu[] = {1, 0, 1, 0, 2, 0, 6};
  for (const int width : {1, 2, 3})
    for (const int n : {2, 4, 6}) {
      double sum = 0;
      for (int code = 0; code < std::pow(width, n); ++code) {
        std::vector<std::vector<int>> factors(static_cast<std::size_t>(width));
        for (int i = 0, rest = code; i < n; ++i, rest /= width)
          factors[static_cast<std::size_t>(rest % width)].push_back(points[static_cast<std::size_t>(i)]);
        double term = 1;
        for (const std::vector<int>& of_neuron : factors) term *= mu[of_neuron.size()] * wave(of_neuron);
        sum += term;
      }
      const std::vector<int> chosen(points.begin(), points.begin() + n);
      BOOST_TEST(network_moment(wave, chosen, width, weights) == sum / std::pow(width, n / 2),
                 tt::tolerance(1e-12));
    }
  BOOST_TEST(network_moment(wave, {}, 3) == 1);
  BOOST_CHECK_THROW(network_moment(wave, {0, 1, 2}, 3), std::invalid_argument);
  BOOST_CHECK_THROW(network_moment(wave, {0, 1}, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
