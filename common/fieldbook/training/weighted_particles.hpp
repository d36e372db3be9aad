#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace fieldbook {

/// Neurons (a, w, b) that count with weights q: a sample of N neurons with q = 1/N, or the nodes of a quadrature of their law, which
/// makes sums over neurons the averages of infinite width.
struct Neurons {
  Eigen::VectorXd q, a, b;  ///< n entries each
  Eigen::MatrixXd w;        ///< n x D, one row a neuron

  /// N neurons, q = 1/N: a = +1 or -1 with probability 1/2, w and b of N(0, 1). They are draw number `draw` of three streams,
  /// "<name>: a", "<name>: w" (one input after the other) and "<name>: b".
  static Neurons sampled(Eigen::Index width, Eigen::Index inputs, std::uint64_t seed, const std::string& name,
                         std::uint64_t draw);

  /// The same law for one input by the trapezoid rule, which converges faster than any power of the spacing h: nodes (j h, k h) with
  /// |j|, |k| <= round(box/h), each with a = +1 and a = -1, and q = h^2 exp(-(w^2 + b^2)/2)/(4 pi). What lies outside the box is lost:
  /// about exp(-box^2/2). std::invalid_argument unless 0 < spacing <= box.
  static Neurons on_a_grid(double spacing, double box);

  /// The neurons first ... first + count - 1, with weights that are rescaled so that their sum is that of all.
  Neurons part(Eigen::Index first, Eigen::Index count) const;
};

/// A network with one hidden layer in mean-field form, f(x) = (1/gamma0) sum_i q_i a_i sigma(w_i.x + b_i), trained on
/// L = 1/(2P) sum_p (y_p - F(x_p))^2 with F = f - f_0, f_0 its output at the start. One step of gradient descent of size
/// eta = gamma0^2 N dt for q = 1/N,
/// a += gamma0 dt/P sum_p D_p sigma, w += gamma0 dt/P a sum_p D_p sigma' x_p, b += gamma0 dt/P a sum_p D_p sigma', with D = y - F.
///
/// No step allocates. Not safe to share between threads: every thread makes its own.
class WeightedParticles {
 public:
  /// x: D x P, y: P. std::invalid_argument if the numbers of points differ or there is none, or unless gamma0 > 0.
  WeightedParticles(Activation activation, double gamma0, const Eigen::MatrixXd& x, const Eigen::VectorXd& y);

  /// Starts from these neurons. std::invalid_argument if their shapes disagree.
  void start(const Neurons& neurons);

  /// One step.
  void step(double dt) { drive(residual(), dt); }

  /// One step in which the neurons see this residual D instead of their own: P.
  void drive(const Eigen::VectorXd& residual, double dt);

  /// F at the points, P.
  const Eigen::VectorXd& outputs() const { return outputs_; }
  /// y - F, P.
  const Eigen::VectorXd& residual() const { return residual_; }
  double loss() const { return residual_.squaredNorm() / (2 * static_cast<double>(residual_.size())); }

  /// sum_i q_i sigma_i(x) sigma_i(x'), P x P.
  Eigen::MatrixXd feature_kernel() const;

  /// sigma(w_i.x_p + b_i), n x P.
  const Eigen::MatrixXd& features() const { return features_; }
  const Neurons& neurons() const { return neurons_; }

 private:
  void evaluate();

  Activation activation_;
  double gamma0_;
  Eigen::MatrixXd x_;
  Eigen::VectorXd y_;
  Neurons neurons_;
  Eigen::MatrixXd features_, slopes_;  ///< n x P
  Eigen::VectorXd offset_, outputs_, residual_, amplitudes_, push_;
};

/// What a training of particles leaves.
struct ParticlePath {
  Eigen::MatrixXd outputs;  ///< F after step k in column k = 0 ... steps: P x (steps + 1)
  Eigen::VectorXd losses;   ///< after step k: steps + 1
  Eigen::MatrixXd features_before, features_after;  ///< the feature kernel, P x P

  /// |Phi_after - Phi_before| / |Phi_before|, Frobenius norms.
  double feature_change() const { return (features_after - features_before).norm() / features_before.norm(); }
};

/// Starts from the neurons and makes `steps` steps of size dt.
ParticlePath train(WeightedParticles& particles, const Neurons& neurons, double dt, int steps);

}  // namespace fieldbook
