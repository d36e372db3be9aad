#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <vector>

/// A fraction of whole numbers, without rounding: Rational{3} / 7.
using Rational = boost::multiprecision::cpp_rational;

/// The sum of coefficients times (a1, b1, a, b, c, d) must be the value.
struct Demand {
  std::array<Rational, 6> coefficients;
  Rational value;
};

/// What demands leave: do such powers exist, how many directions are free, and one solution (any, if there are many).
struct Powers {
  bool exist;
  int free;
  std::array<Rational, 6> one;
};

/// The powers (a1, b1, a, b, c, d) with which features move, and which meet some more demands.
inline Powers powers_of_width(const std::vector<Demand>& more) {
  (void)more;
  EXERCISE_TODO();
}
