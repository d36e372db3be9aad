#pragma once

#include <fieldbook/elementary/horner.hpp>

#include <bit>
#include <cstdint>
#include <limits>

namespace fieldbook::elementary {

/// log u for a normal u > 0: u = 2^e m with m in [1/sqrt 2, sqrt 2), log m = 2 artanh((m - 1)/(m + 1)) by its Taylor
/// series. Relative error below 3e-7; draws of random numbers need no more of the domain.
[[gnu::always_inline]] inline float log_of_normal(float u) {
  constexpr std::uint32_t half_sqrt = 0x3F3504F3;  // 1/sqrt 2
  const auto bits = std::bit_cast<std::uint32_t>(u);
  const std::int32_t e = static_cast<std::int32_t>(bits - half_sqrt) >> 23;
  const auto m = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(e) << 23));
  const float s = (m - 1) / (m + 1), z = s * s;
  const float series = horner(z, 1.f, 1.f / 3, 1.f / 5, 1.f / 7, 1.f / 9);
  return static_cast<float>(e) * 0.693147181f + 2 * s * series;
}

/// The same in double precision, relative error below 1e-15.
[[gnu::always_inline]] inline double log_of_normal(double u) {
  constexpr std::uint64_t half_sqrt = 0x3FE6A09E667F3BCD, one = 0x3FF0000000000000;
  const auto bits = std::bit_cast<std::uint64_t>(u);
  // e + 1023 in the place of an exponent; as the low bits of 2^52 it becomes a number in any instruction set
  const std::uint64_t place = (bits - half_sqrt + one) & 0xFFF0000000000000;
  const double e = std::bit_cast<double>((place >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  const auto m = std::bit_cast<double>(bits - place + one);
  const double s = (m - 1) / (m + 1), z = s * s;
  const double series =
      horner(z, 1., 1. / 3, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21);
  return e * 0.69314718055994530942 + 2 * s * series;
}

/// log u for every u: minus infinity at zero, not a number below. Relative error below 3e-7 (float), 1e-15 (double).
template <class Real>
[[gnu::always_inline]] inline Real log(Real u) {
  using Limits = std::numeric_limits<Real>;
  constexpr Real scale = sizeof(Real) == 4 ? Real(0x1p30) : Real(0x1p60);
  constexpr Real log_scale = Real((sizeof(Real) == 4 ? 30 : 60) * 0.69314718055994530942);
  const bool tiny = u < Limits::min();
  const Real value = log_of_normal(tiny ? u * scale : u) - (tiny ? log_scale : Real(0));
  const Real positive = u > 0 ? value : (u == 0 ? -Limits::infinity() : Limits::quiet_NaN());
  return u < Limits::infinity() ? positive : u;
}

}  // namespace fieldbook::elementary
