#pragma once

#include <cstdint>

namespace fieldbook {

/// Number of Philox counters that are worked on side by side. It is a choice of speed: no result depends on it.
inline constexpr int philox_lanes = 16;

/// The first three words of `philox_lanes` counters: which position of which draw.
struct PhiloxCounters {
  alignas(64) std::uint32_t position[philox_lanes];
  alignas(64) std::uint32_t draw_low[philox_lanes];
  alignas(64) std::uint32_t draw_high[philox_lanes];
};

/// Four random words for each of `philox_lanes` counters: word k of counter l is `word[k][l]`.
struct PhiloxWords {
  alignas(64) std::uint32_t word[4][philox_lanes];
};

/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) at the
/// counters (position, draw mod 2^32, draw div 2^32, stream) with the two words of `seed` as key, low word first.
///
/// Written as loops over lanes, which compilers turn into vector code; the words are those of Random123.
inline void philox(std::uint64_t seed, std::uint32_t stream, const PhiloxCounters& counters,
                   PhiloxWords& words) {
  constexpr std::uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
  auto& [c0, c1, c2, c3] = words.word;
  for (int l = 0; l < philox_lanes; ++l) {
    c0[l] = counters.position[l];
    c1[l] = counters.draw_low[l];
    c2[l] = counters.draw_high[l];
    c3[l] = stream;
  }
  auto key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int l = 0; l < philox_lanes; ++l) {
      const std::uint64_t product0 = multiplier0 * c0[l], product1 = multiplier1 * c2[l];
      c0[l] = static_cast<std::uint32_t>(product1 >> 32) ^ c1[l] ^ key0;
      c2[l] = static_cast<std::uint32_t>(product0 >> 32) ^ c3[l] ^ key1;
      c1[l] = static_cast<std::uint32_t>(product1);
      c3[l] = static_cast<std::uint32_t>(product0);
    }
    key0 += weyl0;
    key1 += weyl1;
  }
}

}  // namespace fieldbook
