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

// The neurons feel each other only through the residuals, a few hundred numbers. Where these are known, every neuron moves alone,
// and the distribution can be cut into cells that are refined one by one, until their contribution to $f$ at all times is known.
// Residuals that are good to $10^{-5}$, from a coarse grid, are good enough to tell where the flow is sharp. The neurons $(a,w,b)$
// and $(-a,-w,-b)$ are one and the same at all times, so $a=1$ will do.
//
// A cell is integrated by Gauss and Legendre, with 2, 4, ... nodes a side; if 14 are not enough it is cut into four. Cells in the
// tail need 2, and the cells along the separatrix get small. At $\gamma_0=2$ and $t=12$ it takes some 14000 neurons for an error
// of a few $10^{-11}$.

/// Trains one neuron under given residuals, P x steps, and adds its contribution to f at all times, P x (steps + 1).
inline void add_alone(const Flow& flow, const Eigen::MatrixXd& residuals, Neuron neuron, Eigen::MatrixXd& f) {
  const double rate = flow.gamma0 * flow.dt / static_cast<double>(flow.x.size());
  for (int t = 0; t <= flow.steps; ++t) {
    const Neuron now = neuron;
    for (Eigen::Index p = 0; p < flow.x.size(); ++p) {
      const double z = now.w * flow.x[p] + now.b, value = std::erf(z);
      f(p, t) += now.probability * now.a * value / flow.gamma0;
      if (t == flow.steps) continue;
      const double slope = 2 / std::sqrt(std::numbers::pi) * std::exp(-z * z), push = rate * residuals(p, t);
      neuron.a += push * value;
      neuron.w += push * now.a * slope * flow.x[p];
      neuron.b += push * now.a * slope;
    }
  }
}

/// The residuals at all times by a uniform grid: step by step, since the next residual needs all neurons.
inline Eigen::MatrixXd coarse_residuals(const Flow& flow) {
  constexpr int side = 44;
  constexpr double h = 0.15;
  std::vector<Neuron> neurons;
  double sum = 0;
  for (int i = -side; i <= side; ++i)
    for (int j = -side; j <= side; ++j) {
      neurons.push_back({1, i * h, j * h, std::exp(-(i * i + j * j) * h * h / 2)});
      sum += neurons.back().probability;
    }
  const double rate = flow.gamma0 * flow.dt / static_cast<double>(flow.x.size());
  Eigen::MatrixXd residuals(flow.x.size(), flow.steps);
  for (int t = 0; t < flow.steps; ++t) {
    residuals.col(t) = flow.y;
    for (const Neuron& n : neurons)
      for (Eigen::Index p = 0; p < flow.x.size(); ++p)
        residuals(p, t) -= n.probability / sum * n.a * std::erf(n.w * flow.x[p] + n.b) / flow.gamma0;
    for (Neuron& n : neurons) {
      const Neuron now = n;
      for (Eigen::Index p = 0; p < flow.x.size(); ++p) {
        const double z = now.w * flow.x[p] + now.b, push = rate * residuals(p, t);
        const double pull = push * now.a * 2 / std::sqrt(std::numbers::pi) * std::exp(-z * z);
        n.a += push * std::erf(z);
        n.w += pull * flow.x[p];
        n.b += pull;
      }
    }
  }
  return residuals;
}

/// Nodes and weights of Gauss and Legendre on [-1, 1], from the eigenvectors of their recursion (Golub and Welsch 1969).
inline Eigen::MatrixXd legendre(int nodes) {
  Eigen::MatrixXd recursion = Eigen::MatrixXd::Zero(nodes, nodes);
  for (int k = 1; k < nodes; ++k) recursion(k, k - 1) = recursion(k - 1, k) = k / std::sqrt(4. * k * k - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{recursion};
  Eigen::MatrixXd rule(nodes, 2);
  rule << solver.eigenvalues(), 2 * solver.eigenvectors().row(0).transpose().array().square();
  return rule;
}

/// The nodes of the square around (w, b), `nodes` a side.
inline std::vector<Neuron> cell(double w, double b, double size, int nodes) {
  const Eigen::MatrixXd rule = legendre(nodes);
  std::vector<Neuron> neurons;
  for (int i = 0; i < nodes; ++i)
    for (int j = 0; j < nodes; ++j) {
      const double wi = w + size / 2 * rule(i, 0), bj = b + size / 2 * rule(j, 0);
      const double density = std::exp(-(wi * wi + bj * bj) / 2) / (2 * std::numbers::pi);
      neurons.push_back({1, wi, bj, size * size / 4 * rule(i, 1) * rule(j, 1) * density});
    }
  return neurons;
}

/// Adds the nodes of a square to the network, cut as finely as its contribution to f asks for.
inline void add_square(const Flow& flow, const Eigen::MatrixXd& residuals, double w, double b, double size,
                       std::vector<Neuron>& network) {
  constexpr double tolerance = 5e-12;
  std::vector<Neuron> before;
  Eigen::MatrixXd f_before = Eigen::MatrixXd::Zero(flow.x.size(), flow.steps + 1);
  for (int nodes = 2; nodes <= 16; nodes += 2) {
    const std::vector<Neuron> neurons = cell(w, b, size, nodes);
    Eigen::MatrixXd f = Eigen::MatrixXd::Zero(flow.x.size(), flow.steps + 1);
    for (const Neuron& neuron : neurons) add_alone(flow, residuals, neuron, f);
    if (nodes > 2 && (f - f_before).cwiseAbs().maxCoeff() < tolerance) {
      network.insert(network.end(), before.begin(), before.end());
      return;
    }
    before = neurons;
    f_before = f;
  }
  for (const double i : {-size / 4, size / 4})
    for (const double j : {-size / 4, size / 4}) add_square(flow, residuals, w + i, b + j, size / 2, network);
}

/// At most 25000 neurons that stand for infinitely many.
inline std::vector<Neuron> few_neurons(const Flow& flow) {
  const Eigen::MatrixXd residuals = coarse_residuals(flow);
  std::vector<Neuron> network;
  for (int i = -8; i < 8; ++i)
    for (int j = -8; j < 8; ++j) add_square(flow, residuals, i + 0.5, j + 0.5, 1, network);
  return network;
}
