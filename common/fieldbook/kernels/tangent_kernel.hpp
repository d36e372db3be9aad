#pragma once

#include <fieldbook/kernels/nngp.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <functional>

namespace fieldbook {

/// Covariance and tangent kernel of the output at infinite width, one row and column an input.
struct TangentKernel {
  Eigen::MatrixXd nngp;  ///< K^{L+1}
  Eigen::MatrixXd ntk;   ///< Theta^{L+1}
};

/// Calls a function for all task numbers 0 ... tasks - 1, in any order and on any threads.
using ForEachTask = std::function<void(std::size_t tasks, const std::function<void(std::size_t)>& task)>;

/// One after the other.
void one_by_one(std::size_t tasks, const std::function<void(std::size_t)>& task);

/// Both kernels after `depth` hidden layers for thousands of inputs (one a row), by the recursion of Jacot, Gabriel and
/// Hongler (2018) in the NTK parameterisation:
/// K^1 = sigma_w^2 x.x'/d + sigma_b^2, Theta^1 = K^1; K^{l+1} = sigma_w^2 F(K^l) + sigma_b^2,
/// Theta^{l+1} = K^{l+1} + sigma_w^2 Fdot(K^l) Theta^l, with F = <sigma sigma'> and Fdot = <sigma' sigma'>.
///
/// Half of the pairs are computed, all layers of a stretch of them while it is in the innermost cache; diagonals by their
/// own recursion, so that coincident points lose no digits. Columns are tasks for `for_each`. relu (Cho and Saul 2009)
/// and erf (Williams 1997); all others entry by entry with dual_activation and dual_slope, for few inputs (tanh and gelu
/// take about a millisecond an entry). std::invalid_argument for step, which has no slope, a depth below 1 or a negative
/// variance.
TangentKernel tangent_kernel(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs,
                             const ForEachTask& for_each = one_by_one);

}  // namespace fieldbook
