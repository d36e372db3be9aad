#include <fieldbook/networks/staircase.hpp>

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace fieldbook {

std::vector<double> even_knots(std::size_t width, double low, double high) {
  std::vector<double> knots;
  for (std::size_t i = 1; i <= width; ++i)
    knots.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(width + 1));
  return knots;
}

Staircase steps_at_centres(const std::function<double(double)>& f, std::vector<double> knots, double low,
                           double high) {
  Staircase steps{low, high, std::move(knots), {}};
  for (std::size_t cell = 0; cell <= steps.width(); ++cell)
    steps.values.push_back(f((steps.left(cell) + steps.right(cell)) / 2));
  return steps;
}

namespace {

/// Where |f(t) - f(from)| reaches `distance`, for f monotone on [from, to].
double crossing(const std::function<double(double)>& f, double from, double to, double distance) {
  const double start = f(from);
  const auto missing = [&](double t) { return std::abs(f(t) - start) - distance; };
  if (missing(to) <= 0) return to;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      missing, from, to, boost::math::tools::eps_tolerance<double>{52}, steps);
  return (bracket.first + bracket.second) / 2;
}

}  // namespace

Staircase steps_of_equal_variation(const std::function<double(double)>& f, const std::vector<double>& turns,
                                   std::size_t width) {
  if (turns.size() < 2 ||
      std::adjacent_find(turns.begin(), turns.end(), std::greater_equal<>{}) != turns.end())
    throw std::invalid_argument{"steps_of_equal_variation: needs two turns or more, ascending"};
  std::vector<double> variation{0};
  for (std::size_t k = 1; k < turns.size(); ++k)
    variation.push_back(variation.back() + std::abs(f(turns[k]) - f(turns[k - 1])));

  Staircase steps{turns.front(), turns.back(), {}, {}};
  for (std::size_t i = 1; i <= width; ++i) {
    const double level = variation.back() * static_cast<double>(i) / static_cast<double>(width + 1);
    const auto next = std::lower_bound(variation.begin() + 1, variation.end() - 1, level);
    const auto k = static_cast<std::size_t>(next - variation.begin());
    steps.knots.push_back(crossing(f, turns[k - 1], turns[k], level - variation[k - 1]));
  }
  for (std::size_t cell = 0; cell <= width; ++cell) {
    auto [low, high] = std::minmax({f(steps.left(cell)), f(steps.right(cell))});
    for (const double turn : turns)
      if (turn > steps.left(cell) && turn < steps.right(cell)) {
        low = std::min(low, f(turn));
        high = std::max(high, f(turn));
      }
    steps.values.push_back((low + high) / 2);
  }
  return steps;
}

double largest_error(const Staircase& staircase, const std::function<double(double)>& f, int inside) {
  double worst = 0;
  for (std::size_t cell = 0; cell <= staircase.width(); ++cell) {
    const double left = staircase.left(cell), right = staircase.right(cell);
    for (int p = 0; p <= inside + 1; ++p) {
      const double x = p > inside ? right : left + (right - left) * p / (inside + 1);
      worst = std::max(worst, std::abs(f(x) - staircase.values[cell]));
    }
  }
  return worst;
}

}  // namespace fieldbook
