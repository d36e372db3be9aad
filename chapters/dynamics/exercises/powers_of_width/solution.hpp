#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <utility>
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

// The variance of $h^1$, with $D$ inputs, is $N^{-2a_1-b_1}$; for the other layers a sum over $N$ neurons makes it $N^{1-2a-b}$. Let
// $g=\sqrt N\,\partial h^{L+1}/\partial h$ be the gradient that comes back, of order one in every neuron. Layer $l$ adds its share of
// the tangent kernel times the step: the prefactors $\gamma_0N^d$ cancel, what is left is $N^{-c}$ times $N^{-2a}$, times $N$ from
// the sum over the neurons below; the first layer has $N^{-2a_1}$ and $D$ inputs. And the features move by $\gamma_0N^{d-1/2}$,
// whatever the layer.
//
// The demand on the first layer's share is the one that the standard parameterisation fails.

/// The powers (a1, b1, a, b, c, d) with which features move, and which meet some more demands.
inline Powers powers_of_width(const std::vector<Demand>& more) {
  std::vector<Demand> rows{
      {{2, 1, 0, 0, 0, 0}, 0},                // the first pre-activations
      {{0, 0, 2, 1, 0, 0}, 1},                // the others
      {{2, 0, 0, 0, 1, 0}, 0},                // the first layer's share of the motion of f
      {{0, 0, 2, 0, 1, 0}, 1},                // that of the others
      {{0, 0, 0, 0, 0, 1}, Rational{1} / 2},  // the features
  };
  rows.insert(rows.end(), more.begin(), more.end());

  // Gauss and Jordan: every pivot clears its column in all other rows
  std::vector<std::size_t> pivots;
  for (std::size_t column = 0; column < 6 && pivots.size() < rows.size(); ++column) {
    const std::size_t rank = pivots.size();
    std::size_t found = rank;
    while (found < rows.size() && rows[found].coefficients[column] == 0) ++found;
    if (found == rows.size()) continue;
    std::swap(rows[rank], rows[found]);
    const Rational pivot = rows[rank].coefficients[column];
    for (Rational& coefficient : rows[rank].coefficients) coefficient /= pivot;
    rows[rank].value /= pivot;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Rational factor = rows[i].coefficients[column];
      if (i == rank || factor == 0) continue;
      for (std::size_t j = 0; j < 6; ++j) rows[i].coefficients[j] -= factor * rows[rank].coefficients[j];
      rows[i].value -= factor * rows[rank].value;
    }
    pivots.push_back(column);
  }

  // What is left below the pivots says 0 = value
  Powers powers{true, 6 - static_cast<int>(pivots.size()), {}};
  for (std::size_t i = pivots.size(); i < rows.size(); ++i)
    if (rows[i].value != 0) powers.exist = false;
  for (std::size_t i = 0; i < pivots.size(); ++i) powers.one[pivots[i]] = rows[i].value;
  return powers;
}
