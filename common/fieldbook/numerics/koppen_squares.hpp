#pragma once

#include <fieldbook/numerics/koppen.hpp>

#include <cstdint>
#include <vector>

namespace fieldbook {

/// The shifted squares of the Sprecher-Koppen construction for two variables. With base gamma, shifts q = 0 ... m and
/// a = 1 / (gamma (gamma-1)), a coordinate x in [0, 1] is placed at u = 1/gamma + (1 - 2/gamma) x, so that u + q a < 1. All places are exact
/// integers (units of 1 / one()), as are the sums psi(u_1 + q a) + lambda psi(u_2 + q a), lambda = sum_r gamma^-beta(r), beta(r) = 2^r - 1.
/// Digits beyond the fourth are dropped. Source: Braun and Griebel (2009).
class KoppenSquares {
 public:
  static constexpr int levels = 4;

  /// std::invalid_argument unless 6 <= gamma <= 17 and 4 <= shifts <= gamma - 2: then plateaus of two variables are disjoint, and integers
  /// of 127 bits suffice.
  KoppenSquares(int gamma, int shifts);

  int gamma() const { return gamma_; }
  int shifts() const { return shifts_; }
  const KoppenFunction& psi() const { return psi_; }

  /// The place u of the coordinate x in [0, 1], rounded down, and back. A place outside the square goes to its edge.
  std::int64_t place(double x) const;
  double coordinate(std::int64_t place) const;

  /// The unit of places: 1 is this many.
  std::int64_t one() const { return one_; }
  std::int64_t shifted(std::int64_t place, int q) const { return place + q * shift_; }

  /// The number j of the cell [j, j+1) gamma^-level, level = 1 ... 4, that holds u + q a.
  std::int64_t cell(std::int64_t place, int q, int level) const;

  /// Is u + q a not in the gap of its cell, the last 1/(gamma-1) of it?
  bool is_good(std::int64_t place, int q, int level) const;

  /// The place whose u + q a is the centre of the good part of cell j, moved to the edge of the square if it is outside.
  std::int64_t centre(std::int64_t j, int q, int level) const;

  /// A place in the gap of the cell of shift q that holds `place`, a fraction 0 ... 1 of the gap from its left end (or at the edge of the square, if that is outside).
  std::int64_t into_gap(std::int64_t place, int q, int level, double fraction) const;

  /// psi(u_1 + q a) + lambda psi(u_2 + q a) in units of its own, at most 2 in to_double. std::out_of_range if a shifted place is not in [0, 1).
  Fixed argument(std::int64_t place_1, std::int64_t place_2, int q) const;

  /// argument = psi_1 + lambda psi_2 for two values of psi()
  Fixed argument_of(Fixed psi_1, Fixed psi_2) const { return psi_1 * scale_ + psi_2 * lambda_; }
  double to_double(Fixed argument) const;

 private:
  std::int64_t cell_width(int level) const { return width_[static_cast<std::size_t>(level)]; }

  int gamma_;
  int shifts_;
  KoppenFunction psi_;
  std::vector<Fixed> values_;  // psi on the cells of the last level
  Fixed scale_ = 1;            // gamma^beta(levels): lambda_ is lambda in units of 1/scale_
  Fixed lambda_ = 0;
  std::vector<std::int64_t> width_;  // of a cell
  std::int64_t one_;
  std::int64_t shift_;
};

/// The plateaus of one level: the good square of the cells (i, j) has its arguments in
/// [xi, xi + (gamma-2) (1+lambda) sum_{r>level} gamma^-beta(r)], xi = psi(i gamma^-level) + lambda psi(j gamma^-level), all disjoint. On it a function of one
/// variable can have any value; between plateaus it goes linearly to 0, within half of the narrowest gap.
class KoppenPlateaus {
 public:
  /// std::invalid_argument unless 1 <= level < KoppenSquares::levels.
  KoppenPlateaus(const KoppenSquares& squares, int level);

  /// How many plateaus reach into the next one.
  std::int64_t overlaps() const { return overlaps_; }

  /// The one plateau that an argument feels: the value there counts with this weight, 1 on the plateau itself. The weight is 0 far from all.
  struct Reach {
    std::int64_t first = 0;
    std::int64_t second = 0;
    double weight = 0;
  };
  Reach at(Fixed argument) const;

 private:
  Reach reach(std::size_t index, double weight) const;

  std::int64_t cells_ = 1;  // in a row
  std::vector<Fixed> nodes_;
  std::vector<std::uint32_t> order_;  // i cells_ + j of a node
  Fixed width_ = 0;
  Fixed ramp_ = 0;
  std::int64_t overlaps_ = 0;
};

}  // namespace fieldbook
