#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace fieldbook {

/// sum_k a[k] b[k] with 16 partial sums of fixed order in the precision of the numbers, added up in double: vector code
/// whose result depends on no instruction set.
template <class Real = float>
double dot(std::type_identity_t<std::span<const Real>> a, std::type_identity_t<std::span<const Real>> b) {
  constexpr std::size_t lanes = 16;
  Real partial[lanes] = {};
  const std::size_t n = a.size(), whole = n / lanes * lanes;
  for (std::size_t k = 0; k < whole; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) partial[l] += a[k + l] * b[k + l];
  double sum = 0;
  for (const Real part : partial) sum += part;
  for (std::size_t k = whole; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

}  // namespace fieldbook
