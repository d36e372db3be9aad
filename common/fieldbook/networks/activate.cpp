#include <fieldbook/networks/activate.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace fieldbook {

namespace {

template <class Function>
void for_each(std::span<float> z, Function function) {
  float* const values = z.data();
  const std::size_t n = z.size();
  for (std::size_t i = 0; i < n; ++i) values[i] = function(values[i]);
}

// A function that is called, not inlined, keeps its loop from becoming vector code: hence always_inline.

/// The value, or the sign of z beyond the edge, where an odd function of this kind rounds to one.
[[gnu::always_inline]] inline float saturated(float value, float z, float edge) {
  const float clipped = std::min(std::max(value, -1.f), 1.f);
  return std::abs(z) > edge ? std::copysign(1.f, z) : clipped;
}

/// Rational minimax approximation on |z| <= 3.92, where erf rounds to one; relative error of the form 1.9e-8.
[[gnu::always_inline]] inline float erf(float z) {
  const float x = std::min(std::max(z, -3.92f), 3.92f), s = x * x;
  const float p =
      1.128379146f +
      s * (0.1904076621f +
           s * (5.274888246e-2f + s * (3.765667748e-3f + s * (2.848837413e-4f + s * 2.050076712e-6f))));
  const float q =
      1.f + s * (0.5020771378f +
                 s * (0.1141096065f + s * (1.496931955e-2f + s * (1.162547532e-3f + s * 3.809165828e-5f))));
  return saturated(x * p / q, z, 3.92f);
}

/// Rational minimax approximation on |z| <= 9.01, where tanh rounds to one; relative error of the form 2.1e-8.
[[gnu::always_inline]] inline float tanh(float z) {
  const float x = std::min(std::max(z, -9.01f), 9.01f), s = x * x;
  const float p = 0.9999999792f +
                  s * (0.1338037267f + s * (3.494812288e-3f + s * (2.059629249e-5f + s * 1.333687011e-8f)));
  const float q =
      1.f + s * (0.4671368809f + s * (2.587403155e-2f + s * (3.284365178e-4f + s * 7.769292819e-7f)));
  return saturated(x * p / q, z, 9.01f);
}

/// sin(z + quarter pi/2): the argument is reduced to |t| <= pi/4 in double precision, then Taylor series.
[[gnu::always_inline]] inline float sine(float z, std::uint32_t quarter) {
  constexpr double two_over_pi = 0.63661977236758134308, half_pi = 1.57079632679489661923;
  constexpr double rounder = 0x1.8p52;  // adding it leaves the nearest integer in the low bits
  const double shifted = static_cast<double>(z) * two_over_pi + rounder;
  const auto quadrant = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(shifted)) + quarter;
  const auto t = static_cast<float>(static_cast<double>(z) - (shifted - rounder) * half_pi);
  const float s = t * t;
  const float even = 1.f + s * (-1.f / 2 + s * (1.f / 24 + s * (-1.f / 720 + s * (1.f / 40320))));
  const float odd = t * (1.f + s * (-1.f / 6 + s * (1.f / 120 + s * (-1.f / 5040 + s * (1.f / 362880)))));
  const float value = (quadrant & 1) != 0 ? even : odd;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) ^ ((quadrant & 2) << 30));
}

/// e^z = 2^k e^t with |t| <= log(2)/2; below the smallest normal number the result is zero.
[[gnu::always_inline]] inline float exp(float z) {
  constexpr float log2_e = 1.44269504f, log_2_high = 0.693145752f, log_2_low = 1.42860677e-6f;
  constexpr float rounder = 0x1.8p23f;
  const float x = std::min(std::max(z, -87.3f), 88.72f);
  const float k = (x * log2_e + rounder) - rounder;
  const float t = (x - k * log_2_high) - k * log_2_low;
  const float series =
      1.f + t * (1.f + t * (1.f / 2 + t * (1.f / 6 + t * (1.f / 24 + t * (1.f / 120 + t * (1.f / 720))))));
  const auto half = static_cast<std::int32_t>(k) / 2, rest = static_cast<std::int32_t>(k) - half;
  // Two steps, because 2^128 is not a float
  const float value =
      series * std::bit_cast<float>((half + 127) << 23) * std::bit_cast<float>((rest + 127) << 23);
  return z < -87.3f ? 0.f : (z > 88.72f ? INFINITY : value);
}

}  // namespace

void activate(Activation activation, std::span<float> z) {
  constexpr float sqrt_half = 0.70710678f;
  switch (activation) {
    case Activation::relu:
      return for_each(z, [](float x) { return std::max(x, 0.f); });
    case Activation::relu_squared:
      return for_each(z, [](float x) { return std::max(x, 0.f) * std::max(x, 0.f); });
    case Activation::step:
      return for_each(z, [](float x) { return x > 0 ? 1.f : (x <= 0 ? 0.f : x); });
    case Activation::abs:
      return for_each(z, [](float x) { return std::abs(x); });
    case Activation::erf:
      return for_each(z, [](float x) { return erf(x); });
    case Activation::tanh:
      return for_each(z, [](float x) { return tanh(x); });
    case Activation::sin:
      return for_each(z, [](float x) { return sine(x, 0); });
    case Activation::cos:
      return for_each(z, [](float x) { return sine(x, 1); });
    case Activation::exp:
      return for_each(z, [](float x) { return exp(x); });
    case Activation::gelu:
      // The left tail is zero long before -20, and minus infinity times zero would not be
      return for_each(z, [](float x) { return std::max(x, -20.f) * 0.5f * (1.f + erf(x * sqrt_half)); });
  }
}

}  // namespace fieldbook
