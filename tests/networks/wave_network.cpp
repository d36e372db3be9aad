#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/networks/wave_network.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;
using std::numbers::pi;

namespace {

/// Weights of momenta of some shape, the same for k and -k, that sum to one.
Eigen::VectorXd some_spectrum(int sites) {
  Eigen::VectorXd spectrum(sites);
  for (int k = 0; k < sites; ++k) spectrum[k] = 1 / (1 + std::pow(std::min(k, sites - k), 2));
  return spectrum / spectrum.sum();
}

double two_point_function(const Eigen::VectorXd& spectrum, int lag) {
  double sum = 0;
  for (Eigen::Index k = 0; k < spectrum.size(); ++k)
    sum +=
        spectrum[k] * std::cos(2 * pi * static_cast<double>(k) * lag / static_cast<double>(spectrum.size()));
  return sum;
}

/// phi_0 phi_lag and phi_0^4 of many networks.
Averages sample(const WaveNetwork& network, std::size_t lag) {
  Averages averages{2};
  std::vector<Wave> waves(network.neurons());
  std::vector<float> phi(network.grid().stride());
  for (std::uint64_t draw = 0; draw < 100000; ++draw) {
    network.draw(draw, waves);
    network.field(waves, phi);
    const double zero = phi[0];
    averages.add(Eigen::Vector2d{zero * phi[lag], zero * zero * zero * zero});
  }
  return averages;
}

double deviation(const Estimate& measured, double expected) {
  return std::abs(measured.value - expected) / measured.standard_error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wave_networks)

BOOST_AUTO_TEST_CASE(grids_know_their_neighbours_and_waves) {
  const PeriodicGrid torus{2, 5};
  BOOST_TEST(torus.sites() == 25u);
  BOOST_TEST(torus.stride() == 32u);
  BOOST_TEST(torus.shifted(0, 1)[4] == 0u);
  BOOST_TEST(torus.shifted(1, -1)[2] == 22u);
  // k = (2, 1) at x = (3, 4): 2 pi (6 + 4)/5 is two turns
  BOOST_TEST(torus.cosines(2 + 5)[3 + 20] == 1.f);
  BOOST_TEST(torus.sines(1)[1] == static_cast<float>(std::sin(2 * pi / 5)));
  BOOST_TEST(torus.cosines(3)[30] == 0.f);
  BOOST_CHECK_THROW((PeriodicGrid{3, 4}), std::invalid_argument);
  BOOST_CHECK_THROW((PeriodicGrid{2, 40}), std::invalid_argument);
  BOOST_CHECK_THROW(torus.shifted(2, 1), std::invalid_argument);
}

// The propagator at any width; the fourth moment 3 G^2 + (mu4 3/2 - 3) G^2 / N at alpha = 0
BOOST_AUTO_TEST_CASE(random_momenta_have_the_propagator_and_the_amplitudes_their_fourth_moment) {
  const PeriodicGrid grid{1, 12};
  const Eigen::VectorXd spectrum = some_spectrum(12);
  const std::pair<AmplitudeLaw, double> laws[] = {
      {AmplitudeLaw::constant, 1}, {AmplitudeLaw::rayleigh, 2}, {AmplitudeLaw::gauss, 3}};
  for (const auto& [law, mu4] : laws)
    for (const double alpha : {0., -0.5}) {
      const auto network = WaveNetwork::random_momenta(grid, spectrum, alpha, law, 3, 1, "test");
      const Averages averages = sample(network, 2);
      BOOST_TEST(deviation(averages.mean(0), two_point_function(spectrum, 2)) < 5);
      if (alpha == 0) BOOST_TEST(deviation(averages.mean(1), 3 + (1.5 * mu4 - 3) / 3) < 5);
    }
}

BOOST_AUTO_TEST_CASE(every_momentum_makes_a_gaussian_field) {
  const PeriodicGrid grid{1, 12};
  const Eigen::VectorXd spectrum = some_spectrum(12);
  const auto network = WaveNetwork::every_momentum(grid, spectrum, 1, "test");
  BOOST_TEST(network.neurons() == 7u);
  BOOST_TEST(network.gaussian());
  const Averages averages = sample(network, 5);
  BOOST_TEST(deviation(averages.mean(0), two_point_function(spectrum, 5)) < 5);
  BOOST_TEST(deviation(averages.mean(1), 3) < 5);
  BOOST_CHECK_THROW(WaveNetwork::every_momentum(PeriodicGrid{2, 4}, some_spectrum(16), 1, "test"),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(long_networks_are_drawn_in_pieces_without_a_seam) {
  // Neuron 70 of a wide network depends on its own numbers alone: any narrower network of the same name has the same first neurons
  const PeriodicGrid grid{1, 16};
  const Eigen::VectorXd spectrum = some_spectrum(16);
  std::vector<Wave> wide(150), narrow(70);
  WaveNetwork::random_momenta(grid, spectrum, 0, AmplitudeLaw::constant, 150, 1, "test").draw(3, wide);
  WaveNetwork::random_momenta(grid, spectrum, 0, AmplitudeLaw::constant, 70, 1, "test").draw(3, narrow);
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    BOOST_TEST(wide[i].momentum == narrow[i].momentum);
    BOOST_TEST(wide[i].cosine * std::sqrt(150.f / 70.f) == narrow[i].cosine, tt::tolerance(1e-5f));
  }
}

BOOST_AUTO_TEST_CASE(networks_refuse_what_makes_no_sense) {
  const PeriodicGrid grid{1, 12};
  Eigen::VectorXd negative = some_spectrum(12);
  negative[3] = -1;
  for (const Eigen::VectorXd& wrong :
       {some_spectrum(10), negative, Eigen::VectorXd(Eigen::VectorXd::Zero(12))})
    BOOST_CHECK_THROW(WaveNetwork::random_momenta(grid, wrong, 0, AmplitudeLaw::gauss, 2, 1, "test"),
                      std::invalid_argument);
  BOOST_CHECK_THROW(
      WaveNetwork::random_momenta(grid, some_spectrum(12), 0, AmplitudeLaw::gauss, 0, 1, "test"),
      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
