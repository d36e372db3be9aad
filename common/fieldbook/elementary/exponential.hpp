#pragma once

#include <fieldbook/elementary/horner.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace fieldbook::elementary {

/// z = k log 2 + t with |t| <= log(2)/2, for |z| <= 2000. `k` is a whole number in two's complement.
template <class Real, class Bits>
struct PowerOfTwo {
  Real t;
  Bits k;
};

/// Adding 1.5 2^23 leaves the nearest whole number in the low bits; no conversion, so that NaN stays harmless.
[[gnu::always_inline]] inline PowerOfTwo<float, std::uint32_t> power_of_two(float z) {
  constexpr float rounder = 0x1.8p23f;
  const float shifted = z * 1.44269504f + rounder, k = shifted - rounder;
  // log 2 in two pieces, the first short enough for an exact product
  return {(z - k * 0.693145752f) - k * 1.42860677e-6f,
          std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(rounder)};
}
[[gnu::always_inline]] inline PowerOfTwo<double, std::uint64_t> power_of_two(double z) {
  constexpr double rounder = 0x1.8p52;
  const double shifted = z * 1.44269504088896340736 + rounder, k = shifted - rounder;
  return {(z - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10,
          std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(rounder)};
}

/// 2^k value, correctly rounded where it is subnormal or overflows; -1 <= k/1022 <= 1 would not reach there in one step.
[[gnu::always_inline]] inline float scaled(float value, std::uint32_t k) {
  const std::uint32_t shifted = k + 2 * 127, half = shifted >> 1;
  return value * std::bit_cast<float>(half << 23) * std::bit_cast<float>((shifted - half) << 23);
}
[[gnu::always_inline]] inline double scaled(double value, std::uint64_t k) {
  const std::uint64_t shifted = k + 2 * 1023, half = shifted >> 1;
  return value * std::bit_cast<double>(half << 52) * std::bit_cast<double>((shifted - half) << 52);
}

/// e^t - 1 for |t| <= log(2)/2, by a minimax polynomial; small relative error near zero.
[[gnu::always_inline]] inline float small_expm1(float t) {
  return t + t * t * horner(t, 0.5f, 0.166665768892f, 0.0416665540436f, 0.00836319578249f, 0.00139262541877f);
}
[[gnu::always_inline]] inline double small_expm1(double t) {
  return t + t * t *
                 horner(t, 0.500000000000000102, 0.166666666666666675, 0.0416666666666240377,
                        0.0083333333333300549, 0.00138888889172587583, 0.000198412698630882544,
                        0.0000248015212259864325, 2.7557268406190795e-6, 2.76201217173819352e-7,
                        2.51004110820149011e-8);
}

/// e^z, relative error below 2e-7 (float) and 4e-16 (double) as far as e^z is a normal number; subnormal below, and zero
/// or infinity beyond.
[[gnu::always_inline]] inline float exp(float z) {
  const auto [t, k] = power_of_two(std::min(std::max(z, -104.f), 89.f));
  return scaled(1 + small_expm1(t), k);
}
[[gnu::always_inline]] inline double exp(double z) {
  const auto [t, k] = power_of_two(std::min(std::max(z, -746.), 710.));
  return scaled(1 + small_expm1(t), k);
}

/// tanh z by a rational minimax approximation on |z| <= 9.01, where it rounds to one. Relative error below 4e-7.
[[gnu::always_inline]] inline float tanh(float z) {
  const float x = std::min(std::max(z, -9.01f), 9.01f), s = x * x;
  const float p = horner(s, 0.9999999792f, 0.1338037267f, 3.494812288e-3f, 2.059629249e-5f, 1.333687011e-8f);
  const float q = horner(s, 1.f, 0.4671368809f, 2.587403155e-2f, 3.284365178e-4f, 7.769292819e-7f);
  const float value = std::min(std::max(x * p / q, -1.f), 1.f);
  return std::abs(z) > 9.01f ? std::copysign(1.f, z) : value;
}

/// tanh |z| = -d / (2 + d) with d = e^{-2|z|} - 1. Relative error below 1e-15.
[[gnu::always_inline]] inline double tanh(double z) {
  const auto [t, k] = power_of_two(-2 * std::min(std::abs(z), 20.));
  const auto power = std::bit_cast<double>((k + 1023) << 52);
  const double d = power * small_expm1(t) + (power - 1);
  return std::copysign(-d / (2 + d), z);
}

}  // namespace fieldbook::elementary
