#include <fieldbook/numerics/best_polynomial.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace fieldbook {

namespace {

using Function = std::function<double(double)>;

struct Extremum {
  double x;
  double error;  ///< f - p at x
};

/// Points that are dense at the edges and contain -1, 0 and 1.
std::vector<double> search_grid(int degree) {
  const int half = 20 * (degree + 2);
  std::vector<double> grid;
  for (int i = -half; i <= half; ++i) grid.push_back(std::sin(std::numbers::pi * i / (2 * half)));
  return grid;
}

/// The extrema of T_{k+1}, pushed off their symmetry: an even f would otherwise have the levelled error 0, which alternates nowhere.
std::vector<double> first_references(int degree) {
  std::vector<double> references;
  for (int j = 0; j <= degree + 1; ++j) {
    const double x = -std::cos(std::numbers::pi * j / (degree + 1));
    references.push_back(x + (1 - x) / (4 * (degree + 2)));
  }
  return references;
}

/// T_0, ..., T_k at the points, one row each, and a last column of alternating signs.
Eigen::MatrixXd levelling_system(const std::vector<double>& points, int degree) {
  Eigen::MatrixXd matrix{degree + 2, degree + 2};
  for (int row = 0; row < degree + 2; ++row) {
    const double angle = std::acos(std::clamp(points[static_cast<std::size_t>(row)], -1., 1.));
    for (int i = 0; i <= degree; ++i) matrix(row, i) = std::cos(i * angle);
    matrix(row, degree + 1) = row % 2 == 0 ? 1 : -1;
  }
  return matrix;
}

Eigen::VectorXd values(const Function& f, const std::vector<double>& points) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(points.size()));
  for (Eigen::Index i = 0; i < result.size(); ++i) result[i] = f(points[static_cast<std::size_t>(i)]);
  return result;
}

/// The polynomial with p(x_j) + (-1)^j h = f(x_j) at the references x_j, and |h|.
BestPolynomial levelled_at(std::vector<double> references, const Function& f, int degree) {
  const Eigen::VectorXd solution =
      levelling_system(references, degree).partialPivLu().solve(values(f, references));
  return {solution.head(degree + 1), std::move(references), std::abs(solution[degree + 1]), 0};
}

/// The extremum of the error around grid point i, refined between its neighbours.
Extremum refined(const Function& error, const std::vector<double>& grid, std::size_t i) {
  const double at = error(grid[i]), sign = at < 0 ? -1 : 1;
  const double left = grid[i == 0 ? i : i - 1], right = grid[i + 1 == grid.size() ? i : i + 1];
  const auto [x, depth] = boost::math::tools::brent_find_minima(
      [&](double y) { return -sign * error(y); }, left, right, std::numeric_limits<double>::digits);
  if (-depth > std::abs(at)) return {x, -sign * depth};
  return {grid[i], at};
}

/// The largest |f - p| of every stretch on which f - p keeps its sign, from left to right.
std::vector<Extremum> alternating_extrema(const Function& error, const std::vector<double>& grid) {
  std::vector<Extremum> extrema;
  std::vector<double> errors;
  for (const double x : grid) errors.push_back(error(x));
  for (std::size_t first = 0; first < grid.size();) {
    std::size_t last = first, largest = first;
    for (; last < grid.size() && (errors[last] < 0) == (errors[first] < 0); ++last)
      if (std::abs(errors[last]) > std::abs(errors[largest])) largest = last;
    extrema.push_back(refined(error, grid, largest));
    first = last;
  }
  return extrema;
}

}  // namespace

double BestPolynomial::operator()(double x) const {
  double one = 0, two = 0;
  for (Eigen::Index i = coefficients.size(); i-- > 1;) {
    const double next = 2 * x * one - two + coefficients[i];
    two = one;
    one = next;
  }
  return x * one - two + coefficients[0];
}

BestPolynomial best_polynomial(const std::function<double(double)>& f, int degree) {
  if (degree < 0) throw std::invalid_argument{"best_polynomial: the degree must not be negative"};
  const std::vector<double> grid = search_grid(degree);
  const Eigen::VectorXd on_grid = values(f, grid);
  if (!on_grid.allFinite())
    throw std::domain_error{"best_polynomial: the function must be finite on [-1, 1]"};
  const double rounding = 8 * std::numeric_limits<double>::epsilon() * on_grid.cwiseAbs().maxCoeff();
  const auto needed = static_cast<std::size_t>(degree) + 2;

  BestPolynomial best;
  best.largest = std::numeric_limits<double>::infinity();
  std::vector<double> references = first_references(degree);
  for (int exchange = 0; exchange < 60; ++exchange) {
    // Level the error, and measure it on a grid that contains the points where it is known to alternate
    const BestPolynomial next = levelled_at(references, f, degree);
    std::vector<double> points = grid;
    points.insert(points.end(), references.begin(), references.end());
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    std::vector<Extremum> extrema = alternating_extrema([&](double x) { return f(x) - next(x); }, points);

    // Keep the better of both bounds: each is true by itself
    double largest = 0;
    for (const Extremum& extremum : extrema) largest = std::max(largest, std::abs(extremum.error));
    if (largest < best.largest) {
      best.coefficients = next.coefficients;
      best.largest = largest;
    }
    if (exchange == 0 || next.levelled > best.levelled) {
      best.references = next.references;
      best.levelled = next.levelled;
    }
    if (extrema.size() < needed || best.largest - best.levelled <= 1e-12 * best.largest + rounding) break;

    // Exchange the references for k + 2 neighbouring extrema
    while (extrema.size() > needed)
      extrema.erase(std::abs(extrema.front().error) < std::abs(extrema.back().error) ? extrema.begin()
                                                                                     : extrema.end() - 1);
    references.clear();
    for (const Extremum& extremum : extrema) references.push_back(extremum.x);
  }
  best.levelled = std::min(best.levelled, best.largest);
  return best;
}

}  // namespace fieldbook
