#pragma once

namespace fieldbook {

/// base^exponent, exact as long as it fits into the type; 1 unless the exponent is positive.
template <class Integer>
constexpr Integer integer_power(Integer base, int exponent) {
  Integer value = 1;
  for (int i = 0; i < exponent; ++i) value *= base;
  return value;
}

}  // namespace fieldbook
