#pragma once

#include <fieldbook/estimate.hpp>

#include <span>

namespace fieldbook {

/// The integrated autocorrelation time tau = 1/2 + sum_{t >= 1} rho(t) of a stationary series, in its own steps: the mean
/// of n values has variance 2 tau Var/n. Independent values have tau = 1/2.
///
/// The sum ends at the first window W >= 6 tau(W) (Madras and Sokal 1988), with standard error tau sqrt((4 W + 2)/n).
/// std::invalid_argument for fewer than 16 values or a series that is constant; a series shorter than some 100 tau gives
/// too small a value.
Estimate integrated_autocorrelation_time(std::span<const double> series);

}  // namespace fieldbook
