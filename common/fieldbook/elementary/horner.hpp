#pragma once

#include <concepts>

/// Elementary functions as plain arithmetic, so that loops over them become vector code and give the same bits with any
/// compiler and instruction set: no libm, no branches, no tables. They are `always_inline`, because a function that is
/// called keeps its loop from becoming vector code. Unless a function says otherwise, its domain is every number:
/// infinities give the limits, and what is not a number stays so.
namespace fieldbook::elementary {

/// c0 + z (c1 + z (c2 + ...)).
template <class Real>
[[gnu::always_inline]] constexpr Real horner(Real, Real c0) {
  return c0;
}
template <class Real, std::same_as<Real>... More>
[[gnu::always_inline]] constexpr Real horner(Real z, Real c0, Real c1, More... more) {
  return c0 + z * horner(z, c1, more...);
}

}  // namespace fieldbook::elementary
