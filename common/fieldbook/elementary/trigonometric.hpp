#pragma once

#include <fieldbook/elementary/far_angle.hpp>
#include <fieldbook/elementary/horner.hpp>

#include <cmath>
#include <limits>

namespace fieldbook::elementary {

/// Cosine and sine of one angle.
template <class Real>
struct CosSin {
  Real cos;
  Real sin;
};

/// sin t and cos t for |t| <= pi/4, by Taylor series cut where the next term is below half a unit in the last place.
[[gnu::always_inline]] inline CosSin<float> small_angle(float t) {
  const float z = t * t;
  return {horner(z, 1.f, -1.f / 2, 1.f / 24, -1.f / 720, 1.f / 40320, -1.f / 3628800),
          t * horner(z, 1.f, -1.f / 6, 1.f / 120, -1.f / 5040, 1.f / 362880)};
}
[[gnu::always_inline]] inline CosSin<double> small_angle(double t) {
  const double z = t * t;
  return {horner(z, 1., -1. / 2, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600,
                 -1. / 87178291200, 1. / 20922789888000, -1. / 6402373705728000),
          t * horner(z, 1., -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800,
                     -1. / 1307674368000, 1. / 355687428096000)};
}

/// Turns an angle in the first half quadrant by `quadrant` right angles.
template <class Real, class Bits>
[[gnu::always_inline]] inline CosSin<Real> turned(CosSin<Real> angle, Bits quadrant) {
  static_assert(sizeof(Real) == sizeof(Bits));
  constexpr int top = 8 * sizeof(Bits) - 2;
  const Real c = (quadrant & 1) != 0 ? angle.sin : angle.cos, s = (quadrant & 1) != 0 ? angle.cos : angle.sin;
  return {std::bit_cast<Real>(std::bit_cast<Bits>(c) ^ (((quadrant + 1) & 2) << top)),
          std::bit_cast<Real>(std::bit_cast<Bits>(s) ^ ((quadrant & 2) << top))};
}

/// Cosine and sine of the angle 2 pi (word + 1/2) / 2^32; neither is ever zero.
[[gnu::always_inline]] inline CosSin<float> turn(std::uint32_t word) {
  const std::uint32_t shifted = word + 0x20000000u;
  const auto rest = static_cast<std::int32_t>(shifted & 0x3FFFFFFFu) - 0x20000000;
  constexpr float unit = 1.46291807927e-9f;  // (pi / 2) / 2^30
  return turned(small_angle((static_cast<float>(rest) + 0.5f) * unit), shifted >> 30);
}

/// The same for the double-precision angle 2 pi (k + 1/2) / 2^53, k = 2^21 high + low / 2^11.
[[gnu::always_inline]] inline CosSin<double> turn(std::uint32_t high, std::uint32_t low) {
  const std::uint32_t shifted = high + 0x20000000u;
  const auto rest = static_cast<std::int32_t>(shifted & 0x3FFFFFFFu) - 0x20000000;
  constexpr double unit = 1.4629180792671596e-9;
  const double fraction = (static_cast<double>(static_cast<std::int32_t>(low >> 11)) + 0.5) * 0x1p-21;
  return turned(small_angle((static_cast<double>(rest) + fraction) * unit),
                static_cast<std::uint64_t>(shifted >> 30));
}

/// The largest |z| that `near_cos_sin` serves; up to there the reduction of the argument is as good as exact.
template <class Real>
inline constexpr Real near_limit = sizeof(Real) == 4 ? Real(0x1p13) : Real(0x1p20);

/// Cosine and sine of z for |z| <= near_limit, in code that becomes vectors; absolute error below 1.5e-7 (float) and
/// 4e-16 (double). The argument is reduced with pi/2 in three pieces, of which the first two are short enough for exact
/// products.
[[gnu::always_inline]] inline CosSin<float> near_cos_sin(float z) {
  constexpr float rounder = 0x1.8p23f;  // adding it leaves the nearest whole number in the low bits
  const float shifted = z * 0.636619772f + rounder, k = shifted - rounder;
  const float rest = ((z - k * 0x1.92p+0f) - k * 0x1.fb4p-12f) - k * 7.54978995e-08f;
  return turned(small_angle(rest), std::bit_cast<std::uint32_t>(shifted));
}
[[gnu::always_inline]] inline CosSin<double> near_cos_sin(double z) {
  constexpr double rounder = 0x1.8p52;
  const double shifted = z * 0.63661977236758134308 + rounder, k = shifted - rounder;
  const double rest = ((z - k * 0x1.921fb544p+0) - k * 0x1.0b4611a6p-34) - k * 0x1.3198a2e037073p-69;
  return turned(small_angle(rest), std::bit_cast<std::uint64_t>(shifted));
}

/// sin t for |t| <= pi/2 by one series. In float it is the best odd polynomial of degree 9 whose first coefficient is 1
/// (by exchange of its extrema; error 5e-9), in double the Taylor series cut below half a unit in the last place.
[[gnu::always_inline]] inline float half_turn_sine(float t) {
  const float z = t * t;
  return t * horner(z, 1.f, -0.166666571f, 8.33301673e-3f, -1.98065744e-4f, 2.59996390e-6f);
}
[[gnu::always_inline]] inline double half_turn_sine(double t) {
  const double z = t * t;
  return t * horner(z, 1., -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800,
                    -1. / 1307674368000, 1. / 355687428096000, -1. / 121645100408832000,
                    1. / 51090942171709440000.);
}

/// sin(z + shift pi) for |z| <= near_limit and shift 0 or 1/2, absolute error below 2e-7 (float) and 4e-16 (double): what is left after
/// taking out a multiple of pi (in three pieces, as above), up to a sign. One series instead of two makes this faster than
/// `near_cos_sin` where only one of them is wanted.
[[gnu::always_inline]] inline float near_sine(float z, float shift) {
  constexpr float rounder = 0x1.8p23f;
  const float shifted = (z * 0.318309886f + shift) + rounder, k = (shifted - rounder) - shift;
  const float rest = ((z - k * 0x1.92p+1f) - k * 0x1.fb4p-11f) - k * 1.50995799e-07f;
  const std::uint32_t sign = std::bit_cast<std::uint32_t>(shifted) << 31;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(half_turn_sine(rest)) ^ sign);
}
[[gnu::always_inline]] inline double near_sine(double z, double shift) {
  constexpr double rounder = 0x1.8p52;
  const double shifted = (z * 0.31830988618379067154 + shift) + rounder, k = (shifted - rounder) - shift;
  const double rest = ((z - k * 0x1.921fb544p+1) - k * 0x1.0b4611a6p-33) - k * 0x1.3198a2e037073p-68;
  const std::uint64_t sign = std::bit_cast<std::uint64_t>(shifted) << 63;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(half_turn_sine(rest)) ^ sign);
}
template <class Real>
[[gnu::always_inline]] inline Real near_sin(Real z) {
  return near_sine(z, Real(0));
}
template <class Real>
[[gnu::always_inline]] inline Real near_cos(Real z) {
  return near_sine(z, Real(0.5));
}

/// Cosine and sine of every finite z with the same errors; of infinity there are none (not a number). The bits are those
/// of `near_cos_sin` where that serves. The branch keeps loops from becoming vector code.
template <class Real>
inline CosSin<Real> cos_sin(Real z) {
  if (!(std::abs(z) > near_limit<Real>)) return near_cos_sin(z);
  constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
  if (std::abs(z) > std::numeric_limits<Real>::max()) return {nan, nan};
  const auto [rest, quadrant] = far_angle(static_cast<double>(z));
  const auto [cosine, sine] = turned(small_angle(rest), quadrant);
  return {static_cast<Real>(cosine), static_cast<Real>(sine)};
}

/// The sine of every finite z, with the bits of `near_sin` where that serves and those of `cos_sin` elsewhere.
template <class Real>
inline Real sin(Real z) {
  return std::abs(z) <= near_limit<Real> ? near_sin(z) : cos_sin(z).sin;
}

/// The cosine likewise.
template <class Real>
inline Real cos(Real z) {
  return std::abs(z) <= near_limit<Real> ? near_cos(z) : cos_sin(z).cos;
}

}  // namespace fieldbook::elementary
