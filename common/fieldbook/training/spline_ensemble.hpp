#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/numerics/rates.hpp>
#include <fieldbook/training/spline_training.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace fieldbook {

/// How Kolmogorov-Arnold networks are trained: several starts on the coarsest grid, of which the one of least error on the data goes on to
/// finer and finer grids.
struct SplinePlan {
  std::vector<int> shape;
  std::vector<int> cells;  ///< ascending
  bool base = false;
  int starts = 8;     ///< at most
  double enough = 0;  ///< a start with a training error below this is the last one
};

/// One replicate: what its starts reached, and how the best of them went on.
struct SplineRun {
  std::vector<double> starts;  ///< training errors of the starts
  std::vector<double> train;   ///< root mean square error on the data, for every number of cells
  std::vector<double> test;    ///< the same on points that were never seen
  KolmogorovArnold network;    ///< after the finest grid

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& starts& train& test& network;
  }
};

namespace detail {

/// Stage number `stage` of a replicate: its starts one after another, then its grids. Samples are made where they are needed.
template <class MakeSamples>
void advance_spline_run(const SplinePlan& plan, const Stream& stream, std::uint64_t draw, std::size_t stage,
                        const MakeSamples& samples, SplineRun& run) {
  const auto starts = static_cast<std::size_t>(plan.starts);
  if (0 < stage && stage < starts && *std::ranges::min_element(run.starts) < plan.enough) return;
  const Samples data = samples(2 * draw);
  if (stage < starts) {
    const KolmogorovArnold network =
        trained_start(plan.shape, plan.cells.front(), plan.base, stream, draw * starts + stage, data);
    const double error = rms_error(network, data);
    if (stage == 0 || error < *std::ranges::min_element(run.starts)) run.network = network;
    run.starts.push_back(error);
    return;
  }
  run.network = extended(run.network, plan.cells[stage - starts], data);
  run.train.push_back(rms_error(run.network, data));
  run.test.push_back(rms_error(run.network, samples(2 * draw + 1)));
}

}  // namespace detail

/// Trains `draws` replicates. Replicate number n is trained on samples(2 n) and tested on samples(2 n + 1), which make fresh data from their
/// argument alone; its starts are draws n starts, n starts + 1, ... of the stream called like the stage. Every start and every grid is
/// a step after which the run can be interrupted and resumed.
template <Conductor C, class MakeSamples>
std::vector<SplineRun> train_splines(C& conductor, const std::string& stage, std::uint64_t seed,
                                     const SplinePlan& plan, std::int64_t draws, MakeSamples samples) {
  const auto total = static_cast<std::uint64_t>(draws);
  const Stream stream{seed, stage};
  const std::uint64_t stages = static_cast<std::uint64_t>(plan.starts) + plan.cells.size();
  std::vector<std::vector<SplineRun>> blocks(std::min(total, blocks_of_an_ensemble));
  if (blocks.empty()) return {};
  blocks = run_tasks(
      conductor, stage, std::move(blocks), block_of(total, 0).size() * stages,
      [](std::uint64_t) { return 1.; },
      [&](std::uint64_t index, std::uint64_t step, std::vector<SplineRun>& runs) {
        const Block block = block_of(total, index);
        const std::uint64_t draw = block.first + step / stages;
        if (draw >= block.last) return;
        if (step % stages == 0) runs.emplace_back();
        detail::advance_spline_run(plan, stream, draw, step % stages, samples, runs.back());
      });
  std::vector<SplineRun> all;
  for (auto& runs : blocks) std::ranges::move(runs, std::back_inserter(all));
  return all;
}

/// The median over replicates of an error, &SplineRun::train or &SplineRun::test, with number `grid` of the cells.
inline double median_error(const std::vector<SplineRun>& runs, std::vector<double> SplineRun::*errors,
                           std::size_t grid) {
  std::vector<double> values;
  for (const SplineRun& run : runs) values.push_back((run.*errors)[grid]);
  return median(values);
}

/// A sentence for every replicate that has not learned its data, with what to try (see diagnosis); none if all have. The errors of such a
/// replicate become infinite, so that no claim takes them for numbers. A network has learned if its error on the data is at most `accepted`
/// times their spread; samples(2 n) are the data of replicate number n, and `what` says in a sentence what was trained.
template <class MakeSamples>
std::vector<std::string> strike_untrained(std::vector<SplineRun>& runs, const std::string& what,
                                          double accepted, MakeSamples samples) {
  std::vector<std::string> sentences;
  for (std::size_t n = 0; n < runs.size(); ++n) {
    const std::string trouble = diagnosis(runs[n].network, samples(2 * n), accepted);
    if (trouble.empty()) continue;
    sentences.push_back(fmt::format("{}, data set {}: not trained; {}", what, n + 1, trouble));
    std::ranges::fill(runs[n].train, std::numeric_limits<double>::infinity());
    std::ranges::fill(runs[n].test, std::numeric_limits<double>::infinity());
  }
  return sentences;
}

/// train_splines, and then strike_untrained, whose sentences are printed.
template <Conductor C, class MakeSamples>
std::vector<SplineRun> train_splines_or_say(C& conductor, const std::string& stage, std::uint64_t seed,
                                            const SplinePlan& plan, std::int64_t draws, double accepted,
                                            MakeSamples samples) {
  auto runs = train_splines(conductor, stage, seed, plan, draws, samples);
  for (const std::string& trouble : strike_untrained(runs, stage, accepted, samples))
    fmt::print("{}\n", trouble);
  return runs;
}

/// The finite errors on unseen points of all replicates, number i of the cells at x[i]: abscissae and ordinates of points in a figure.
inline std::pair<std::vector<double>, std::vector<double>> finite_test_errors(
    const std::vector<double>& x, const std::vector<SplineRun>& runs) {
  std::vector<double> at, errors;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (const SplineRun& run : runs)
      if (std::isfinite(run.test[i])) {
        at.push_back(x[i]);
        errors.push_back(run.test[i]);
      }
  return {at, errors};
}

}  // namespace fieldbook
