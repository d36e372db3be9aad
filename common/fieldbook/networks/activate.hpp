#pragma once

#include <fieldbook/activation.hpp>

#include <span>

namespace fieldbook {

/// Replaces every pre-activation by its activation, in vector code without libm.
///
/// The error is below 5e-7 max(1, |sigma(z)|) in float (1e-6 for gelu, whose left tail is z times a small difference) and
/// 2e-15 max(1, |sigma(z)|) in double, for every z. Not a number stays not a number; infinities give the limits (sin and
/// cos have none: not a number).
void activate(Activation activation, std::span<float> z);
void activate(Activation activation, std::span<double> z);

/// Replaces every pre-activation z by sigma(z) and writes sigma'(z) into `slope`, which has the length of `z`
/// (std::invalid_argument otherwise) and does not overlap it. The errors are twice those above.
///
/// At their kinks relu and leaky have the slope from the left, sigma'(0) = 0 and leaky_slope, and abs has zero; step has
/// the slope zero everywhere.
void activate_with_slope(Activation activation, std::span<float> z, std::span<float> slope);
void activate_with_slope(Activation activation, std::span<double> z, std::span<double> slope);

}  // namespace fieldbook
