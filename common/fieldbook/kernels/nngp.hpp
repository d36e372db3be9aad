#pragma once

#include <fieldbook/activation.hpp>

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// The law of a fully connected network at initialisation:
/// z^1 = W^1 x + b^1 with W^1_ij ~ N(0, weight_variance / d), and z^{l+1} = W^{l+1} sigma(z^l) + b^{l+1} with
/// W_ij ~ N(0, weight_variance / N); all biases ~ N(0, bias_variance). The output is one component of z^{L+1}, L being
/// the number of hidden layers (its bias is included).
struct DeepLaw {
  Activation activation = Activation::erf;
  double weight_variance = 1;
  double bias_variance = 0;
};

/// K^1 of the first pre-activations: bias_variance + weight_variance x.y / d. One input a row.
Eigen::MatrixXd input_kernel(const DeepLaw& law, const Eigen::MatrixXd& inputs);

/// K^{l+1} from K^l: bias_variance + weight_variance < sigma(u) sigma(v) >, entry by entry.
Eigen::MatrixXd next_kernel(const DeepLaw& law, const Eigen::MatrixXd& kernel);

/// The kernel of the output after `depth` hidden layers, K^{depth+1}: the covariance of the Gaussian process that the
/// network becomes at infinite width (Neal 1996; Lee et al. 2018). depth >= 1.
Eigen::MatrixXd nngp_kernel(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs);

/// The diagonal of one input at infinite width and its leading corrections at width N.
struct WidthExpansion {
  double kernel;  ///< K: < G > = kernel + mean_shift / N + O(1/N^2), G the conditional variance of the output
  double mean_shift;
  double variance;  ///< N Var(G) to leading order
};

/// Expansion in 1/N of the output's conditional variance G^{depth+1} = bias_variance + (weight_variance / N) sum sigma^2
/// for one input of first-layer kernel `first`, with all hidden layers of width N (Roberts, Yaida and Hanin, "The
/// principles of deep learning theory", ch. 4; derivatives of the recursion by Gaussian integration by parts).
WidthExpansion width_expansion(const DeepLaw& law, int depth, double first);

}  // namespace fieldbook
