#pragma once

#include <fieldbook/kernels/neuron_moments.hpp>

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// A symmetric tensor with four indices 0 ... n - 1, stored in full.
class QuarticTensor {
 public:
  explicit QuarticTensor(int n) : n_{n}, entries_(static_cast<std::size_t>(n * n * n * n)) {}

  int size() const { return n_; }
  double& operator()(int a, int b, int c, int d) { return entries_[index(a, b, c, d)]; }
  double operator()(int a, int b, int c, int d) const { return entries_[index(a, b, c, d)]; }

 private:
  std::size_t index(int a, int b, int c, int d) const {
    return static_cast<std::size_t>(((a * n_ + b) * n_ + c) * n_ + d);
  }

  int n_;
  std::vector<double> entries_;
};

/// N times the connected four-point function of networks with independent neurons, at points 0 ... n - 1.
QuarticTensor connected_tensor(const NeuronMoment& neuron, int points, const WeightMoments& weights);

/// T_abcd M_aA M_bB M_cC M_dD.
QuarticTensor transformed(const QuarticTensor& tensor, const Eigen::MatrixXd& matrix);

/// The quartic couplings g of the action S = phi G^-1 phi/2 + g_abcd phi_a phi_b phi_c phi_d / 24 + (quadratic terms of the same
/// order) whose density has the propagator G and the connected four-point function kappa, to first order in kappa: minus kappa with
/// every leg amputated by G^-1 (Edgeworth; Demirtas, Halverson, Maiti, Schwartz and Stoner, arXiv:2307.03223). kappa may be in units of
/// 1/N; so is g then.
QuarticTensor quartic_couplings(const QuarticTensor& kappa, const Eigen::MatrixXd& propagator);

}  // namespace fieldbook
