#pragma once

#include <string>
#include <vector>

namespace fieldbook {

/// The activation functions that Fieldbook knows; this is only their vocabulary. Networks evaluate them in
/// networks/activate.hpp, theory in kernels/dual_activation.hpp, and the two share no code.
enum class Activation {
  relu,          ///< max(z, 0)
  relu_squared,  ///< max(z, 0)^2
  step,          ///< 1 for z > 0, else 0
  abs,           ///< |z|
  erf,           ///< (2/sqrt pi) int_0^z e^{-t^2} dt
  tanh,          ///< hyperbolic tangent
  sin,
  cos,
  exp,
  gelu,    ///< z Phi(z), Phi the cumulative normal distribution
  linear,  ///< z
  leaky    ///< z for z > 0, else leaky_slope z
};

/// The slope of the leaky ReLU on the negative side.
inline constexpr double leaky_slope = 0.3;

/// The name as one types it for an option.
std::string name(Activation activation);

/// The activation of that name; std::invalid_argument, listing the known ones, if there is none.
Activation activation_of(const std::string& name);

/// All activations, in the order of the enumeration.
const std::vector<Activation>& all_activations();

}  // namespace fieldbook
