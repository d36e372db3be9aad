#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/parameterisation.hpp>
#include <fieldbook/training/product.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// What a network computes at P points: one column a point, one row a neuron. Layer l stands at [l - 1].
template <class Real>
struct Pass {
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  using Vector = Eigen::Matrix<Real, -1, 1>;

  Matrix inputs;                 ///< x, D x P
  std::vector<Matrix> features;  ///< sigma(z^l), N x P, of the hidden layers
  std::vector<Matrix> slopes;    ///< sigma'(z^l), N x P
  std::vector<Matrix> deltas;    ///< sum over outputs of delta^{L+1} df/dz^l, N x P, after a backward pass
  Vector outputs;                ///< f, P
  Vector output_deltas;          ///< delta^{L+1}, P, after a backward pass

  /// The values that enter layer l = 1 ... L + 1.
  const Matrix& entering(int layer) const { return layer == 1 ? inputs : features[layer - 2]; }

  // Kept so that no pass but the first allocates
  MatrixProduct<Real> product;
  Vector ones;
};

/// A fully connected network with one output whose parameters can be trained, in any parameterisation:
/// z^l = m_l W^l a^{l-1} + c_l b^l with a^0 = x, a^l = sigma(z^l) and f = z^{L+1}; see LayerScales.
///
/// The parameters of network n are a function of (seed, name, n): the weights of layer l are draw n of the stream
/// "<name>: layer <l> weights", column by column, times their deviation; its biases those of "<name>: layer <l> biases".
/// A copy is an independent network. Not safe to share between threads while it changes: every thread makes its own.
template <class Real>
class Mlp {
 public:
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  using Vector = Eigen::Matrix<Real, -1, 1>;

  /// Network number 0. std::invalid_argument if there are not L + 1 layers of scales.
  Mlp(Activation activation, Parameterisation parameterisation, std::uint64_t seed, const std::string& name);

  /// Becomes network number `network` as it was before any training.
  void draw(std::uint64_t network);

  /// The activations of all layers and f at the points x, D x P. std::invalid_argument for other rows.
  void forward(const Matrix& x, Pass<Real>& pass) const;

  /// Pulls weights of the outputs back: delta^{L+1} = output_deltas, one for each point of the forward pass, and
  /// delta^l = (m_{l+1} W^{l+1,T} delta^{l+1}) sigma'(z^l). std::invalid_argument for another number of points.
  void backward(const Vector& output_deltas, Pass<Real>& pass) const;

  /// Adds sum_p delta^{L+1}_p df(x_p)/dtheta to the parameters theta: to W^l its part m_l delta^l a^{l-1,T}, to b^l its
  /// part c_l delta^l summed over points. The passes must have seen the present parameters.
  void move(Pass<Real>& pass);

  /// z^l of the hidden layer l = 1 ... L at the points of a forward pass that saw the present parameters: N x P.
  Matrix preactivations(int layer, const Pass<Real>& pass) const;

  /// All parameters in one vector, layer by layer: W column by column, then b where the layer has biases.
  Vector parameters() const;
  /// std::invalid_argument for another number of parameters.
  void set_parameters(const Vector& values);
  Eigen::Index number_of_parameters() const;

  /// W^l, fan-out x fan-in, and b^l, of no entries if the layer has no biases; l = 1 ... L + 1.
  const Matrix& weights(int layer) const { return layers_.at(layer - 1).weights; }
  const Vector& biases(int layer) const { return layers_.at(layer - 1).biases; }
  const LayerScales& scales(int layer) const { return parameterisation_.layers.at(layer - 1); }
  const NetworkShape& shape() const { return parameterisation_.shape; }

 private:
  struct Layer {
    Stream weight_stream, bias_stream;
    Matrix weights;
    Vector biases;
  };

  void first_layer(const Matrix& x, Pass<Real>& pass) const;
  void hidden_layer(int layer, Pass<Real>& pass) const;

  Activation activation_;
  Parameterisation parameterisation_;
  std::vector<Layer> layers_;
};

extern template class Mlp<float>;
extern template class Mlp<double>;

}  // namespace fieldbook
