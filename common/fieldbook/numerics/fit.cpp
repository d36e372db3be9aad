#include <fieldbook/numerics/fit.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace fieldbook {

Estimate Fit::operator[](Eigen::Index i) const { return {parameters[i], std::sqrt(covariance(i, i))}; }

Fit fit_linear(const Eigen::MatrixXd& design, std::span<const Estimate> data) {
  const auto n = static_cast<Eigen::Index>(data.size());
  if (design.rows() != n || n < design.cols())
    throw std::invalid_argument{"fit_linear: needs at least as many data as parameters"};

  // Scale every row by its error, then solve the normal equations
  Eigen::MatrixXd scaled = design;
  Eigen::VectorXd target(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const Estimate& datum = data[static_cast<std::size_t>(k)];
    if (!(datum.standard_error > 0))
      throw std::invalid_argument{"fit_linear: every datum needs a positive error"};
    scaled.row(k) /= datum.standard_error;
    target[k] = datum.value / datum.standard_error;
  }
  const Eigen::LDLT<Eigen::MatrixXd> normal{Eigen::MatrixXd{scaled.transpose() * scaled}};
  Fit fit;
  fit.parameters = normal.solve(Eigen::VectorXd{scaled.transpose() * target});
  fit.covariance = normal.solve(Eigen::MatrixXd::Identity(design.cols(), design.cols()));
  fit.chi_square = (scaled * fit.parameters - target).squaredNorm();
  fit.degrees = static_cast<int>(n - design.cols());
  return fit;
}

Fit fit_inverse_powers(std::span<const double> x, std::span<const Estimate> data, int highest_power) {
  Eigen::MatrixXd design(static_cast<Eigen::Index>(x.size()), highest_power + 1);
  for (Eigen::Index k = 0; k < design.rows(); ++k)
    for (int power = 0; power <= highest_power; ++power)
      design(k, power) = std::pow(x[static_cast<std::size_t>(k)], -power);
  return fit_linear(design, data);
}

Fit fit_power_law(std::span<const double> x, std::span<const Estimate> data) {
  const auto n = static_cast<Eigen::Index>(x.size());
  if (x.size() != data.size() || n < 2) throw std::invalid_argument{"fit_power_law: needs at least two data"};
  // Start from the straight line through the first and last datum in the log-log plane where they have one sign
  const Estimate& head = data.front();
  const Estimate& tail = data.back();
  const double ratio = tail.value / head.value;
  Eigen::VectorXd parameters(2);
  parameters[1] = ratio > 0 ? std::log(ratio) / std::log(x.back() / x.front()) : -1;
  parameters[0] = head.value / std::pow(x.front(), parameters[1]);

  for (int step = 0; step < 100; ++step) {
    // Linearise around the present parameters and fit the residuals
    Eigen::MatrixXd jacobian(n, 2);
    std::vector<Estimate> residuals;
    for (Eigen::Index k = 0; k < n; ++k) {
      const auto i = static_cast<std::size_t>(k);
      const double power = std::pow(x[i], parameters[1]);
      jacobian.row(k) << power, parameters[0] * power * std::log(x[i]);
      residuals.push_back({data[i].value - parameters[0] * power, data[i].standard_error});
    }
    Fit fit = fit_linear(jacobian, residuals);
    parameters += fit.parameters;
    if (!parameters.allFinite()) break;
    if (fit.parameters.norm() <= 1e-10 * parameters.norm()) {
      fit.parameters = parameters;
      return fit;
    }
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {Eigen::VectorXd::Constant(2, nan), Eigen::MatrixXd::Constant(2, 2, nan)};
}

}  // namespace fieldbook
