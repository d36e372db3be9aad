#pragma once

#include <fieldbook/ensembles/blocks.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// Fills one accumulator for each block of an ensemble whose draws take long, as trained networks do: like
/// sample_blocks, but every draw is a step of its own, after which a run can be interrupted and resumed.
///
/// `add(draw, accumulator)` makes draw number `draw` and adds it to the accumulator of its block, a copy of `empty` at
/// first. It is called from several threads at a time, for the draws of one block in their order; the result is the same
/// for any number of threads and processes.
template <Conductor C, class Accumulator, class Add>
std::vector<Accumulator> sample_draws(C& conductor, const std::string& stage, std::int64_t draws,
                                      const Accumulator& empty, Add add) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(draws, 0));
  std::vector<Accumulator> blocks(std::min(total, blocks_of_an_ensemble), empty);
  if (blocks.empty()) return blocks;
  const std::uint64_t longest = block_of(total, 0).size();
  return run_tasks(
      conductor, stage, std::move(blocks), longest, [](std::uint64_t) { return 1.; },
      [&](std::uint64_t index, std::uint64_t step, Accumulator& accumulator) {
        const Block block = block_of(total, index);
        if (block.first + step < block.last) add(block.first + step, accumulator);
      });
}

}  // namespace fieldbook
