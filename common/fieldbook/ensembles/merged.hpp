#pragma once

#include <cstddef>
#include <vector>

namespace fieldbook {

/// Merges the accumulators of all blocks in the order of a fixed binary tree: pairs of neighbours, then pairs of pairs.
template <class Accumulator>
Accumulator merged(std::vector<Accumulator> blocks) {
  for (std::size_t step = 1; step < blocks.size(); step *= 2)
    for (std::size_t i = 0; i + step < blocks.size(); i += 2 * step) blocks[i].merge(blocks[i + step]);
  return blocks.at(0);
}

}  // namespace fieldbook
