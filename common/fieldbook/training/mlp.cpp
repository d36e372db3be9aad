#include <fieldbook/networks/activate.hpp>
#include <fieldbook/training/mlp.hpp>

#include <algorithm>
#include <span>
#include <stdexcept>

namespace fieldbook {

namespace {

using Eigen::Index;

/// Neurons that go through a layer together, so that they are still in the first cache when they are activated.
constexpr Index neurons_at_a_time = 512;

template <class Real>
std::span<Real> entries(Real* first, Index count) {
  return {first, static_cast<std::size_t>(count)};
}

/// Inputs so few that a product by columns is faster than one by tiles.
constexpr Index few_inputs = 4;

/// The only row of the last weights as a vector.
template <class Real>
Eigen::Map<const Eigen::Matrix<Real, -1, 1>> readout(const Eigen::Matrix<Real, -1, -1>& weights) {
  return {weights.data(), weights.size()};
}

}  // namespace

template <class Real>
Mlp<Real>::Mlp(Activation activation, Parameterisation parameterisation, std::uint64_t seed,
               const std::string& name)
    : activation_{activation}, parameterisation_{std::move(parameterisation)} {
  const NetworkShape& s = shape();
  if (static_cast<int>(parameterisation_.layers.size()) != s.hidden_layers + 1)
    throw std::invalid_argument{"Mlp: there must be scales for every hidden layer and for the output"};
  for (int l = 1; l <= s.hidden_layers + 1; ++l) {
    const std::string label = name + ": layer " + std::to_string(l);
    layers_.push_back({Stream{seed, label + " weights"}, Stream{seed, label + " biases"},
                       Matrix(s.fan_out(l), s.fan_in(l)),
                       Vector(scales(l).bias_multiplier != 0 ? s.fan_out(l) : 0)});
  }
  draw(0);
}

template <class Real>
void Mlp<Real>::draw(std::uint64_t network) {
  for (int l = 1; l <= shape().hidden_layers + 1; ++l) {
    Layer& layer = layers_[l - 1];
    layer.weight_stream.normals(network, entries(layer.weights.data(), layer.weights.size()));
    layer.weights *= static_cast<Real>(scales(l).weight_deviation);
    layer.bias_stream.normals(network, entries(layer.biases.data(), layer.biases.size()));
  }
}

template <class Real>
void Mlp<Real>::forward(const Matrix& x, Pass<Real>& pass) const {
  if (x.rows() != shape().inputs)
    throw std::invalid_argument{"Mlp::forward: every point must have as many entries as the network inputs"};
  const int depth = shape().hidden_layers;
  pass.inputs = x;
  pass.ones.setOnes(x.cols());
  for (auto* matrices : {&pass.features, &pass.slopes, &pass.deltas}) {
    matrices->resize(depth);
    for (Matrix& matrix : *matrices) matrix.resize(shape().width, x.cols());
  }
  first_layer(x, pass);
  for (int l = 2; l <= depth; ++l) hidden_layer(l, pass);

  const Layer& last = layers_.back();
  const LayerScales& scale = parameterisation_.layers.back();
  pass.outputs.resize(x.cols());
  pass.outputs.noalias() = pass.features.back().transpose() * readout(last.weights);
  pass.outputs *= static_cast<Real>(scale.weight_multiplier);
  if (last.biases.size() > 0)
    pass.outputs.array() += static_cast<Real>(scale.bias_multiplier) * last.biases(0);
}

template <class Real>
void Mlp<Real>::first_layer(const Matrix& x, Pass<Real>& pass) const {
  const Layer& layer = layers_.front();
  const auto multiplier = static_cast<Real>(scales(1).weight_multiplier),
             bias = static_cast<Real>(scales(1).bias_multiplier);
  for (Index first = 0; first < shape().width; first += neurons_at_a_time) {
    const Index count = std::min<Index>(neurons_at_a_time, shape().width - first);
    for (Index p = 0; p < x.cols(); ++p) {
      auto z = pass.features[0].col(p).segment(first, count);
      if (layer.biases.size() > 0)
        z = bias * layer.biases.segment(first, count) +
            multiplier * x(0, p) * layer.weights.col(0).segment(first, count);
      else
        z = multiplier * x(0, p) * layer.weights.col(0).segment(first, count);
      for (Index d = 1; d < x.rows(); ++d)
        z += multiplier * x(d, p) * layer.weights.col(d).segment(first, count);
      activate_with_slope(activation_, entries(z.data(), count),
                          entries(pass.slopes[0].col(p).data() + first, count));
    }
  }
}

template <class Real>
void Mlp<Real>::hidden_layer(int l, Pass<Real>& pass) const {
  const Layer& layer = layers_[l - 1];
  Matrix& z = pass.features[l - 1];
  if (layer.biases.size() == 0) z.setZero();
  for (Index p = 0; layer.biases.size() > 0 && p < z.cols(); ++p)
    z.col(p) = static_cast<Real>(scales(l).bias_multiplier) * layer.biases;
  pass.product.add(entries_of(z), static_cast<Real>(scales(l).weight_multiplier), entries_of(layer.weights),
                   entries_of(pass.entering(l)));
  activate_with_slope(activation_, entries(z.data(), z.size()), entries(pass.slopes[l - 1].data(), z.size()));
}

template <class Real>
void Mlp<Real>::backward(const Vector& output_deltas, Pass<Real>& pass) const {
  if (output_deltas.size() != pass.outputs.size())
    throw std::invalid_argument{"Mlp::backward: there must be one number for each point of the forward pass"};
  pass.output_deltas = output_deltas;
  const auto last = readout(layers_.back().weights);
  const auto multiplier = static_cast<Real>(parameterisation_.layers.back().weight_multiplier);
  for (Index p = 0; p < output_deltas.size(); ++p)
    pass.deltas.back().col(p) =
        (multiplier * output_deltas(p)) * last.cwiseProduct(pass.slopes.back().col(p));

  for (int l = shape().hidden_layers - 1; l >= 1; --l) {
    // The transpose of delta = W^T delta', so that the weights are read in the order of memory
    Matrix& delta = pass.deltas[l - 1];
    const Matrix& next = pass.deltas[l];
    delta.setZero();
    pass.product.add(entries_of(delta).transposed(), static_cast<Real>(scales(l + 1).weight_multiplier),
                     entries_of(next).transposed(), entries_of(layers_[l].weights));
    delta.array() *= pass.slopes[l - 1].array();
  }
}

template <class Real>
void Mlp<Real>::move(Pass<Real>& pass) {
  const int depth = shape().hidden_layers;
  for (int l = 1; l <= depth; ++l) {
    Layer& layer = layers_[l - 1];
    const Matrix &delta = pass.deltas[l - 1], &values = pass.entering(l);
    const auto multiplier = static_cast<Real>(scales(l).weight_multiplier),
               bias = static_cast<Real>(scales(l).bias_multiplier);
    if (values.rows() <= few_inputs)
      for (Index d = 0; d < values.rows(); ++d)
        layer.weights.col(d).noalias() += multiplier * delta * values.row(d).transpose();
    else
      pass.product.add(entries_of(layer.weights), multiplier, entries_of(delta),
                       entries_of(values).transposed());
    if (layer.biases.size() > 0) layer.biases.noalias() += bias * delta * pass.ones;
  }
  Layer& last = layers_.back();
  const LayerScales& scale = parameterisation_.layers.back();
  Eigen::Map<Vector>(last.weights.data(), last.weights.size()).noalias() +=
      static_cast<Real>(scale.weight_multiplier) * pass.features.back() * pass.output_deltas;
  if (last.biases.size() > 0)
    last.biases(0) += static_cast<Real>(scale.bias_multiplier) * pass.output_deltas.sum();
}

template <class Real>
typename Mlp<Real>::Matrix Mlp<Real>::preactivations(int l, const Pass<Real>& pass) const {
  if (l < 1 || l > shape().hidden_layers)
    throw std::invalid_argument{"Mlp::preactivations: there is no hidden layer of this number"};
  Matrix z = static_cast<Real>(scales(l).weight_multiplier) * weights(l) * pass.entering(l);
  if (biases(l).size() > 0) z.colwise() += static_cast<Real>(scales(l).bias_multiplier) * biases(l);
  return z;
}

template <class Real>
Eigen::Index Mlp<Real>::number_of_parameters() const {
  Index count = 0;
  for (const Layer& layer : layers_) count += layer.weights.size() + layer.biases.size();
  return count;
}

template <class Real>
typename Mlp<Real>::Vector Mlp<Real>::parameters() const {
  Vector values(number_of_parameters());
  Real* place = values.data();
  for (const Layer& layer : layers_) {
    place = std::copy_n(layer.weights.data(), layer.weights.size(), place);
    place = std::copy_n(layer.biases.data(), layer.biases.size(), place);
  }
  return values;
}

template <class Real>
void Mlp<Real>::set_parameters(const Vector& values) {
  if (values.size() != number_of_parameters())
    throw std::invalid_argument{"Mlp::set_parameters: the network has another number of parameters"};
  const Real* place = values.data();
  for (Layer& layer : layers_) {
    std::copy_n(place, layer.weights.size(), layer.weights.data());
    place += layer.weights.size();
    std::copy_n(place, layer.biases.size(), layer.biases.data());
    place += layer.biases.size();
  }
}

template class Mlp<float>;
template class Mlp<double>;

}  // namespace fieldbook
