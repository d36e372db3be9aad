#pragma once

#include <fieldbook/kernels/tangent_kernel.hpp>

namespace fieldbook {

/// What tangent_kernel gives, with every Gaussian average by quadrature in polar coordinates: for any activation but step, a
/// millisecond an entry and layer, and independent of the closed forms and the vector code. Coincident points may lose half of
/// the digits. std::invalid_argument for a depth below 1.
TangentKernel kernel_by_quadrature(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs);

}  // namespace fieldbook
