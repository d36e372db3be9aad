#pragma once

#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/ensembles/tasks.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// The draws first ... last - 1 of an ensemble.
struct Block {
  std::uint64_t first;
  std::uint64_t last;

  std::uint64_t size() const { return last - first; }
};

/// An ensemble of n draws is cut into this many blocks (n if there are fewer draws). The number is part of the
/// definition of every result with a blocked error bar, so it never depends on the machine.
inline constexpr std::uint64_t blocks_of_an_ensemble = 128;

/// Block number `index` of an ensemble of `draws` draws.
inline Block block_of(std::uint64_t draws, std::uint64_t index) {
  const std::uint64_t blocks = std::min(draws, blocks_of_an_ensemble);
  return {draws / blocks * index + std::min(index, draws % blocks),
          draws / blocks * (index + 1) + std::min(index + 1, draws % blocks)};
}

/// Fills one accumulator for each block of an ensemble.
///
/// `sample(block, accumulator)` draws the networks of the block and adds them to its accumulator, a copy of `empty`. It
/// is the step of a task (see run_tasks): the result is the same for any number of threads and processes, and its size
/// does not grow with the number of draws.
template <Conductor C, class Accumulator, class Sample>
std::vector<Accumulator> sample_blocks(C& conductor, const std::string& stage, std::int64_t draws,
                                       const Accumulator& empty, Sample sample) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(draws, 0));
  std::vector<Accumulator> blocks(std::min(total, blocks_of_an_ensemble), empty);
  return run_tasks(
      conductor, stage, std::move(blocks), 1,
      [&](std::uint64_t index) { return static_cast<double>(block_of(total, index).size()); },
      [&](std::uint64_t index, std::uint64_t, Accumulator& accumulator) {
        sample(block_of(total, index), accumulator);
      });
}

}  // namespace fieldbook
