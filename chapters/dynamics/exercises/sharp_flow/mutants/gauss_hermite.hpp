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
  constexpr int nodes = 158;
  Eigen::MatrixXd recursion = Eigen::MatrixXd::Zero(nodes, nodes);
  for (int k = 1; k < nodes; ++k) recursion(k, k - 1) = recursion(k - 1, k) = std::sqrt(k);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{recursion};
  const Eigen::VectorXd z = solver.eigenvalues(), root = solver.eigenvectors().row(0);
  std::vector<Neuron> network;
  for (int i = 0; i < nodes; ++i)
    for (int j = 0; j < nodes; ++j) network.push_back({1, z[i], z[j], root[i] * root[i] * root[j] * root[j]});
  return network;
}
