#pragma once

#include <cmath>
#include <vector>

inline double neuron_moment(double mass, std::vector<double> times) {
  const unsigned n = static_cast<unsigned>(times.size());
  double sum = 0;
  for (unsigned signs = 0; signs < (1u << n); ++signs) {
    double total = 0;
    int balance = 0;
    for (unsigned i = 0; i < n; ++i) {
      const int sign = (signs >> i & 1u) != 0 ? 1 : -1;
      total += sign * times[i];
      balance += sign;
    }
    if (balance == 0) sum += std::exp(-mass * std::abs(total));
  }
  return sum / std::pow(4 * mass, n / 2.);
}
