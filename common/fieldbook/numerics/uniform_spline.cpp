#include <fieldbook/numerics/uniform_spline.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

UniformSplines::UniformSplines(double low, double high, int cells) : low_{low}, high_{high}, cells_{cells} {
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high) || cells < 1)
    throw std::invalid_argument{"splines need an interval of positive length and at least one cell"};
}

SplineValues UniformSplines::at(double x) const {
  const double h = cell_width(), u = (x - low_) / h;
  // Clamp the cell, not x: outside, the polynomial of the end cell goes on
  const int cell = u >= 1 ? static_cast<int>(std::min(u, cells_ - 1.)) : 0;
  const double t = u - cell, r = 1 - t;
  return {cell,
          {r * r * r / 6, (4 + t * t * (3 * t - 6)) / 6, (4 + r * r * (3 * r - 6)) / 6, t * t * t / 6},
          {-r * r / (2 * h), t * (3 * t - 4) / (2 * h), -r * (3 * r - 4) / (2 * h), t * t / (2 * h)}};
}

double UniformSplines::value(const Eigen::Ref<const Eigen::VectorXd>& coefficients, double x) const {
  const SplineValues spline = at(x);
  double sum = 0;
  for (int m = 0; m < 4; ++m) sum += coefficients[spline.first + m] * spline.values[m];
  return sum;
}

Eigen::VectorXd UniformSplines::fit(const Eigen::VectorXd& x, const Eigen::VectorXd& y) const {
  if (x.size() != y.size()) throw std::invalid_argument{"a spline needs as many values as points"};
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(functions(), functions());
  Eigen::VectorXd moments = Eigen::VectorXd::Zero(functions());
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    const SplineValues spline = at(x[k]);
    for (int m = 0; m < 4; ++m) {
      moments[spline.first + m] += spline.values[m] * y[k];
      for (int l = m; l < 4; ++l)
        gram(spline.first + l, spline.first + m) += spline.values[m] * spline.values[l];
    }
  }
  const Eigen::LDLT<Eigen::MatrixXd> factors{gram};
  const auto pivots = factors.vectorD();
  if (!(pivots.minCoeff() > 1e-12 * pivots.maxCoeff()))
    throw std::invalid_argument{"too few points for so many cells: some spline is not determined"};
  return factors.solve(moments);
}

}  // namespace fieldbook
