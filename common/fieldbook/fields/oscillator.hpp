#pragma once

#include <Eigen/Core>

namespace fieldbook {

/// The anharmonic oscillator H = p^2/2 + mass2 x^2/2 + lambda x^4/24 (hbar and the particle's mass are one): phi^4 theory in one
/// dimension. mass2 may be negative (a double well) if lambda is positive.
struct Oscillator {
  double mass2;
  double lambda;
};

/// The lowest levels of an oscillator.
struct Levels {
  Eigen::VectorXd energies;  ///< ascending
  Eigen::MatrixXd position;  ///< < i|x|j >

  double gap() const { return energies[1] - energies[0]; }
};

/// Diagonalises H in `states` states of a harmonic oscillator whose frequency suits it. With 120 states the gap has ten digits
/// up to lambda = 1000 mass2^{3/2}. std::invalid_argument for lambda < 0, for mass2 <= 0 without lambda, and for fewer than 4 states.
Levels diagonalise(const Oscillator& oscillator, int states = 120);

/// The position operator in `states` states of the harmonic oscillator of this frequency.
Eigen::MatrixXd oscillator_position(double frequency, int states);

}  // namespace fieldbook
