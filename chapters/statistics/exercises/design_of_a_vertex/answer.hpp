#pragma once

#include <cmath>

/// Momentum and amplitude of a neuron.
struct Neuron {
  double momentum;
  double amplitude;
};

/// One neuron of a network whose interaction at one point is g G_2(0)^2, from two independent numbers, uniform on (0, 1).
inline Neuron draw_neuron(double g, double u, double v) {
  (void)g, (void)u, (void)v;
  EXERCISE_TODO();
}
