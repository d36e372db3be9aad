#pragma once

#include <cmath>
#include <numbers>

// In the first layer $Q=1+t^2+\sigma_b^2$, $S=1$ and $M=t$. The next layer has $Q'=2\langle\max(z,0)^2\rangle+\sigma_b^2=Q+\sigma_b^2$,
// and since the slope of a ReLU is 0 or 1 with equal probability, $S$ and $M$ stay what they are. With $c=1+l\sigma_b^2$,
// $S/Q-M^2/Q^2=c/(c+t^2)^2$, and
// $$ \frac1\pi\int_{-T}^T\frac{\sqrt c\,dt}{c+t^2}=\frac2\pi\arctan\frac T{\sqrt c}. $$
// Zeros move outwards with depth, because biases pile up and the input matters less. Without biases every layer has the zeros of the
// first, so that pieces grow with the number of neurons and not with a power of it.

/// The expected zeros of one neuron of layer l = 1, 2, ... on the segment (1, t), |t| <= half_length, in a network of infinite
/// width.
inline double expected_zeros(double bias_deviation, double half_length, int layer) {
  const double width = std::sqrt(1 + layer * bias_deviation * bias_deviation);
  return 2 / std::numbers::pi * std::atan(half_length / width);
}
