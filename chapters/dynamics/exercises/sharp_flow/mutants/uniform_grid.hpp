#pragma once

#include <Eigen/Dense>

#include <cmath>
#include <numbers>
#include <vector>

/// A neuron at the start, and its probability.
struct Neuron {
  double a, w, b;
  double probability;
};

/// What is going to be done with them: `steps` steps of size dt, at inputs x with targets y.
struct Flow {
  double gamma0;
  Eigen::VectorXd x, y;
  double dt;
  int steps;
};

/// At most 25000 neurons that stand for infinitely many.
inline std::vector<Neuron> few_neurons(const Flow& flow) {
  (void)flow;
  constexpr double h = 0.08;
  std::vector<Neuron> network;
  for (int i = -90; i <= 90; ++i)
    for (int j = -90; j <= 90; ++j)
      if (i * i + j * j < 7900)
        network.push_back(
            {1, i * h, j * h, h * h * std::exp(-(i * i + j * j) * h * h / 2) / (2 * std::numbers::pi)});
  return network;
}
