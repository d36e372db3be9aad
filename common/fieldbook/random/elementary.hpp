#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

/// Logarithm, sine and cosine as plain arithmetic, so that loops over them become vector code and give the same bits
/// with any compiler and instruction set. Taylor series after an exact reduction of the argument, cut where the next
/// term is below half a unit in the last place.
namespace fieldbook::elementary {

/// c0 + z (c1 + z (c2 + ...)).
template <class Real>
constexpr Real horner(Real, Real c0) {
  return c0;
}
template <class Real, std::same_as<Real>... More>
constexpr Real horner(Real z, Real c0, Real c1, More... more) {
  return c0 + z * horner(z, c1, more...);
}

/// log u for a normal u > 0: u = 2^e m with m in [1/sqrt 2, sqrt 2), log m = 2 artanh((m - 1)/(m + 1)).
inline float log(float u) {
  constexpr std::uint32_t half_sqrt = 0x3F3504F3;  // 1/sqrt 2
  const auto bits = std::bit_cast<std::uint32_t>(u);
  const std::int32_t e = static_cast<std::int32_t>(bits - half_sqrt) >> 23;
  const auto m = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(e) << 23));
  const float s = (m - 1) / (m + 1), z = s * s;
  const float series = horner(z, 1.f, 1.f / 3, 1.f / 5, 1.f / 7, 1.f / 9);
  return static_cast<float>(e) * 0.693147181f + 2 * s * series;
}

/// The same in double precision.
inline double log(double u) {
  constexpr std::uint64_t half_sqrt = 0x3FE6A09E667F3BCD;
  const auto bits = std::bit_cast<std::uint64_t>(u);
  const std::int64_t e = static_cast<std::int64_t>(bits - half_sqrt) >> 52;
  const auto m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(e) << 52));
  const double s = (m - 1) / (m + 1), z = s * s;
  const double series =
      horner(z, 1., 1. / 3, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21);
  return static_cast<double>(e) * 0.69314718055994530942 + 2 * s * series;
}

/// Cosine and sine of one angle.
template <class Real>
struct CosSin {
  Real cos;
  Real sin;
};

/// sin t and cos t for |t| <= pi/4.
inline CosSin<float> small_angle(float t) {
  const float z = t * t;
  return {horner(z, 1.f, -1.f / 2, 1.f / 24, -1.f / 720, 1.f / 40320, -1.f / 3628800),
          t * horner(z, 1.f, -1.f / 6, 1.f / 120, -1.f / 5040, 1.f / 362880)};
}
inline CosSin<double> small_angle(double t) {
  const double z = t * t;
  return {horner(z, 1., -1. / 2, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600,
                 -1. / 87178291200, 1. / 20922789888000, -1. / 6402373705728000),
          t * horner(z, 1., -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800,
                     -1. / 1307674368000, 1. / 355687428096000)};
}

/// Turns an angle in the first half quadrant by `quadrant` right angles.
template <class Real, class Bits>
CosSin<Real> turned(CosSin<Real> angle, std::uint32_t quadrant) {
  constexpr int top = 8 * sizeof(Bits) - 2;
  const Real c = (quadrant & 1) != 0 ? angle.sin : angle.cos, s = (quadrant & 1) != 0 ? angle.cos : angle.sin;
  const Bits cos_sign = static_cast<Bits>((quadrant + 1) & 2) << top,
             sin_sign = static_cast<Bits>(quadrant & 2) << top;
  return {std::bit_cast<Real>(std::bit_cast<Bits>(c) ^ cos_sign),
          std::bit_cast<Real>(std::bit_cast<Bits>(s) ^ sin_sign)};
}

/// Cosine and sine of the angle 2 pi (word + 1/2) / 2^32; neither is ever zero.
inline CosSin<float> turn(std::uint32_t word) {
  const std::uint32_t shifted = word + 0x20000000u;
  const auto rest = static_cast<std::int32_t>(shifted & 0x3FFFFFFFu) - 0x20000000;
  constexpr float unit = 1.46291807927e-9f;  // (pi / 2) / 2^30
  return turned<float, std::uint32_t>(small_angle((static_cast<float>(rest) + 0.5f) * unit), shifted >> 30);
}

/// The same for the double-precision angle 2 pi (k + 1/2) / 2^53, k = 2^21 high + low / 2^11.
inline CosSin<double> turn(std::uint32_t high, std::uint32_t low) {
  const std::uint32_t shifted = high + 0x20000000u;
  const auto rest = static_cast<std::int32_t>(shifted & 0x3FFFFFFFu) - 0x20000000;
  constexpr double unit = 1.4629180792671596e-9;
  const double fraction = (static_cast<double>(static_cast<std::int32_t>(low >> 11)) + 0.5) * 0x1p-21;
  return turned<double, std::uint64_t>(small_angle((static_cast<double>(rest) + fraction) * unit),
                                       shifted >> 30);
}

/// An odd multiple of 2^-24 in (0, 1).
inline float uniform(std::uint32_t word) {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 9)) + 0.5f) * 0x1p-23f;
}

/// An odd multiple of 2^-53 in (0, 1), from 52 of 64 bits: [1, 2) less 1 - 2^-53 is exact.
inline double uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t mantissa = (static_cast<std::uint64_t>(high) << 20) | (low >> 12);
  return std::bit_cast<double>(mantissa | 0x3FF0000000000000u) - (1 - 0x1p-53);
}

/// A number in (0, 1] whose resolution near zero is 2^-32: what a logarithm needs for long tails.
inline float fine_uniform(std::uint32_t word) {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 1)) + 0.5f) * 0x1p-31f;
}

}  // namespace fieldbook::elementary
