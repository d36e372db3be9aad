#pragma once

#include <fieldbook/activation.hpp>

#include <span>

namespace fieldbook {

/// Replaces every pre-activation by its activation, in single precision and vector code without libm.
///
/// The error is below 1e-6 max(1, |sigma(z)|) for |z| <= 1000, as far as sigma(z) is a float.
/// Not a number stays not a number; infinities give the limits (sin and cos have none: not a number).
void activate(Activation activation, std::span<float> z);

}  // namespace fieldbook
