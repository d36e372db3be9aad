#include <fieldbook/fields/circle_theory.hpp>
#include <fieldbook/fields/effective_energy.hpp>

#include <algorithm>
#include <cmath>

namespace fieldbook {

int CircleTheory::gap_lag() const {
  const double time = std::min(0.5, 1 / diagonalise(oscillator).gap());
  return std::clamp(static_cast<int>(std::lround(time / spacing())), 1, std::max(1, sites / 4));
}

CircleNumbers exact_numbers(const CircleTheory& theory) {
  const TransferMatrix exact = theory.transfer_matrix();
  const int lag = theory.gap_lag();
  const double tau = lag * theory.spacing(), square = exact.propagator(0),
               base = theory.base_mass * theory.base_mass;
  // < w^2 > is the partition function with twice the interaction, < 1 > that without
  CircleTheory twice = theory, none = theory;
  twice.oscillator = {2 * theory.oscillator.mass2 - base, 2 * theory.oscillator.lambda};
  none.oscillator = {base, 0};
  return {square, exact.fourth_moment() - 3 * square * square,
          effective_energy(exact.propagator(lag), exact.propagator(2 * lag), theory.length, tau, tau),
          std::exp(2 * exact.log_partition() - twice.transfer_matrix().log_partition() -
                   none.transfer_matrix().log_partition())};
}

}  // namespace fieldbook
