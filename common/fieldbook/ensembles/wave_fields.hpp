#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/networks/wave_network.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// Draws free networks on a periodic grid and calls add(phi, accumulator) for each with its values at all sites. One accumulator,
/// a copy of `empty`, for each block.
template <Conductor C, class Accumulator, class Add>
std::vector<Accumulator> sample_fields(C& conductor, const std::string& stage, const WaveNetwork& network,
                                       std::int64_t draws, const Accumulator& empty, Add add) {
  return sample_blocks(conductor, stage, draws, empty, [&](Block block, Accumulator& accumulator) {
    std::vector<Wave> waves(network.neurons());
    std::vector<float> phi(network.grid().stride());
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      network.draw(draw, waves);
      network.field(waves, phi);
      add(std::span<const float>{phi.data(), network.grid().sites()}, accumulator);
    }
  });
}

}  // namespace fieldbook
