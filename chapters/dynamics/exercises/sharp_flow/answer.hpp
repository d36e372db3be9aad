#pragma once

#include <Eigen/Dense>

#include <cmath>
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
  EXERCISE_TODO();
}
