#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// Fully connected networks with explicit weight matrices: z^1 = W^1 x + b^1, W^1_ij ~ N(0, weight_variance / d);
/// z^{l+1} = W^{l+1} sigma(z^l) + b^{l+1}, W_ij ~ N(0, weight_variance / N); biases ~ N(0, bias_variance).
///
/// Network number n is a function of (seed, name, n). Not safe to share between threads: every thread makes its own.
class FullyConnected {
 public:
  FullyConnected(Activation activation, int inputs, int width, int depth, double weight_variance,
                 double bias_variance, std::uint64_t seed, const std::string& name);

  /// sigma(z^depth), the features of the last hidden layer of network `draw` at the points x (one a column): N x points.
  const Eigen::MatrixXf& features(std::uint64_t draw, const Eigen::MatrixXf& x);

 private:
  struct Layer {
    Stream weights;
    Stream biases;
    Eigen::MatrixXf weight_values;
    Eigen::VectorXf bias_values;
    float weight_scale;
  };

  Activation activation_;
  float bias_scale_;
  std::vector<Layer> layers_;
  Eigen::MatrixXf values_;
};

}  // namespace fieldbook
