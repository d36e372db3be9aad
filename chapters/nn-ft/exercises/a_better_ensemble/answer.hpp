#pragma once

#include <cmath>
#include <vector>

/// Momentum (0 ... probability.size() - 1) and phase of a neuron.
struct Neuron {
  int momentum;
  double phase;
};

/// Neuron i = 0 ... width - 1, from two numbers that are uniform on (0, 1).
inline Neuron draw_neuron(int i, int width, const std::vector<double>& probability, double u, double v) {
  (void)i, (void)width, (void)probability, (void)u, (void)v;
  EXERCISE_TODO();
}
