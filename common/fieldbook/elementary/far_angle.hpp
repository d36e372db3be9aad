#pragma once

#include <bit>
#include <cstdint>

namespace fieldbook::elementary {

/// An angle less the nearest multiple of a right angle, and that multiple modulo 4.
struct ReducedAngle {
  double rest;
  std::uint64_t quadrant;
};

/// The bits of 2/pi after its point, behind 64 zeros.
inline constexpr std::uint32_t two_over_pi_bits[40] = {
    0x00000000, 0x00000000, 0xA2F9836E, 0x4E441529, 0xFC2757D1, 0xF534DDC0, 0xDB629599, 0x3C439041,
    0xFE5163AB, 0xDEBBC561, 0xB7246E3A, 0x424DD2E0, 0x06492EEA, 0x09D1921C, 0xFE1DEB1C, 0xB129A73E,
    0xE88235F5, 0x2EBB4484, 0xE99C7026, 0xB45F7E41, 0x3991D639, 0x835339F4, 0x9C845F8B, 0xBDF9283B,
    0x1FF897FF, 0xDE05980F, 0xEF2F118B, 0x5A0A6D1F, 0x6D367ECF, 0x27CB09B7, 0x4F463F66, 0x9E5FEA2D,
    0x7527BAC7, 0xEBE5F17B, 0x3D0739F7, 0x8A5292EA, 0x6BFB5FB1, 0x1F8D5D08, 0x56033046, 0xFC7B6BAB};

/// Reduces a finite angle of 1 or more modulo 2 pi, exactly up to the rounding of `rest` (Payne and Hanek 1983).
///
/// With |z| = m 2^e, only 192 bits of 2/pi matter to m 2^e 2/pi modulo 4: those before are multiples of 4, those after
/// are below 2^-136, and no double comes nearer than 2^-62 to a multiple of pi/2. Slow: meant for the rare argument that
/// is that large.
[[gnu::noinline, gnu::cold]] inline ReducedAngle far_angle(double z) {
  const auto bits = std::bit_cast<std::uint64_t>(z);
  const std::uint64_t m = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
  const int e = static_cast<int>((bits >> 52) & 0x7FF) - 1075, first = e + 62, word = first / 32,
            shift = first % 32;
  // The 192 bits from `first` on times m, modulo 2^192; the unit of the product is 2^-190
  std::uint32_t window[6], product[6];
  for (int k = 0; k < 6; ++k) {
    const std::uint64_t pair =
        (static_cast<std::uint64_t>(two_over_pi_bits[word + 5 - k]) << 32) | two_over_pi_bits[word + 6 - k];
    window[k] = static_cast<std::uint32_t>(pair >> (32 - shift));
  }
  std::uint64_t carry = 0;
  for (int k = 0; k < 6; ++k) {
    carry += (m & 0xFFFFFFFF) * window[k];
    product[k] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  carry = 0;
  for (int k = 1; k < 6; ++k) {
    carry += (m >> 32) * window[k - 1] + product[k];
    product[k] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  // Take off the nearest whole number of right angles, and keep sign and magnitude of the rest
  const std::uint32_t quadrant = (product[5] + 0x20000000u) >> 30;
  product[5] -= quadrant << 30;
  const bool below = (product[5] >> 31) != 0;
  double magnitude = 0;
  std::uint32_t borrow = below ? 1 : 0;
  for (int k = 0; k < 6; ++k) {
    const std::uint32_t digit = below ? ~product[k] + borrow : product[k];
    borrow = borrow != 0 && digit == 0 ? 1 : 0;
    magnitude = magnitude * 0x1p-32 + digit;
  }
  const double rest = magnitude * 0x1p-30 * 1.57079632679489661923;
  const bool negative = (bits >> 63) != 0;
  return {below != negative ? -rest : rest, negative ? -static_cast<std::uint64_t>(quadrant) : quadrant};
}

}  // namespace fieldbook::elementary
