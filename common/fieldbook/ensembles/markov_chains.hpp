#pragma once

#include <fieldbook/ensembles/tasks.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// A Markov chain: `sweep(number)` takes it one sweep on, as a function of its state and of the number alone (so random
/// numbers come from draw `number` of its own streams); `measure` writes its observables; to_bytes knows its state.
template <class Chain>
concept MarkovChain = requires(Chain& chain, std::uint64_t number, std::span<double> observables) {
  chain.sweep(number);
  chain.measure(observables);
};

/// How long independent chains run. Their number belongs to the result and never depends on the machine.
struct ChainPlan {
  std::uint64_t thermalisation;  ///< sweeps before the first measurement
  std::uint64_t bins;            ///< of every chain
  std::uint64_t sweeps_per_bin;  ///< many autocorrelation times, so that bins are as good as independent
  std::size_t observables;
};

/// What one chain has measured: for every bin the means of its observables, and the series of the first observable in
/// the first bin, to see how long sweeps remember each other.
template <MarkovChain Chain>
struct ChainRun {
  Chain chain;
  std::vector<std::vector<double>> bins;
  std::vector<double> first_series;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& chain& bins& first_series;
  }
};

/// Runs all chains by the plan. A step of the task is the thermalisation or one bin, so an interrupted run goes on from
/// its last bin; the result does not depend on threads, processes or interruptions.
template <Conductor C, MarkovChain Chain>
std::vector<ChainRun<Chain>> run_chains(C& conductor, const std::string& stage, const ChainPlan& plan,
                                        const std::vector<Chain>& chains) {
  std::vector<ChainRun<Chain>> runs;
  for (const Chain& chain : chains) runs.push_back({chain, {}, {}});
  return run_tasks(
      conductor, stage, std::move(runs), 1 + plan.bins, [](std::uint64_t) { return 1.; },
      [&](std::uint64_t, std::uint64_t step, ChainRun<Chain>& run) {
        if (step == 0) {
          for (std::uint64_t sweep = 0; sweep < plan.thermalisation; ++sweep) run.chain.sweep(sweep);
          return;
        }
        const std::uint64_t first = plan.thermalisation + (step - 1) * plan.sweeps_per_bin;
        std::vector<double> sum(plan.observables), observed(plan.observables);
        for (std::uint64_t sweep = first; sweep < first + plan.sweeps_per_bin; ++sweep) {
          run.chain.sweep(sweep);
          run.chain.measure(observed);
          for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += observed[i];
          if (step == 1) run.first_series.push_back(observed.at(0));
        }
        for (double& value : sum) value /= static_cast<double>(plan.sweeps_per_bin);
        run.bins.push_back(sum);
      });
}

}  // namespace fieldbook
