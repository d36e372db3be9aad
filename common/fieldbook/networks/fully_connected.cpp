#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/fully_connected.hpp>

#include <cmath>
#include <span>

namespace fieldbook {

namespace {

std::span<float> entries(auto& matrix) { return {matrix.data(), static_cast<std::size_t>(matrix.size())}; }

/// The product in plain loops of fixed order: the same bits with any instruction set.
Eigen::MatrixXf product(const Eigen::MatrixXf& weights, const Eigen::MatrixXf& values) {
  Eigen::MatrixXf result = Eigen::MatrixXf::Zero(weights.rows(), values.cols());
  for (Eigen::Index point = 0; point < values.cols(); ++point)
    for (Eigen::Index j = 0; j < weights.cols(); ++j) {
      const float* const column = weights.data() + j * weights.rows();
      float* const target = result.data() + point * result.rows();
      const float value = values(j, point);
      for (Eigen::Index i = 0; i < weights.rows(); ++i) target[i] += column[i] * value;
    }
  return result;
}

}  // namespace

FullyConnected::FullyConnected(Activation activation, int inputs, int width, int depth,
                               double weight_variance, double bias_variance, std::uint64_t seed,
                               const std::string& name)
    : activation_{activation}, bias_scale_{static_cast<float>(std::sqrt(bias_variance))} {
  for (int layer = 1; layer <= depth; ++layer) {
    const int fan_in = layer == 1 ? inputs : width;
    const std::string label = name + ": layer " + std::to_string(layer);
    layers_.push_back({Stream{seed, label + " weights"}, Stream{seed, label + " biases"},
                       Eigen::MatrixXf(width, fan_in), Eigen::VectorXf(width),
                       static_cast<float>(std::sqrt(weight_variance / fan_in))});
  }
}

const Eigen::MatrixXf& FullyConnected::features(std::uint64_t draw, const Eigen::MatrixXf& x) {
  values_ = x;
  for (Layer& layer : layers_) {
    layer.weights.normals(draw, entries(layer.weight_values));
    layer.biases.normals(draw, entries(layer.bias_values));
    values_ = layer.weight_scale * product(layer.weight_values, values_);
    values_.colwise() += bias_scale_ * layer.bias_values;
    activate(activation_, entries(values_));
  }
  return values_;
}

}  // namespace fieldbook
