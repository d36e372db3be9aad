#pragma once

#include <fieldbook/networks/activation_functions.hpp>

namespace fieldbook {

namespace detail {

/// Calls `near(first, last, z)` for pieces of 0 ... count - 1 whose arguments z(i) sine and cosine can take in vector code, and
/// `far(first, last, z)` for pieces with an argument beyond. Arguments are computed once, before anything is stored. Other activations have
/// no such limit, and one piece.
template <class Real, class Sigma, class Argument, class Near, class Far>
[[gnu::always_inline]] inline void in_pieces(Sigma, std::size_t count, Argument argument, Near near,
                                             Far far) {
  if constexpr (requires { Sigma::anywhere(Real{}); }) {
    constexpr std::size_t piece = 256;
    Real arguments[piece];
    for (std::size_t first = 0; first < count; first += piece) {
      const std::size_t last = std::min(count, first + piece);
      int beyond = 0;
      for (std::size_t i = first; i < last; ++i) {
        const Real z = argument(i);
        arguments[i - first] = z;
        beyond |= std::abs(z) > elementary::near_limit<Real> ? 1 : 0;
      }
      const auto z = [&arguments, first ](std::size_t i) __attribute__((always_inline)) {
        return arguments[i - first];
      };
      if (beyond != 0)
        far(first, last, z);
      else
        near(first, last, z);
    }
  } else {
    near(std::size_t{0}, count, argument);
  }
}

}  // namespace detail

/// values[i] = sigma(argument(i)) in one loop of vector code, for a function object of `with_activation`; `argument` may read
/// values[i].
///
/// @code
///   with_activation(activation, [&](auto sigma) {
///     activate_row(sigma, row, [&](std::size_t i) { return x * w[i] + b[i]; });
///   });
/// @endcode
template <class Sigma, class Real, class Argument>
[[gnu::always_inline]] inline void activate_row(Sigma sigma, std::span<Real> values, Argument argument) {
  Real* const value = values.data();
  detail::in_pieces<Real>(
      sigma, values.size(), argument,
      [=](std::size_t first, std::size_t last, auto z) {
        for (std::size_t i = first; i < last; ++i) value[i] = sigma(z(i));
      },
      [=](std::size_t first, std::size_t last, auto z) {
        if constexpr (requires { Sigma::anywhere(Real{}); })
          for (std::size_t i = first; i < last; ++i) value[i] = Sigma::anywhere(z(i));
      });
}

/// The same with slopes[i] = sigma'(argument(i)); `slopes` has the length of `values`.
template <class Sigma, class Real, class Argument>
[[gnu::always_inline]] inline void activate_row_with_slope(Sigma sigma, std::span<Real> values,
                                                           std::span<Real> slopes, Argument argument) {
  Real* const value = values.data();
  Real* const slope = slopes.data();
  const auto store = [=](std::size_t i, activations::ValueSlope<Real> result) __attribute__((always_inline)) {
    value[i] = result.value;
    slope[i] = result.slope;
  };
  detail::in_pieces<Real>(
      sigma, values.size(), argument,
      [=](std::size_t first, std::size_t last, auto z) {
        for (std::size_t i = first; i < last; ++i) store(i, sigma.with_slope(z(i)));
      },
      [=](std::size_t first, std::size_t last, auto z) {
        if constexpr (requires { Sigma::anywhere(Real{}); })
          for (std::size_t i = first; i < last; ++i) store(i, Sigma::anywhere_with_slope(z(i)));
      });
}

}  // namespace fieldbook
