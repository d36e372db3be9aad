#pragma once

#include <span>
#include <vector>

namespace fieldbook {

/// The middle of the values, the mean of the two middle ones if their number is even. Not a number if any of them is
/// not; std::invalid_argument if there are none.
double median(std::vector<double> values);

/// The value that is farthest from a number: what is not finite is farther than all else. std::invalid_argument if there are none.
double farthest(std::span<const double> values, double from);

/// The slope of the straight line of least squares through (log x, log y): the exponent of a rate whose errors are not statistical.
/// std::invalid_argument for fewer than two points or unequal sizes; not a number unless all x and y are positive.
double log_log_slope(std::span<const double> x, std::span<const double> y);

}  // namespace fieldbook
