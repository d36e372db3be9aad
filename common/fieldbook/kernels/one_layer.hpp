#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/kernels/dual_activation.hpp>

#include <Eigen/Core>

#include <span>

namespace fieldbook {

/// The law of networks phi(x) = N^{-1/2} sum_i a_i sigma(w_i x + b_i) on the line, with w_i ~ N(0, weight_variance),
/// b_i ~ N(0, bias_variance), a_i ~ N(0, 1), all independent; there is no output bias.
struct OneLayerLaw {
  Activation activation = Activation::erf;
  double weight_variance = 1;
  double bias_variance = 1;
};

/// A function that computes dual activations: `dual_activation` or `dual_activation_by_quadrature`.
using DualActivation = double (*)(Activation, double, double, double);

/// K(x, y) = < sigma(w x + b) sigma(w y + b) >, exact at every width.
double one_layer_kernel(const OneLayerLaw& law, double x, double y, DualActivation dual = dual_activation);

/// The matrix K(x_i, y_j).
Eigen::MatrixXd one_layer_kernel(const OneLayerLaw& law, std::span<const double> x, std::span<const double> y,
                                 DualActivation dual = dual_activation);

}  // namespace fieldbook
