#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/nngp.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>

#include <stdexcept>

namespace fieldbook {

Eigen::MatrixXd input_kernel(const DeepLaw& law, const Eigen::MatrixXd& inputs) {
  const auto dimension = static_cast<double>(inputs.cols());
  return (law.weight_variance / dimension * inputs * inputs.transpose()).array() + law.bias_variance;
}

Eigen::MatrixXd next_kernel(const DeepLaw& law, const Eigen::MatrixXd& kernel) {
  Eigen::MatrixXd next(kernel.rows(), kernel.cols());
  for (Eigen::Index i = 0; i < kernel.rows(); ++i)
    for (Eigen::Index j = 0; j <= i; ++j)
      next(i, j) = next(j, i) =
          law.bias_variance +
          law.weight_variance * dual_activation(law.activation, kernel(i, i), kernel(j, j), kernel(i, j));
  return next;
}

Eigen::MatrixXd nngp_kernel(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs) {
  if (depth < 1) throw std::invalid_argument{"nngp_kernel: the depth must be at least 1"};
  Eigen::MatrixXd kernel = input_kernel(law, inputs);
  for (int layer = 1; layer <= depth; ++layer) kernel = next_kernel(law, kernel);
  return kernel;
}

WidthExpansion width_expansion(const DeepLaw& law, int depth, double first) {
  if (depth < 1) throw std::invalid_argument{"width_expansion: the depth must be at least 1"};
  const auto average = [&](auto weight, double variance) {
    return gaussian_average(
        [&](double z) {
          const double sigma = activation_value(law.activation, z);
          return weight(z) * sigma * sigma;
        },
        variance);
  };
  WidthExpansion layer{first, 0, 0};
  for (int l = 1; l <= depth; ++l) {
    const double k = layer.kernel;
    // F(K) = bias_variance + weight_variance < sigma^2 >_K and its derivatives, as averages with Hermite weights
    const double second = average([](double) { return 1.; }, k);
    const double slope =
        law.weight_variance * average([k](double z) { return (z * z - k) / (2 * k * k); }, k);
    const double curvature =
        law.weight_variance *
        average([k](double z) { return (z * z * z * z - 6 * k * z * z + 3 * k * k) / (4 * k * k * k * k); },
                k);
    const double fourth = activation_moment(law.activation, 4, k);
    layer = {law.bias_variance + law.weight_variance * second,
             slope * layer.mean_shift + curvature * layer.variance / 2,
             law.weight_variance * law.weight_variance * (fourth - second * second) +
                 slope * slope * layer.variance};
  }
  return layer;
}

}  // namespace fieldbook
