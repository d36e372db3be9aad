#pragma once

#include <fieldbook/ensembles/chain_averages.hpp>
#include <fieldbook/ensembles/wave_chain.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fieldbook {

/// A fixed number of chains, whatever the machine, and of bins in each.
inline constexpr std::uint64_t chains_of_an_ensemble = 16, bins_of_a_chain = 8;

/// What interacting networks have shown: the observables of WaveChain in every bin, and how long sweeps remember.
struct InteractingEnsemble {
  std::vector<BinMeans> bins;
  double autocorrelation_time = 0;  ///< of phi^2, in sweeps
  std::uint64_t sweeps_per_bin = 0;

  /// Bins are as good as independent when this is large: 50 or more.
  double bin_length() const { return static_cast<double>(sweeps_per_bin) / autocorrelation_time; }

  /// < phi^2 > at a site.
  Estimate square() const {
    return over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[0]; });
  }

  /// < phi^4 > - 3 < phi^2 >^2 at a site.
  Estimate fourth_cumulant() const {
    return over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[1] - 3 * mean[0] * mean[0]; });
  }

  /// < phi(x) phi(y) > at lag number `lag`.
  Estimate two_point(int lag) const {
    return over_bins(bins, [lag](const Eigen::VectorXd& mean) { return mean[2 + lag]; });
  }
};

/// Chains of `chain` type, run for `sweeps` sweeps in all after a thermalisation of 200 sweeps and a twentieth more.
/// `make_chain(c)` makes chain number c.
template <Conductor C, class MakeChain>
auto run_ensemble(C& conductor, const std::string& stage, std::int64_t sweeps, std::size_t observables,
                  MakeChain make_chain) {
  std::vector<decltype(make_chain(std::uint64_t{}))> chains;
  for (std::uint64_t c = 0; c < chains_of_an_ensemble; ++c) chains.push_back(make_chain(c));
  const std::uint64_t per_bin = std::max<std::uint64_t>(
      32, static_cast<std::uint64_t>(sweeps) / (chains_of_an_ensemble * bins_of_a_chain));
  const ChainPlan plan{200 + per_bin * bins_of_a_chain / 20, bins_of_a_chain, per_bin, observables};
  return run_chains(conductor, stage, plan, chains);
}

/// Samples the networks of this prior weighted with e^{-S}. The name of the stage is also the name of the random streams.
template <Conductor C>
InteractingEnsemble sample_interacting(C& conductor, const std::string& stage, std::uint64_t seed,
                                       std::shared_ptr<const WaveNetwork> network, SiteAction action,
                                       const WaveChain::Lags& lags, std::int64_t sweeps, double step = 1) {
  const auto runs = run_ensemble(conductor, stage, sweeps, 3 + lags.size(), [&](std::uint64_t chain) {
    return WaveChain{network, action, lags, step, seed, stage, chain};
  });
  return {bins_of(runs), autocorrelation_time(runs),
          static_cast<std::uint64_t>(runs.front().first_series.size())};
}

}  // namespace fieldbook
