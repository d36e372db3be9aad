#pragma once

#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>

#include <Eigen/Core>

namespace fieldbook {

/// Moments of one neuron of a Scalar-net, f(x) = sqrt(2 Z_alpha) (b^2 + m^2)^{alpha/2} cos(b.x + c), with momenta of density
/// (b^2 + m^2)^{-1-alpha} / ((2 pi)^d Z_alpha) below the cutoff, at two or four points (columns of `points`).
///
/// With I_beta(r) = cutoff_integral(field, r, 1 + beta) and Z_beta = I_beta(0): < f_1 f_2 > = I_0(x_1 - x_2), and < f_1 f_2 f_3 f_4 > =
/// (Z_alpha / 2) [I_{-alpha}(x_1 + x_2 - x_3 - x_4) + two more]. alpha = -1 draws momenta uniformly; alpha = 0 on the line without a
/// cutoff is the Cauchy-net. std::invalid_argument for another number of points, and where cutoff_integral throws.
NeuronMoment scalar_net_moment(const FreeScalar& field, double alpha, Eigen::MatrixXd points);

}  // namespace fieldbook
