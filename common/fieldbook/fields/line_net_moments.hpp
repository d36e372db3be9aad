#pragma once

#include <fieldbook/kernels/neuron_moments.hpp>

#include <vector>

namespace fieldbook {

// Two networks on the line with the propagator exp(-m |t|)/(2 m) at every width, by all moments of one neuron.

/// Plane waves, f(t) = m^{-1/2} cos(b t + c) with b of the Cauchy law of scale m and c uniform on a circle:
/// < f(t_1) ... f(t_n) > = m^{-n/2} 2^{-n} sum over signs with sum e_k = 0 of exp(-m |sum e_k t_k|); zero for odd n.
/// std::invalid_argument for a mass that is not positive.
NeuronMoment plane_wave_moment(double mass, std::vector<double> times);

/// Random telegraphs, f(t) = +-(2 m)^{-1/2}, whose sign flips at the events of a Poisson process of rate m/2: for ordered times,
/// < f(t_1) ... f(t_n) > = (2 m)^{-n/2} exp(-m (t_2 - t_1)) exp(-m (t_4 - t_3)) ...; zero for odd n.
/// std::invalid_argument for a mass that is not positive.
NeuronMoment telegraph_moment(double mass, std::vector<double> times);

}  // namespace fieldbook
