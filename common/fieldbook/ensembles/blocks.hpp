#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fieldbook {

/// Who conducts a long computation: says how many threads to use, hears of progress, and may stop it by throwing from
/// `advance`. A program's Report is one; so is anything else of this shape.
template <class C>
concept Conductor = requires(C& conductor, const std::string& stage, double amount) {
  { conductor.threads() } -> std::convertible_to<int>;
  conductor.begin(stage, amount);
  conductor.advance(amount);
};

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

/// Fills one accumulator for each block of an ensemble, on the conductor's threads.
///
/// `sample(block, accumulator)` draws the networks of the block and adds them to its accumulator, a copy of `empty`;
/// it is called from several threads at a time and must depend on nothing but the block. The result is therefore the
/// same for any number of threads, and its size does not grow with the number of draws.
template <Conductor C, class Accumulator, class Sample>
std::vector<Accumulator> sample_blocks(C& conductor, const std::string& stage, std::int64_t draws,
                                       const Accumulator& empty, Sample sample) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(draws, 0));
  std::vector<Accumulator> blocks(std::min(total, blocks_of_an_ensemble), empty);
  conductor.begin(stage, static_cast<double>(total));

  std::atomic<std::uint64_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::uint64_t index = next++; index < blocks.size(); index = next++) {
        const Block block = block_of(total, index);
        sample(block, blocks[index]);
        conductor.advance(static_cast<double>(block.size()));
      }
    } catch (...) {
      next = blocks.size();
      const std::lock_guard lock{mutex};
      if (!failure) failure = std::current_exception();
    }
  };

  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < conductor.threads(); ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  return blocks;
}

/// Merges the accumulators of all blocks in the order of a fixed binary tree: pairs of neighbours, then pairs of pairs.
template <class Accumulator>
Accumulator merged(std::vector<Accumulator> blocks) {
  for (std::size_t step = 1; step < blocks.size(); step *= 2)
    for (std::size_t i = 0; i + step < blocks.size(); i += 2 * step) blocks[i].merge(blocks[i + step]);
  return blocks.at(0);
}

}  // namespace fieldbook
