#pragma once

#include <fieldbook/ensembles/blocks.hpp>

namespace fieldbook {

/// sample_blocks for draws that take long, such as training: `sample(draw, accumulator)` adds a single draw. Each draw is a step of
/// its block's task, so that an interruption waits for a draw and not for a block, and a resumed run repeats no draw.
template <Conductor C, class Accumulator, class Sample>
std::vector<Accumulator> sample_long_draws(C& conductor, const std::string& stage, std::int64_t draws,
                                           const Accumulator& empty, Sample sample) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(draws, 0));
  std::vector<Accumulator> blocks(std::min(total, blocks_of_an_ensemble), empty);
  if (blocks.empty()) return blocks;
  return run_tasks(
      conductor, stage, std::move(blocks), block_of(total, 0).size(), [](std::uint64_t) { return 1.; },
      [&](std::uint64_t index, std::uint64_t step, Accumulator& accumulator) {
        const Block block = block_of(total, index);
        if (step < block.size()) sample(block.first + step, accumulator);
      });
}

}  // namespace fieldbook
