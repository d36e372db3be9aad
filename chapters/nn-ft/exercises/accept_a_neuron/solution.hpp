#pragma once

#include <cmath>
#include <vector>

// The proposal is drawn from the prior, so the prior drops out of the ratio of Metropolis and Hastings: what is left is
// $\min(1,e^{-\Delta S_\text{int}})$.

/// The change of S_int when a neuron's contribution to the field goes from `before` to `after` at every site.
inline double change_of_action(const std::vector<double>& field, const std::vector<double>& before,
                               const std::vector<double>& after, double spacing, double mass_shift,
                               double lambda) {
  const auto potential = [&](double phi) {
    return mass_shift / 2 * phi * phi + lambda / 24 * phi * phi * phi * phi;
  };
  double sum = 0;
  for (std::size_t t = 0; t < field.size(); ++t)
    sum += potential(field[t] - before[t] + after[t]) - potential(field[t]);
  return spacing * sum;
}

/// Is the proposal accepted? u is uniform on (0, 1).
inline bool accept(double change, double u) { return u < std::exp(-change); }
