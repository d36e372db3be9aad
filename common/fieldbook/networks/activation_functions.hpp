#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/elementary/error_function.hpp>
#include <fieldbook/elementary/exponential.hpp>
#include <fieldbook/elementary/trigonometric.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>

/// Activations that can be inlined into a loop over neurons, in float and double. Each has sigma(z) as its call operator
/// and sigma(z), sigma'(z) as `with_slope`. At a kink the slope is that from the left (relu, leaky) or zero (abs), and
/// step has the slope zero everywhere. Not a number stays so; infinities give the limits.
namespace fieldbook::activations {

template <class Real>
struct ValueSlope {
  Real value;
  Real slope;
};

struct Linear {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return z;
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {z, 1};
  }
};

struct Step {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return z > 0 ? Real(1) : (z <= 0 ? Real(0) : z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {(*this)(z), 0};
  }
};

struct Relu {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return std::max(z, Real(0)) + Real(0);  // the sum makes -0 a plain zero, which compilers see differently
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {(*this)(z), Step{}(z)};
  }
};

struct ReluSquared {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return Relu{}(z)*Relu{}(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {(*this)(z), 2 * Relu{}(z)};
  }
};

struct Leaky {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return z > 0 ? z : Real(leaky_slope) * z;
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {(*this)(z), z > 0 ? Real(1) : Real(leaky_slope)};
  }
};

struct Abs {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return std::abs(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    return {std::abs(z), z > 0 ? Real(1) : (z < 0 ? Real(-1) : z)};
  }
};

struct Erf {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return elementary::erf(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const auto [value, slope] = elementary::erf_and_slope(z);
    return {value, slope};
  }
};

struct Tanh {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return elementary::tanh(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const Real value = elementary::tanh(z);
    return {value, (1 - value) * (1 + value)};
  }
};

struct Exp {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return elementary::exp(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const Real value = elementary::exp(z);
    return {value, value};
  }
};

struct Gelu {
  static constexpr double sqrt_half = 0.70710678118654752440;

  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    // The left tail is zero long before -20, and minus infinity times zero would not be
    return std::max(z, Real(-20)) * Real(0.5) * (1 + elementary::erf(z * Real(sqrt_half)));
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const auto [erf, gauss] = elementary::erf_and_slope(z * Real(sqrt_half));
    const Real cumulative = Real(0.5) * (1 + erf), bounded = std::max(z, Real(-20));
    return {bounded * cumulative, cumulative + std::min(bounded, Real(20)) * (Real(sqrt_half / 2) * gauss)};
  }
};

/// Sine and cosine: as loops want them for |z| <= elementary::near_limit, and anywhere. The value alone is faster than that with the
/// slope, and may differ from it in the last bit.
struct Sin {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return elementary::near_sin(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const auto [cosine, sine] = elementary::near_cos_sin(z);
    return {sine, cosine};
  }
  template <class Real>
  static Real anywhere(Real z) {
    return elementary::sin(z);
  }
  template <class Real>
  static ValueSlope<Real> anywhere_with_slope(Real z) {
    const auto [cosine, sine] = elementary::cos_sin(z);
    return {sine, cosine};
  }
};

struct Cos {
  template <class Real>
  [[gnu::always_inline]] Real operator()(Real z) const {
    return elementary::near_cos(z);
  }
  template <class Real>
  [[gnu::always_inline]] ValueSlope<Real> with_slope(Real z) const {
    const auto [cosine, sine] = elementary::near_cos_sin(z);
    return {cosine, -sine};
  }
  template <class Real>
  static Real anywhere(Real z) {
    return elementary::cos(z);
  }
  template <class Real>
  static ValueSlope<Real> anywhere_with_slope(Real z) {
    const auto [cosine, sine] = elementary::cos_sin(z);
    return {cosine, -sine};
  }
};

}  // namespace fieldbook::activations

namespace fieldbook {

/// Calls `f` with the function object of that activation: the switch stands before the loop, not in it.
template <class F>
decltype(auto) with_activation(Activation activation, F&& f) {
  switch (activation) {
    case Activation::relu:
      return f(activations::Relu{});
    case Activation::relu_squared:
      return f(activations::ReluSquared{});
    case Activation::step:
      return f(activations::Step{});
    case Activation::abs:
      return f(activations::Abs{});
    case Activation::erf:
      return f(activations::Erf{});
    case Activation::tanh:
      return f(activations::Tanh{});
    case Activation::sin:
      return f(activations::Sin{});
    case Activation::cos:
      return f(activations::Cos{});
    case Activation::exp:
      return f(activations::Exp{});
    case Activation::gelu:
      return f(activations::Gelu{});
    case Activation::linear:
      return f(activations::Linear{});
    case Activation::leaky:
      return f(activations::Leaky{});
  }
  throw std::invalid_argument{"with_activation: unknown activation"};
}

}  // namespace fieldbook
