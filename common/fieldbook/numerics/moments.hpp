#pragma once

#include <span>
#include <vector>

namespace fieldbook {

/// Cumulants from raw moments: moments[r] = < X^r >, r = 0 ... R (moments[0] = 1), gives kappa[r] for r = 1 ... R by
/// kappa_r = m_r - sum_{j=1}^{r-1} C(r-1, j-1) kappa_j m_{r-j}; kappa[0] is zero.
std::vector<double> cumulants_from_moments(std::span<const double> moments);

}  // namespace fieldbook
