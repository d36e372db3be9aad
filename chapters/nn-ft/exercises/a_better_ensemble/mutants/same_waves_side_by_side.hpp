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
  const int sites = static_cast<int>(probability.size());
  double left = (i + u) / width;
  int momentum = 0;
  for (int step = 0; step < sites; ++step) {
    momentum = step % 2 == 0 ? step / 2 : sites - (step + 1) / 2;
    left -= probability[momentum];
    if (left < 0) break;
  }
  return {momentum, 2 * M_PI * v};
}
