#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/power_of_squares.hpp>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace fieldbook {

double pooled_relative_variance(std::span<const MeanSquare> squares) {
  double spread = 0, square = 0;
  for (const auto& [x, mean, draws, terms] : squares) {
    if (draws < 2 || !(mean.value > 0))
      throw std::invalid_argument{"pooled_relative_variance: needs two draws or more and positive means"};
    const auto n = static_cast<double>(draws);
    const double error = std::pow(mean.standard_error / mean.value, 2);
    spread += (n - 1) * terms * n * error;
    square += (n - 1) * (1 - error);
  }
  return spread / square;
}

Estimate power_of_root_mean_square(std::span<const MeanSquare> squares) {
  const double relative_variance = pooled_relative_variance(squares);
  if (!(relative_variance > 0))
    throw std::invalid_argument{"power_of_root_mean_square: needs squares that vary"};
  Eigen::MatrixXd design(static_cast<Eigen::Index>(squares.size()), 2);
  std::vector<Estimate> logarithms;
  for (const auto& [x, mean, draws, terms] : squares) {
    const double shape = static_cast<double>(draws) * terms / relative_variance;
    design.row(static_cast<Eigen::Index>(logarithms.size())) << 1, std::log(x);
    logarithms.push_back({std::log(mean.value) - (boost::math::digamma(shape) - std::log(shape)),
                          std::sqrt(boost::math::trigamma(shape))});
  }
  return fit_linear(design, logarithms)[1].times(0.5);
}

}  // namespace fieldbook
