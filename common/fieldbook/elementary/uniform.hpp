#pragma once

#include <bit>
#include <cstdint>

namespace fieldbook::elementary {

/// An odd multiple of 2^-24 in (0, 1).
[[gnu::always_inline]] inline float uniform(std::uint32_t word) {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 9)) + 0.5f) * 0x1p-23f;
}

/// An odd multiple of 2^-53 in (0, 1), from 52 of 64 bits: [1, 2) less 1 - 2^-53 is exact.
[[gnu::always_inline]] inline double uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t mantissa = (static_cast<std::uint64_t>(high) << 20) | (low >> 12);
  return std::bit_cast<double>(mantissa | 0x3FF0000000000000u) - (1 - 0x1p-53);
}

/// A number in (0, 1] whose resolution near zero is 2^-32: what a logarithm needs for long tails.
[[gnu::always_inline]] inline float fine_uniform(std::uint32_t word) {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 1)) + 0.5f) * 0x1p-31f;
}

}  // namespace fieldbook::elementary
