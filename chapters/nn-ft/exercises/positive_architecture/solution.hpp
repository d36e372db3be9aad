#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

// $F$ keeps its value and, at the events of a Poisson process of rate $m$, takes a fresh one from a symmetric law, here uniform, with
// $\langle X^2\rangle=1/2m$. This is a reversible Markov process, so its networks have a transfer matrix and are reflection
// positive. Between two times nothing happens with probability $e^{-m\,dt}$; otherwise the past is forgotten. So the ordered times
// fall into runs of equal values.

/// < X^k > for X uniform with < X^2 > = 1/2m.
inline double law_moment(double mass, int k) {
  return k % 2 != 0 ? 0 : std::pow(3 / (2 * mass), k / 2) / (k + 1);
}

/// < F(t_1) ... F(t_n) > of one neuron, n even.
inline double neuron_moment(double mass, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const int n = static_cast<int>(times.size());
  // moment[i]: of the first i times; the last run begins after j of them
  std::vector<double> moment(times.size() + 1, 0.);
  moment[0] = 1;
  for (int i = 1; i <= n; ++i)
    for (int j = 0; j < i; ++j) {
      const double kept = std::exp(-mass * (times[i - 1] - times[j]));
      const double fresh = j == 0 ? 1 : 1 - std::exp(-mass * (times[j] - times[j - 1]));
      moment[i] += moment[j] * fresh * kept * law_moment(mass, i - j);
    }
  return moment[n];
}
