#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/autocorrelation.hpp>
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/ensembles/markov_chains.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

/// x' = rho x + (1 - rho^2)^{1/2} xi, xi ~ N(0, 1): its law is N(0, 1), tau = (1 + rho)/(1 - rho)/2.
struct Autoregressive {
  std::uint64_t number;
  double rho;
  double x = 10;  // far from the law, so that thermalisation matters

  void sweep(std::uint64_t sweep) {
    double xi[1];
    Stream{number, "chain"}.normals(sweep, xi);
    x = rho * x + std::sqrt(1 - rho * rho) * xi[0];
  }
  void measure(std::span<double> observables) const {
    observables[0] = x;
    observables[1] = x * x;
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& number& rho& x;
  }
};

std::vector<Autoregressive> chains(int count, double rho) {
  std::vector<Autoregressive> all;
  for (int i = 0; i < count; ++i) all.push_back({static_cast<std::uint64_t>(i), rho});
  return all;
}

/// Keeps states in memory and stops after some steps.
struct Stopping : PlainConductor {
  std::map<std::uint64_t, TaskState> states;
  int left;

  explicit Stopping(int steps) : left{steps} {}
  void advance(double) {
    if (left-- <= 0) throw std::runtime_error{"stop"};
  }
  void keep(const std::string&, std::uint64_t task, TaskState state) { states[task] = std::move(state); }
  std::optional<TaskState> kept(const std::string&, std::uint64_t task) {
    const auto found = states.find(task);
    return found == states.end() ? std::nullopt : std::optional{found->second};
  }
};

constexpr ChainPlan plan{100, 10, 400, 2};

}  // namespace

BOOST_AUTO_TEST_SUITE(ensembles)

BOOST_AUTO_TEST_CASE(chains_measure_their_law) {
  PlainConductor conductor;
  CentralMoments mean, square;
  for (const auto& run : run_chains(conductor, "chains", plan, chains(16, 0.8)))
    for (const auto& bin : run.bins) {
      mean.add(std::span{bin}.first(1));
      square.add(std::span{bin}.last(1));
    }
  BOOST_TEST(mean.count() == 160);
  BOOST_TEST(std::abs(mean_estimate(mean).value) < 4 * mean_estimate(mean).standard_error);
  BOOST_TEST(std::abs(mean_estimate(square).value - 1) < 4 * mean_estimate(square).standard_error);
  // tau = 4.5: the error bar of the bins is that of 64000 sweeps
  BOOST_TEST(mean_estimate(mean).standard_error == std::sqrt(2 * 4.5 / 64000), tt::tolerance(0.25));
}

BOOST_AUTO_TEST_CASE(chains_are_measured_after_their_thermalisation) {
  PlainConductor conductor;
  const auto run = run_chains(conductor, "chains", plan, chains(1, 0.5)).front();
  Autoregressive chain{0, 0.5};
  std::vector<double> observed(2), first_bin(2);
  for (std::uint64_t sweep = 0; sweep < plan.thermalisation + plan.sweeps_per_bin; ++sweep) {
    chain.sweep(sweep);
    chain.measure(observed);
    if (sweep < plan.thermalisation) continue;
    BOOST_REQUIRE(run.first_series.at(sweep - plan.thermalisation) == observed[0]);
    for (std::size_t i = 0; i < 2; ++i)
      first_bin[i] += observed[i] / static_cast<double>(plan.sweeps_per_bin);
  }
  BOOST_TEST(run.bins.size() == plan.bins);
  for (std::size_t i = 0; i < 2; ++i) BOOST_TEST(run.bins[0][i] == first_bin[i], tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(interrupted_chains_go_on) {
  PlainConductor plain;
  const auto whole = run_chains(plain, "chains", plan, chains(3, 0.5));
  Stopping conductor{5};
  for (int attempt = 0;; ++attempt) try {
      const auto parts = run_chains(conductor, "chains", plan, chains(3, 0.5));
      BOOST_TEST(attempt > 0);
      for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST((parts[i].bins == whole[i].bins));
        BOOST_TEST((parts[i].first_series == whole[i].first_series));
        BOOST_TEST(parts[i].chain.x == whole[i].chain.x);
      }
      break;
    } catch (const std::runtime_error&) {
      conductor.left = 100;
    }
}

BOOST_AUTO_TEST_CASE(autocorrelation_time_of_a_known_chain) {
  for (const double rho : {0., 0.5, 0.9}) {
    Autoregressive chain{7, rho, 0};
    std::vector<double> series;
    for (std::uint64_t sweep = 0; sweep < 200000; ++sweep) {
      chain.sweep(sweep);
      series.push_back(chain.x);
    }
    const Estimate tau = integrated_autocorrelation_time(series);
    const double exact = (1 + rho) / (1 - rho) / 2;
    BOOST_TEST(std::abs(tau.value - exact) < 4 * tau.standard_error);
    BOOST_TEST(tau.standard_error < 0.05 * exact);
  }
  BOOST_CHECK_THROW(integrated_autocorrelation_time(std::vector<double>(15)), std::invalid_argument);
  BOOST_CHECK_THROW(integrated_autocorrelation_time(std::vector<double>(100)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(jackknife_leaves_out_every_block_once) {
  std::vector<double> x(21);
  Stream{3, "jackknife"}.exponentials(0, x);
  std::vector<CentralMoments> blocks(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) blocks[i].add(std::span{x}.subspan(i, 1));
  const auto mean = [](const CentralMoments& moments) { return moments.mean(); };
  const auto inverse = [](const CentralMoments& moments) { return 1 / moments.mean(); };

  // Of a mean it is the plain error bar
  const Estimate jack = jackknife(blocks, mean), plain = mean_over_blocks(x);
  BOOST_TEST(jack.value == plain.value, tt::tolerance(1e-12));
  BOOST_TEST(jack.standard_error == plain.standard_error, tt::tolerance(1e-12));

  // Of another function it is the spread of the values without each block, by brute force
  const auto n = static_cast<double>(x.size());
  const double sum = plain.value * n;
  std::vector<double> without;
  for (const double value : x) without.push_back((n - 1) / (sum - value));
  CentralMoments spread;
  spread.add(without);
  const Estimate nonlinear = jackknife(blocks, inverse);
  BOOST_TEST(nonlinear.value == 1 / plain.value, tt::tolerance(1e-12));
  BOOST_TEST(nonlinear.standard_error == std::sqrt((n - 1) * spread.moment(2)), tt::tolerance(1e-10));
  BOOST_CHECK_THROW(jackknife(std::vector<CentralMoments>(1), mean), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
