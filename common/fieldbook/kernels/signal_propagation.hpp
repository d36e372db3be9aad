#pragma once

#include <fieldbook/kernels/nngp.hpp>

namespace fieldbook {

// How the variance q of a pre-activation and the correlation c of two of them flow with depth at infinite width (Poole et al.,
// arXiv:1606.05340; Schoenholz et al., arXiv:1611.01232), for the smooth and bounded activations erf and tanh;
// std::invalid_argument for others. erf in closed form, tanh by quadrature.

/// q' = sigma_b^2 + sigma_w^2 < sigma(sqrt q z)^2 >.
double next_variance(const DeepLaw& law, double q);

/// The fixed point q* > 0 of the variance; needs sigma_b^2 > 0 (std::invalid_argument otherwise).
double fixed_variance(const DeepLaw& law);

/// chi_par = dq'/dq at q: perturbations of the variance decay like chi_par^l.
double variance_slope(const DeepLaw& law, double q);

/// dc'/dc = sigma_w^2 < sigma'(u) sigma'(v) > at variance q (a fixed point) and correlation c; chi_1 for c = 1.
double correlation_slope(const DeepLaw& law, double q, double c = 1);

/// c''(1) = sigma_w^2 q < sigma''^2 > at variance q, a fixed point.
double correlation_curvature(const DeepLaw& law, double q);

/// The stable fixed point of the correlation at variance q: 1 where chi_1 <= 1, else the root below 1.
double fixed_correlation(const DeepLaw& law, double q);

/// Where chi_1 = 1 at q*, for a given sigma_b^2 > 0.
struct CriticalPoint {
  double weight_variance;
  double variance;  ///< q*
};

/// The critical point of that bias variance. std::invalid_argument where the activation has none.
CriticalPoint critical_point(Activation activation, double bias_variance);

}  // namespace fieldbook
