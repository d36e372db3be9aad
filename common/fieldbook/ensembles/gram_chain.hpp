#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/random/draws_ahead.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// Deep networks with Gaussian weights, sampled through their Gram matrices instead of their weight matrices.
///
/// Given the Gram matrix G^l of p inputs, the N rows of the pre-activations z^l are independent N(0, G^l), so that
/// G^{l+1} = bias_variance + (weight_variance / N) sum_k sigma(z_k) sigma(z_k)^T, exact in law, costs N p^2 and no
/// N x N matrix. G^{L+1} is the covariance of the output given all hidden layers: averaging it over networks is the
/// exact average over the last layer. A singular Gram matrix (all inputs dead, coincident points) is welcome.
///
/// Chain number n is a function of (seed, name, n). Not safe to share between threads: every thread makes its own.
class GramChain {
 public:
  /// At most this many inputs.
  static constexpr int max_inputs = 16;
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, max_inputs, max_inputs>;

  /// `first` is the Gram matrix G^1 of the first pre-activations, which is not random (see input_kernel): square, with 1 ... max_inputs
  /// rows. std::invalid_argument otherwise, and for a width, depth or variance that makes no sense.
  GramChain(Activation activation, int width, double weight_variance, double bias_variance, int depth,
            const Eigen::MatrixXd& first, std::uint64_t seed, const std::string& name);

  /// G^2, ..., G^{depth+1} of chain `draw`.
  const std::vector<Matrix>& sample(std::uint64_t draw);

 private:
  Matrix next(const Matrix& gram, std::span<const float> normals);

  Activation activation_;
  std::size_t width_, padded_;
  double weight_variance_;
  double bias_variance_;
  Matrix first_;
  std::vector<DrawsAhead> normals_;
  std::vector<Matrix> grams_;
  std::vector<float> g_, z_;
};

}  // namespace fieldbook
