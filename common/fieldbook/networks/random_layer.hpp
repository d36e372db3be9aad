#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <string>

namespace fieldbook {

/// The law of a hidden layer that is drawn and not trained: w_ij ~ N(0, weight_scale^2), b_i uniform on [-bias_range, bias_range],
/// all independent, without any normalisation by the number of inputs or neurons.
struct RandomLayer {
  double weight_scale = 1;
  double bias_range = 0;  ///< 0: no biases

  /// The pre-activations w_i . x + b_i of draw number `draw` at the points x (n x d), as an n x width matrix. The first neurons of a wider
  /// layer are those of a narrower one. A function of (seed, name, draw).
  Eigen::MatrixXd pre_activations(std::uint64_t seed, const std::string& name, std::uint64_t draw,
                                  const Eigen::MatrixXd& x, Eigen::Index width) const;
};

}  // namespace fieldbook
