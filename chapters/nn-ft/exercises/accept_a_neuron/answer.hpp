#pragma once

#include <cmath>
#include <vector>

/// The change of S_int when a neuron's contribution to the field goes from `before` to `after` at every site.
inline double change_of_action(const std::vector<double>& field, const std::vector<double>& before,
                               const std::vector<double>& after, double spacing, double mass_shift,
                               double lambda) {
  (void)field, (void)before, (void)after, (void)spacing, (void)mass_shift, (void)lambda;
  EXERCISE_TODO();
}

/// Is the proposal accepted? u is uniform on (0, 1).
inline bool accept(double change, double u) {
  (void)change, (void)u;
  EXERCISE_TODO();
}
