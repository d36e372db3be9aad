#pragma once

#include <fieldbook/activation.hpp>

namespace fieldbook {

/// sigma(z) in double precision, as theory needs it under an integral.
double activation_value(Activation activation, double z);

/// sigma'(z); at a kink the mean of both sides. std::invalid_argument for step, which has none.
double activation_slope(Activation activation, double z);

/// The dual activation < sigma(u) sigma(v) > for the Gaussian pair (u, v) of variances a, b >= 0 and covariance c.
///
/// Closed forms: relu, step, relu_squared by Cho and Saul (2009); erf by Williams (1997); abs, sin, cos, exp
/// elementary; gelu by Stein's lemma. tanh has none and is integrated in polar coordinates (absolute error below
/// 1e-10 for variances up to 5). A covariance that rounding has pushed slightly beyond sqrt(a b) counts as sqrt(a b); one that is
/// further off, or a negative variance, is std::invalid_argument.
double dual_activation(Activation activation, double a, double b, double c);

/// The same by quadrature in polar coordinates for every activation: slow, and independent of the closed forms.
double dual_activation_by_quadrature(Activation activation, double a, double b, double c);

/// < sigma'(u) sigma'(v) > for the same pair: in closed form for relu, erf, sin and linear, by quadrature for the others.
/// std::invalid_argument for step and for covariances as above.
double dual_slope(Activation activation, double a, double b, double c);

/// < sigma(z)^power > for z ~ N(0, variance), by quadrature.
double activation_moment(Activation activation, int power, double variance);

}  // namespace fieldbook
