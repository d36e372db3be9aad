#pragma once

#include <fieldbook/training/mlp.hpp>

namespace fieldbook {

/// The empirical tangent kernel Theta(x, x') = sum over parameters of df(x)/dtheta df(x')/dtheta, P x P', by layers:
/// Theta(x, x') = sum_{l=1}^{L+1} (m_l^2 a^{l-1}(x).a^{l-1}(x') + c_l^2) delta^l(x).delta^l(x') with delta = df/dz,
/// the multipliers m_l, c_l of LayerScales and c_l = 0 without biases; no Jacobian is made.
///
/// x: D x P, other: D x P'. std::invalid_argument for points of another dimension.
template <class Real>
Eigen::Matrix<Real, -1, -1> tangent_kernel(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x,
                                           const Eigen::Matrix<Real, -1, -1>& other);

/// The same at all pairs of one set of points: P x P, symmetric.
template <class Real>
Eigen::Matrix<Real, -1, -1> tangent_kernel(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x);

/// J, P x parameters, J(p, k) = df(x_p)/dtheta_k in the order of Mlp::parameters, so that Theta = J J^T. For small
/// networks: it has as many entries as P networks have parameters.
template <class Real>
Eigen::Matrix<Real, -1, -1> jacobian(const Mlp<Real>& network, const Eigen::Matrix<Real, -1, -1>& x);

}  // namespace fieldbook
