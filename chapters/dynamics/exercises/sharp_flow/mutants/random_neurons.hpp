#pragma once

#include <fieldbook/random/stream.hpp>

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
  std::vector<double> z(25000);
  fieldbook::Stream{1, "neurons"}.normals(0, z);
  std::vector<Neuron> network;
  // Every neuron with its mirror image, so that f is zero at the start
  for (std::size_t i = 0; i < z.size(); i += 2)
    for (const double a : {1., -1.})
      network.push_back({a, z[i], z[i + 1], 1. / static_cast<double>(z.size())});
  return network;
}
