#include <fieldbook/training/tangent.hpp>

namespace fieldbook {

namespace {

using Eigen::Index;

/// A forward pass and the derivatives of every output: delta^{L+1} = 1.
template <class Real>
Pass<Real> differentiated(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x) {
  Pass<Real> pass;
  network.forward(x, pass);
  network.backward(Eigen::Matrix<Real, -1, 1>::Ones(x.cols()), pass);
  return pass;
}

/// delta^l of a pass, also for the output, where it is a row.
template <class Real>
Eigen::Map<const Eigen::Matrix<Real, -1, -1>> delta(const Pass<Real>& pass, std::size_t layer) {
  if (layer > pass.deltas.size()) return {pass.output_deltas.data(), 1, pass.output_deltas.size()};
  const auto& values = pass.deltas[layer - 1];
  return {values.data(), values.rows(), values.cols()};
}

template <class Real>
Eigen::Matrix<Real, -1, -1> kernel_of(const Mlp<Real>& network, const Pass<Real>& left,
                                      const Pass<Real>& right) {
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  Matrix kernel = Matrix::Zero(left.inputs.cols(), right.inputs.cols());
  for (int l = 1; l <= network.shape().hidden_layers + 1; ++l) {
    const auto m = static_cast<Real>(network.scales(l).weight_multiplier),
               c = static_cast<Real>(network.scales(l).bias_multiplier);
    const Matrix values = left.entering(l).transpose() * right.entering(l);
    const Matrix derivatives = delta(left, l).transpose() * delta(right, l);
    kernel.array() += (m * m * values.array() + c * c) * derivatives.array();
  }
  return kernel;
}

}  // namespace

template <class Real>
Eigen::Matrix<Real, -1, -1> tangent_kernel(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x,
                                           const Eigen::Matrix<Real, -1, -1>& other) {
  return kernel_of(network, differentiated(network, x), differentiated(network, other));
}

template <class Real>
Eigen::Matrix<Real, -1, -1> tangent_kernel(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x) {
  const Pass<Real> pass = differentiated(network, x);
  return kernel_of(network, pass, pass);
}

template <class Real>
Eigen::Matrix<Real, -1, -1> jacobian(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x) {
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  using Row = Eigen::Matrix<Real, 1, -1>;
  const Pass<Real> pass = differentiated(network, x);
  Matrix result(x.cols(), network.number_of_parameters());
  for (Index p = 0; p < x.cols(); ++p)
    for (Index l = 1, first = 0; l <= network.shape().hidden_layers + 1; ++l) {
      const LayerScales& scales = network.scales(static_cast<int>(l));
      const Matrix weights = static_cast<Real>(scales.weight_multiplier) * delta(pass, l).col(p) *
                             pass.entering(static_cast<int>(l)).col(p).transpose();
      result.row(p).segment(first, weights.size()) = Eigen::Map<const Row>(weights.data(), weights.size());
      first += weights.size();
      const Index biases = network.biases(static_cast<int>(l)).size();
      result.row(p).segment(first, biases) =
          static_cast<Real>(scales.bias_multiplier) * delta(pass, l).col(p).head(biases).transpose();
      first += biases;
    }
  return result;
}

template Eigen::MatrixXf tangent_kernel(const Mlp<float>&, const Eigen::MatrixXf&, const Eigen::MatrixXf&);
template Eigen::MatrixXd tangent_kernel(const Mlp<double>&, const Eigen::MatrixXd&, const Eigen::MatrixXd&);
template Eigen::MatrixXf tangent_kernel(const Mlp<float>&, const Eigen::MatrixXf&);
template Eigen::MatrixXd tangent_kernel(const Mlp<double>&, const Eigen::MatrixXd&);
template Eigen::MatrixXf jacobian(const Mlp<float>&, const Eigen::MatrixXf&);
template Eigen::MatrixXd jacobian(const Mlp<double>&, const Eigen::MatrixXd&);

}  // namespace fieldbook
