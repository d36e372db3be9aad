#pragma once

#include <fieldbook/ensembles/autocorrelation.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/ensembles/markov_chains.hpp>

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// Means of the observables of some bins, an accumulator for jackknife.
struct BinMeans {
  Eigen::VectorXd sum;
  double bins = 1;

  void merge(const BinMeans& other) {
    sum += other.sum;
    bins += other.bins;
  }
  Eigen::VectorXd means() const { return sum / bins; }
};

/// All bins of all chains, each as good as independent of the others if the plan gave it many autocorrelation times.
template <class Chain>
std::vector<BinMeans> bins_of(const std::vector<ChainRun<Chain>>& runs) {
  std::vector<BinMeans> all;
  for (const ChainRun<Chain>& run : runs)
    for (const std::vector<double>& bin : run.bins)
      all.push_back({Eigen::Map<const Eigen::VectorXd>(bin.data(), static_cast<Eigen::Index>(bin.size()))});
  return all;
}

/// A function of the means of all observables, with the standard error of the jackknife over bins.
template <class Function>
Estimate over_bins(const std::vector<BinMeans>& bins, Function function) {
  return jackknife(bins, [&](const BinMeans& kept) { return function(kept.means()); });
}

/// The integrated autocorrelation time of the first observable, in sweeps: the mean over chains.
template <class Chain>
double autocorrelation_time(const std::vector<ChainRun<Chain>>& runs) {
  double sum = 0;
  for (const ChainRun<Chain>& run : runs) sum += integrated_autocorrelation_time(run.first_series).value;
  return sum / static_cast<double>(runs.size());
}

}  // namespace fieldbook
