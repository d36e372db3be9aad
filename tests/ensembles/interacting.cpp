#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/field_histogram.hpp>
#include <fieldbook/ensembles/lattice_chain.hpp>
#include <fieldbook/ensembles/wave_ensemble.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

/// One momentum, zero: every site has the same value, and the theory is an ordinary integral.
const PeriodicGrid grid{1, 4};
const Eigen::VectorXd flat = Eigen::Vector4d{0.8, 0, 0, 0};

/// < phi^power > for phi ~ N(0, 0.8) with the weight exp(-4 (a phi^2 + b phi^4)).
double exact_moment(int power, double a, double b) {
  const auto average = [&](int n) {
    return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
        [&](double x) {
          return std::pow(x, n) * std::exp(-x * x / 1.6 - 4 * (a * x * x + b * x * x * x * x));
        },
        -8., 8., 10, 1e-12);
  };
  return average(power) / average(0);
}

double deviation(const Estimate& measured, double expected) {
  return std::abs(measured.value - expected) / measured.standard_error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interacting)

BOOST_AUTO_TEST_CASE(a_chain_over_gaussian_neurons_samples_the_weighted_law_with_any_step) {
  const auto network =
      std::make_shared<const WaveNetwork>(WaveNetwork::every_momentum(grid, flat, 1, "flat"));
  for (const double step : {1., 0.5}) {
    PlainConductor conductor;
    const InteractingEnsemble ensemble =
        sample_interacting(conductor, "flat", 1, network, {0.1, 0.3}, {grid.shifted(0, 1)}, 200000, step);
    BOOST_TEST(deviation(ensemble.square(), exact_moment(2, 0.1, 0.3)) < 5);
    BOOST_TEST(deviation(ensemble.two_point(0), exact_moment(2, 0.1, 0.3)) < 5);
    BOOST_TEST(deviation(ensemble.fourth_cumulant(),
                         exact_moment(4, 0.1, 0.3) - 3 * std::pow(exact_moment(2, 0.1, 0.3), 2)) < 5);
    BOOST_TEST(ensemble.bin_length() > 50);
  }
}

// One neuron of constant amplitude: phi = sqrt(1.6) cos c, an integral over the phase
BOOST_AUTO_TEST_CASE(a_chain_over_one_wave_samples_its_phase) {
  const auto network = std::make_shared<const WaveNetwork>(
      WaveNetwork::random_momenta(grid, flat, 0, AmplitudeLaw::constant, 1, 1, "one"));
  const auto over_phase = [](int power) {
    double sum = 0, norm = 0;
    for (int i = 0; i < 1000; ++i) {
      const double phi = std::sqrt(1.6) * std::cos(2 * M_PI * (i + 0.5) / 1000);
      const double weight = std::exp(-4 * (0.2 * phi * phi + 0.4 * std::pow(phi, 4)));
      sum += weight * std::pow(phi, power);
      norm += weight;
    }
    return sum / norm;
  };
  PlainConductor conductor;
  const InteractingEnsemble ensemble =
      sample_interacting(conductor, "one", 1, network, {0.2, 0.4}, {}, 200000);
  BOOST_TEST(deviation(ensemble.square(), over_phase(2)) < 5);
}

BOOST_AUTO_TEST_CASE(without_an_action_everything_is_accepted) {
  const auto network = std::make_shared<const WaveNetwork>(
      WaveNetwork::random_momenta(grid, flat, 0, AmplitudeLaw::gauss, 3, 1, "free"));
  WaveChain chain{network, {}, {}, 1, 1, "free", 0};
  double observables[3];
  for (std::uint64_t sweep = 0; sweep < 100; ++sweep) {
    chain.sweep(sweep);
    chain.measure(observables);
    BOOST_TEST(observables[2] == 1);
  }
}

// Without an action every sweep draws a new field, N(0, 0.8) and the same at all sites; what is outside of the bins is in none
BOOST_AUTO_TEST_CASE(a_histogram_of_the_field_is_its_law) {
  const auto network =
      std::make_shared<const WaveNetwork>(WaveNetwork::every_momentum(grid, flat, 1, "flat"));
  const FieldBins bins{-0.5, 1, 3};
  FieldHistogram chain{{network, {}, {}, 1, 1, "histogram", 0}, bins};
  constexpr int sweeps = 20000;
  std::array<double, 3> fractions{}, mean{};
  for (std::uint64_t sweep = 0; sweep < sweeps; ++sweep) {
    chain.sweep(sweep);
    chain.measure(fractions);
    for (std::size_t bin = 0; bin < 3; ++bin) mean[bin] += fractions[bin] / sweeps;
  }
  for (int bin = 0; bin < 3; ++bin) {
    const double low = bins.centre(bin) - bins.width() / 2, high = low + 0.5;
    const double expected = (std::erf(high / std::sqrt(1.6)) - std::erf(low / std::sqrt(1.6))) / 2;
    BOOST_TEST(deviation({mean[static_cast<std::size_t>(bin)], std::sqrt(expected * (1 - expected) / sweeps)},
                         expected) < 4);
  }
}

// The running sum of the field must stay the sum of its waves, and a chain that was stored must go on as if it had not been
BOOST_AUTO_TEST_CASE(a_chain_goes_on_from_its_bytes) {
  Eigen::Vector4d spectrum{0.4, 0.2, 0.1, 0.2};
  const auto network = std::make_shared<const WaveNetwork>(
      WaveNetwork::random_momenta(grid, spectrum, 0, AmplitudeLaw::constant, 5, 1, "bytes"));
  const auto fresh = [&] { return WaveChain{network, {0, 0.2}, {grid.shifted(0, 1)}, 1, 1, "bytes", 2}; };
  WaveChain whole = fresh(), first = fresh(), second = fresh();
  for (std::uint64_t sweep = 0; sweep < 700; ++sweep) whole.sweep(sweep);
  for (std::uint64_t sweep = 0; sweep < 300; ++sweep) first.sweep(sweep);
  from_bytes(to_bytes(first), second);
  for (std::uint64_t sweep = 300; sweep < 700; ++sweep) second.sweep(sweep);
  std::vector<float> sum(grid.stride());
  network->field(whole.waves(), sum);
  for (std::size_t x = 0; x < grid.sites(); ++x) {
    BOOST_TEST(whole.field()[x] == second.field()[x]);
    BOOST_TEST(std::abs(whole.field()[x] - sum[x]) < 1e-4);
  }
  BOOST_CHECK_THROW((WaveChain{network, {}, {}, 0.5, 1, "bytes", 0}), std::invalid_argument);
}

// A lattice without a coupling has the propagator of the dense matrix
BOOST_AUTO_TEST_CASE(the_lattice_is_free_without_a_coupling) {
  constexpr int side = 4;
  double expected = 0, neighbour = 0;
  for (int k = 0; k < side * side; ++k) {
    const double c1 = std::cos(2 * M_PI * (k % side) / side), c2 = std::cos(2 * M_PI * (k / side) / side);
    const double power = 1 / (0.7 + 2 * (1 - c1) + 2 * (1 - c2)) / (side * side);
    expected += power;
    neighbour += power * c1;
  }
  PlainConductor conductor;
  const auto bins =
      bins_of(run_ensemble(conductor, "lattice", 200000, LatticeChain::observables(),
                           [](std::uint64_t c) { return LatticeChain{side, 0.7, 0, 1.5, 1, c}; }));
  BOOST_TEST(deviation(over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[0]; }), expected) < 5);
  BOOST_TEST(deviation(over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[2]; }), neighbour) < 5);
}

BOOST_AUTO_TEST_SUITE_END()
