#pragma once

#include <cstddef>
#include <span>

namespace fieldbook {

/// sum_k a[k] b[k] in single precision with 16 partial sums of fixed order, added up in double: vector code whose
/// result depends on no instruction set.
inline double dot(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t lanes = 16;
  float partial[lanes] = {};
  const std::size_t n = a.size(), whole = n / lanes * lanes;
  for (std::size_t k = 0; k < whole; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) partial[l] += a[k + l] * b[k + l];
  double sum = 0;
  for (const float part : partial) sum += part;
  for (std::size_t k = whole; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

}  // namespace fieldbook
