#include <fieldbook/kernels/one_layer.hpp>

namespace fieldbook {

double one_layer_kernel(const OneLayerLaw& law, double x, double y, DualActivation dual) {
  const double w = law.weight_variance, b = law.bias_variance;
  return dual(law.activation, w * x * x + b, w * y * y + b, w * x * y + b);
}

Eigen::MatrixXd one_layer_kernel(const OneLayerLaw& law, std::span<const double> x, std::span<const double> y,
                                 DualActivation dual) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(x.size()), static_cast<Eigen::Index>(y.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j)
      matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          one_layer_kernel(law, x[i], y[j], dual);
  return matrix;
}

}  // namespace fieldbook
