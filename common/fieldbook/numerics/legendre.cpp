#include <fieldbook/numerics/legendre.hpp>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/legendre.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

Eigen::VectorXd LegendreNodes::vector(const std::function<double(double)>& g) const {
  return root.cwiseProduct(x.unaryExpr(g));
}

const LegendreNodes& legendre_nodes() {
  static const LegendreNodes all = [] {
    using Gauss = boost::math::quadrature::gauss<double, 400>;  // knows the positive half
    const auto half = static_cast<Eigen::Index>(Gauss::abscissa().size());
    LegendreNodes nodes{Eigen::VectorXd{2 * half}, Eigen::VectorXd{2 * half}};
    for (Eigen::Index i = 0; i < half; ++i) {
      const auto n = static_cast<std::size_t>(i);
      nodes.x[i] = Gauss::abscissa()[n];
      nodes.x[half + i] = -nodes.x[i];
      nodes.root[i] = nodes.root[half + i] = std::sqrt(Gauss::weights()[n] / 2);
    }
    return nodes;
  }();
  return all;
}

double legendre_tail(const std::function<double(double)>& f, int degree) {
  if (degree < 0) throw std::invalid_argument{"legendre_tail: the degree must not be negative"};
  const auto mean = [](const auto& g) {
    return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(g, -1., 1., 12, 1e-13) / 2;
  };
  double square = mean([&](double x) { return f(x) * f(x); });
  for (int j = 0; j <= degree; ++j) {
    const double coefficient = mean([&](double x) { return f(x) * boost::math::legendre_p(j, x); });
    square -= (2 * j + 1) * coefficient * coefficient;
  }
  return std::sqrt(std::max(square, 0.));
}

}  // namespace fieldbook
