#pragma once

namespace fieldbook {

/// The energy E with later/earlier = cosh(E (T/2 - t - step)) / cosh(E (T/2 - t)): the gap that a two-point function on a circle of
/// length T shows between t and t + step. std::domain_error if there is none: a ratio outside (0, 1), where noise has won.
double effective_energy(double earlier, double later, double length, double t, double step);

}  // namespace fieldbook
