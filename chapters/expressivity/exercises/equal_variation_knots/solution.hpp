#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

// Within a cell $f$ cannot leave a range of the length of its variation there, and the middle of a range is wrong by half of its
// length. So cut where $iV/(N+1)$ of the variation has gone by. What has gone by at $x$ is the sum of $|\Delta f|$ over all turns
// before $x$ and one last difference to $x$ itself; it grows with $x$, and bisection inverts it wherever the slope is infinite or
// zero. For $\sqrt x$ knot $i$ is $(i/(N+1))^2$, and the rate $1/N$ is back. Functions of constant $|f'|$ are served by equidistant
// knots; $x\sin(1/x)$ has infinite variation, and no such rate.

/// The N = width knots in (0,1) that cut [0,1] into cells of equal variation of f, ascending; f is monotone between neighbours of
/// `turns`, which ascend from 0 to 1.
inline std::vector<double> equal_variation_knots(const std::function<double(double)>& f,
                                                 const std::vector<double>& turns, int width) {
  const auto variation = [&](double x) {
    double sum = 0;
    for (std::size_t i = 1; i < turns.size() && turns[i - 1] < x; ++i)
      sum += std::abs(f(std::min(x, turns[i])) - f(turns[i - 1]));
    return sum;
  };
  const double total = variation(1);
  std::vector<double> knots;
  for (int i = 1; i <= width; ++i) {
    double low = 0, high = 1;
    for (int halving = 0; halving < 60; ++halving) {
      const double middle = (low + high) / 2;
      (variation(middle) < i * total / (width + 1) ? low : high) = middle;
    }
    knots.push_back((low + high) / 2);
  }
  return knots;
}
