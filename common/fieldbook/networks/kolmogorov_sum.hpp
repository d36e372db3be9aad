#pragma once

#include <fieldbook/numerics/koppen_squares.hpp>

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// A point of the unit square as places of KoppenSquares.
struct KoppenPoint {
  std::int64_t one, two;
};

/// Functions of two variables on [0, 1]^2 as Kolmogorov sums f = sum_{q=0}^m Phi_q(psi(u_1 + q a) + lambda psi(u_2 + q a)), in the construction of Sprecher
/// and Koppen. Phi_q = sum_r Phi_q^r, and with f_0 = f, stage r = 1, 2, ... sets
///   Phi_q^r = f_{r-1}(centre of the square) / (m+1)        on the plateau of every good square of side gamma^-r (see KoppenPlateaus),
///   f_r = f_{r-1} - sum_q Phi_q^r.
/// Several functions, eight at most, share the work for the arguments. Values on the plateaus of the last stage are computed when asked for. Const functions are
/// safe to call from several threads. Source: Braun and Griebel (2009).
class KolmogorovSum {
 public:
  using Function = double (*)(double, double);

  /// A number for each of the functions.
  using Values = Eigen::Array<double, Eigen::Dynamic, 1, 0, 8, 1>;

  /// std::invalid_argument for what KoppenSquares refuses, unless 1 <= stages <= 3, or unless there are one to eight functions.
  KolmogorovSum(int gamma, int shifts, int stages, std::vector<Function> functions);

  const KoppenSquares& squares() const { return squares_; }
  int stages() const { return static_cast<int>(plateaus_.size()); }

  /// f_r(x), what is left after r = 0 ... stages() stages.
  Values left(const KoppenPoint& point, int r) const;

  /// Phi_q^r at an argument of KoppenSquares, r = 1 ... stages().
  Values outer(int r, int q, Fixed argument) const;

  /// The centre of the good square of the cells (i, j) for shift q at level r.
  KoppenPoint centre(int r, int q, std::int64_t i, std::int64_t j) const {
    return {squares_.centre(i, q, r), squares_.centre(j, q, r)};
  }

 private:
  Values on_plateau(int r, int q, std::int64_t i, std::int64_t j) const;

  KoppenSquares squares_;
  std::vector<Function> functions_;
  std::vector<KoppenPlateaus> plateaus_;
  std::vector<std::int64_t> cells_;      // in a row
  std::vector<Eigen::MatrixXd> tables_;  // of all stages but the last: column (q, i, j)
};

}  // namespace fieldbook
