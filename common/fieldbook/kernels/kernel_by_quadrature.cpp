#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/kernel_by_quadrature.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>

#include <stdexcept>

namespace fieldbook {

TangentKernel kernel_by_quadrature(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs) {
  if (depth < 1) throw std::invalid_argument{"kernel_by_quadrature: the depth must be at least 1"};
  const auto slope = [&](double z) { return activation_slope(law.activation, z); };
  TangentKernel kernel{input_kernel(law, inputs), input_kernel(law, inputs)};
  for (int layer = 0; layer < depth; ++layer) {
    const Eigen::MatrixXd before = kernel.nngp;
    for (Eigen::Index i = 0; i < before.rows(); ++i)
      for (Eigen::Index j = 0; j <= i; ++j) {
        const double a = before(i, i), b = before(j, j), c = before(i, j);
        const double k =
            law.weight_variance * dual_activation_by_quadrature(law.activation, a, b, c) + law.bias_variance;
        kernel.nngp(i, j) = kernel.nngp(j, i) = k;
        kernel.ntk(i, j) = kernel.ntk(j, i) =
            k + law.weight_variance * gaussian_average(slope, slope, a, b, c) * kernel.ntk(i, j);
      }
  }
  return kernel;
}

}  // namespace fieldbook
