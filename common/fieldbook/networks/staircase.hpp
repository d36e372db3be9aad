#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

namespace fieldbook {

/// A network of N step neurons on an interval, `f(x) = b + sum_i a_i H(x - t_i)`, written as what it is: a staircase.
///
/// The N knots t_i ascend inside [low, high] and cut it into N + 1 closed cells; cell j has the value `b + a_1 + ... + a_j`. There is no
/// factor of N anywhere: the weights are written down, not drawn.
struct Staircase {
  double low;
  double high;
  std::vector<double> knots;   ///< t_1 ... t_N, the biases of the hidden layer
  std::vector<double> values;  ///< N + 1 of them

  std::size_t width() const { return knots.size(); }

  /// The ends of cell j = 0 ... N.
  double left(std::size_t cell) const { return cell == 0 ? low : knots[cell - 1]; }
  double right(std::size_t cell) const { return cell == knots.size() ? high : knots[cell]; }

  /// The weight a_i of knot i = 0 ... N - 1 in the output.
  double jump(std::size_t knot) const { return values[knot + 1] - values[knot]; }

  /// The output of the network at x, with H(0) = 1 at a knot.
  double operator()(double x) const {
    return values[static_cast<std::size_t>(std::upper_bound(knots.begin(), knots.end(), x) - knots.begin())];
  }
};

/// N knots that cut [low, high] into equal cells.
std::vector<double> even_knots(std::size_t width, double low, double high);

/// The staircase with the value of f at the centre of every cell: sup |f - staircase| <= omega_f(h / 2) for cells no longer than h, with the
/// modulus of continuity omega_f.
Staircase steps_at_centres(const std::function<double(double)>& f, std::vector<double> knots, double low,
                           double high);

/// The staircase whose knots cut where f has moved by V / (N + 1) since the last one, with the middle of the range of f in each cell:
/// sup |f - staircase| <= V / (2 (N + 1)), where V is the variation of f between the first and the last of `turns`, between
/// which it is monotone. std::invalid_argument for fewer than two turns or turns that do not ascend.
Staircase steps_of_equal_variation(const std::function<double(double)>& f, const std::vector<double>& turns,
                                   std::size_t width);

/// The largest |f - staircase| over both ends and `inside` equidistant points of every closed cell: both sides of each knot are seen. Exact where f
/// is monotone in every cell.
double largest_error(const Staircase& staircase, const std::function<double(double)>& f, int inside = 7);

}  // namespace fieldbook
