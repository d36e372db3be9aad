#include <fieldbook/networks/random_layer.hpp>

#include <fieldbook/random/stream.hpp>

namespace fieldbook {

Eigen::MatrixXd RandomLayer::pre_activations(std::uint64_t seed, const std::string& name, std::uint64_t draw,
                                             const Eigen::MatrixXd& x, Eigen::Index width) const {
  // One neuron a column, so that more neurons follow behind
  Eigen::MatrixXd w{x.cols(), width};
  Stream{seed, name + ": weights"}.normals(draw, {w.data(), static_cast<std::size_t>(w.size())});
  Eigen::MatrixXd z = weight_scale * (x * w);
  if (bias_range == 0) return z;
  Eigen::RowVectorXd b{width};
  Stream{seed, name + ": biases"}.uniforms(draw, {b.data(), static_cast<std::size_t>(width)});
  z.rowwise() += (bias_range * (2 * b.array() - 1)).matrix();
  return z;
}

}  // namespace fieldbook
