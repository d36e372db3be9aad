#pragma once

#include <cstdint>

namespace fieldbook {

/// A number as an integer multiple of a small unit, exact.
__extension__ using Fixed = __int128;

/// The inner function psi of Kolmogorov's theorem as constructed by Sprecher (1996) and made monotone by Köppen (2002), exact in fixed point
/// on the numbers d = j gamma^-k with k <= levels. With the last digit i of d and beta(k) = 2^k - 1,
///   psi_1(d) = d,
///   psi_k(d) = psi_{k-1}(d - i gamma^-k) + i gamma^-beta(k)                   for i < gamma - 1,
///   psi_k(d) = (psi_k(d - gamma^-k) + psi_{k-1}(d + gamma^-k)) / 2            for i = gamma - 1,
/// and psi(1) = 1. Source: Braun and Griebel, On a constructive proof of Kolmogorov's superposition theorem (2009).
class KoppenFunction {
 public:
  /// std::invalid_argument for gamma < 3, levels < 1, or if a sum of two values would leave 127 bits.
  KoppenFunction(int gamma, int levels);

  /// The fixed-point integer that stands for 1: 2^(levels-1) gamma^beta(levels).
  Fixed one() const { return one_; }

  /// psi(j gamma^-k), 0 <= j <= gamma^k, 1 <= k <= levels. std::out_of_range otherwise.
  Fixed operator()(std::int64_t j, int k) const;

  /// gamma^-beta(k), k <= levels.
  Fixed digit(int k) const;

  double to_double(Fixed value) const { return static_cast<double>(value) / static_cast<double>(one_); }

 private:
  int gamma_;
  int levels_;
  Fixed one_ = 1;
};

}  // namespace fieldbook
