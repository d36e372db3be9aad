#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstddef>
#include <vector>

namespace fieldbook {

/// A fraction of whole numbers of any size: no rounding.
using Rational = boost::multiprecision::cpp_rational;
using RationalVector = std::vector<Rational>;

/// One linear equation: sum_i coefficients[i] x_i = right_side.
struct RationalEquation {
  RationalVector coefficients;
  Rational right_side;
};

/// All solutions of linear equations: x = particular + sum_k t_k null_vectors[k] for any t, if there is one.
struct ExactSolutions {
  std::size_t rank;           ///< of the coefficients
  bool solvable;              ///< do the equations agree with each other?
  RationalVector particular;  ///< the solution whose free unknowns are 0; empty if there is none
  std::vector<RationalVector> null_vectors;  ///< one a free unknown: 1 there, 0 in the other free unknowns
};

/// Solves linear equations by Gauss-Jordan elimination with exact fractions, so that a rank is a fact and not a matter of
/// a tolerance. An unknown is free if its column of coefficients depends on those to its left.
///
/// std::invalid_argument unless every equation has as many coefficients as there are unknowns. Numerators grow with the
/// size: meant for tens of unknowns.
ExactSolutions solve_exactly(std::vector<RationalEquation> equations, std::size_t unknowns);

}  // namespace fieldbook
