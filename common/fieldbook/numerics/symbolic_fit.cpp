#include <fieldbook/numerics/levenberg_marquardt.hpp>
#include <fieldbook/numerics/symbolic_fit.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace fieldbook {

namespace {

using Eigen::VectorXd;

constexpr double smallest_scale = 0.25, largest_scale = 10, largest_amplitude = 20;
constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::array<NamedFunction, 10> functions{{
    {"x", [](double z) { return z; }, [](double) { return 1.; }, false, 0, false},
    {"x^2", [](double z) { return z * z; }, [](double z) { return 2 * z; }, false, 8, false},
    {"x^3", [](double z) { return z * z * z; }, [](double z) { return 3 * z * z; }, false, 8, false},
    {"sin", [](double z) { return std::sin(z); }, [](double z) { return std::cos(z); }, true, 8, false},
    {"exp", [](double z) { return std::exp(z); }, [](double z) { return std::exp(z); }, true, 0, true},
    {"tanh", [](double z) { return std::tanh(z); }, [](double z) { return 1 - std::tanh(z) * std::tanh(z); },
     true, 8, false},
    {"gauss", [](double z) { return std::exp(-z * z); }, [](double z) { return -2 * z * std::exp(-z * z); },
     true, 8, false},
    {"abs", [](double z) { return std::abs(z); }, [](double z) { return z < 0 ? -1. : 1.; }, false, 0.99,
     false},
    {"sqrt", [](double z) { return std::sqrt(z); }, [](double z) { return 0.5 / std::sqrt(z); }, false, 8,
     true},
    {"log", [](double z) { return std::log(z); }, [](double z) { return 1 / z; }, false, 8, true},
}};

/// Data with u in [-1, 1], and what is left of them by the best c and d.
struct Points {
  VectorXd u, y;
  double range, scatter;

  /// Sets c and d for given a and b; infinity where g is not finite or does not move.
  double unexplained(SymbolicFit& fit, Eigen::Index stride) const {
    double n = 0, g1 = 0, g2 = 0, y1 = 0, y2 = 0, gy = 0;
    for (Eigen::Index k = 0; k < u.size(); k += stride) {
      const double g = fit.function->value(fit.a * u[k] + fit.b);
      n += 1, g1 += g, g2 += g * g, y1 += y[k], y2 += y[k] * y[k], gy += g * y[k];
    }
    const double spread = g2 - g1 * g1 / n, cross = gy - g1 * y1 / n;
    if (!(spread > 1e-14 * g2)) return infinity;
    fit.c = cross / spread;
    fit.d = (y1 - fit.c * g1) / n;
    return (y2 - y1 * y1 / n - fit.c * cross) / (y2 - y1 * y1 / n);
  }

  double exactly_unexplained(const SymbolicFit& fit) const {
    double sum = 0;
    for (Eigen::Index k = 0; k < u.size(); ++k) sum += std::pow(y[k] - fit(u[k]), 2);
    return sum / scatter;
  }
};

bool is_admissible(const SymbolicFit& fit, double range) {
  const double scale = std::abs(fit.a);
  return scale > 0.999 * smallest_scale && scale < 1.001 * largest_scale &&
         std::abs(fit.b) <= 1.001 * fit.function->shift && std::abs(fit.c) <= largest_amplitude * range;
}

/// Places on a grid of (a, b), the three best of them.
std::vector<SymbolicFit> searched(const NamedFunction& function, const Points& points) {
  std::vector<double> scales, shifts{0};
  if (function.scaled)
    for (int i = 0; i <= 32; ++i)
      scales.push_back(smallest_scale * std::pow(largest_scale / smallest_scale, i / 32.));
  else
    scales = {1};
  if (function.mirrored)
    for (const double a : std::vector<double>{scales}) scales.push_back(-a);
  if (function.shift > 0) {
    shifts.clear();
    for (int i = 0; i <= 64; ++i) shifts.push_back(function.shift * (i / 32. - 1));
  }
  std::vector<SymbolicFit> places;
  const Eigen::Index stride = std::max<Eigen::Index>(1, points.u.size() / 80);
  for (const double a : scales)
    for (const double b : shifts) {
      SymbolicFit fit{&function, a, b, 0, 0, infinity};
      fit.unexplained = points.unexplained(fit, stride);
      if (fit.unexplained < 2 && is_admissible(fit, points.range)) places.push_back(fit);
    }
  const auto middle = places.begin() + std::min<std::ptrdiff_t>(3, std::ssize(places));
  std::ranges::partial_sort(places, middle, {}, &SymbolicFit::unexplained);
  places.erase(middle, places.end());
  return places;
}

SymbolicFit refined(const SymbolicFit& start, const Points& points) {
  const NamedFunction& g = *start.function;
  const auto fit_at = [&](const VectorXd& t) { return SymbolicFit{&g, t[2], t[3], t[0], t[1], 0}; };
  VectorXd theta{{start.c, start.d, start.a, start.b}};
  const auto linearise = [&](const VectorXd& t, NormalEquations& equations) {
    const SymbolicFit fit = fit_at(t);
    const std::array<int, 4> columns{0, 1, 2, 3};
    for (Eigen::Index k = 0; k < points.u.size(); ++k) {
      const double z = fit.a * points.u[k] + fit.b, slope = fit.c * g.slope(z);
      const std::array<double, 4> values{g.value(z), 1, g.scaled ? slope * points.u[k] : 0,
                                         g.shift > 0 ? slope : 0};
      equations.add(columns, values, points.y[k] - fit(points.u[k]));
    }
  };
  minimise({200, 1e-4, 8, 1e-6}, theta, linearise,
           [&](const VectorXd& t) { return points.exactly_unexplained(fit_at(t)) * points.scatter; });
  SymbolicFit fit = fit_at(theta);
  fit.unexplained = points.exactly_unexplained(fit);
  return fit;
}

}  // namespace

std::span<const NamedFunction> named_functions() { return functions; }

std::vector<SymbolicFit> symbolic_fits(const VectorXd& x, const VectorXd& y) {
  if (x.size() != y.size() || x.size() < 8) throw std::invalid_argument{"at least 8 points (x, y)"};
  if (!x.allFinite() || !y.allFinite()) throw std::invalid_argument{"points have to be finite"};
  const double middle = (x.maxCoeff() + x.minCoeff()) / 2, half = (x.maxCoeff() - x.minCoeff()) / 2;
  const double range = y.maxCoeff() - y.minCoeff();
  if (!(half > 0) || !(range > 0)) throw std::invalid_argument{"a constant has no name"};
  const Points points{(x.array() - middle) / half, y, range, (y.array() - y.mean()).square().sum()};
  std::vector<SymbolicFit> fits;
  for (const NamedFunction& function : functions) {
    SymbolicFit best{&function, 0, 0, 0, 0, infinity};
    for (const SymbolicFit& place : searched(function, points))
      if (const SymbolicFit fit = refined(place, points);
          fit.unexplained < best.unexplained && is_admissible(fit, range))
        best = fit;
    if (best.unexplained == infinity) continue;
    // Back to x: a u + b = (a/half) x + b - a middle/half
    best.a /= half;
    best.b -= best.a * middle;
    fits.push_back(best);
  }
  std::ranges::stable_sort(fits, {}, &SymbolicFit::unexplained);
  return fits;
}

bool is_named(std::span<const SymbolicFit> fits, double unexplained, double gap) {
  if (fits.empty() || !(fits[0].unexplained < unexplained)) return false;
  return fits.size() == 1 || fits[1].unexplained >= gap * fits[0].unexplained;
}

}  // namespace fieldbook
