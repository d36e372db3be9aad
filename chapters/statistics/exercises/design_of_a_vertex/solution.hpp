#pragma once

#include <cmath>

// Half of the Cauchy law lies in $|b|<1$. Take $\rho=1+\eta$ there and $1-\eta$ outside: this is normalised, and
// $$ \langle A^4\rangle=\frac18\Bigl(\frac1{1+\eta}+\frac1{1-\eta}\Bigr)=\frac1{4(1-\eta^2)}. $$
// With $G_2(0)=\frac12$ the interaction is $\frac92/(1-\eta^2)-3$ in units of $G_2(0)^2$, so $1-\eta^2=\frac92/(g+3)$: any $g$ from
// $\frac32$, where $\eta=0$, to infinity.

/// Momentum and amplitude of a neuron.
struct Neuron {
  double momentum;
  double amplitude;
};

/// One neuron of a network whose interaction at one point is g G_2(0)^2, from two independent numbers, uniform on (0, 1).
inline Neuron draw_neuron(double g, double u, double v) {
  const double eta = std::sqrt(1 - 4.5 / (g + 3));
  const bool inside = v < (1 + eta) / 2;
  const double small = std::tan(M_PI / 4 * (2 * u - 1));  // a Cauchy number, given that it is below 1
  const double rho = inside ? 1 + eta : 1 - eta;
  return {inside ? small : 1 / small, std::sqrt(0.5 / rho)};  // the inverse of a Cauchy number is one
}
