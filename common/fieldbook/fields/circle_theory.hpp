#pragma once

#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/fields/transfer_matrix.hpp>

namespace fieldbook {

/// phi^4 theory on a circle, the anharmonic oscillator at temperature 1/T, as a free field of mass base_mass at `sites` points
/// weighted with exp(-sum over sites of quadratic() phi^2 + quartic() phi^4).
struct CircleTheory {
  Oscillator oscillator;
  double base_mass;
  double length;
  int sites;

  double spacing() const { return length / sites; }
  double quadratic() const { return spacing() * (oscillator.mass2 - base_mass * base_mass) / 2; }
  double quartic() const { return spacing() * oscillator.lambda / 24; }

  PeriodicField free_field() const { return circle_field(base_mass, length, sites); }
  TransferMatrix transfer_matrix() const { return {oscillator, base_mass, length, sites}; }

  /// The number of sites in a time that suits the measurement of the gap: half, or one over the gap if that is shorter. It takes a
  /// diagonalisation.
  int gap_lag() const;
};

/// Exact numbers of a CircleTheory, for the same length and number of sites.
struct CircleNumbers {
  double square;            ///< < phi^2 >
  double fourth_cumulant;   ///< < phi^4 > - 3 < phi^2 >^2
  double effective_energy;  ///< between one and two gap_lag() sites
  double
      effective_fraction;  ///< the effective fraction of an ensemble of free fields that is reweighted: < w >^2 / < w^2 >
};

CircleNumbers exact_numbers(const CircleTheory& theory);

}  // namespace fieldbook
