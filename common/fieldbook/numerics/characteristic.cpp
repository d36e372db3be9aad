#include <fieldbook/numerics/characteristic.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

CharacteristicFunction::CharacteristicFunction(const std::function<double(double)>& chi, double step,
                                               double reach)
    : step_{step} {
  if (!(step > 0) || !(reach >= step))
    throw std::invalid_argument{"CharacteristicFunction: needs 0 < step <= reach"};
  for (std::size_t k = 0; static_cast<double>(k) * step <= reach; ++k)
    values_.push_back(chi(static_cast<double>(k) * step));
}

double CharacteristicFunction::density(double x) const {
  double sum = values_[0] / 2;
  for (std::size_t k = 1; k < values_.size(); ++k)
    sum += values_[k] * std::cos(static_cast<double>(k) * step_ * x);
  return sum * step_ / std::numbers::pi;
}

double CharacteristicFunction::probability(double a, double b) const {
  double sum = values_[0] / 2 * (b - a);
  for (std::size_t k = 1; k < values_.size(); ++k) {
    const double t = static_cast<double>(k) * step_;
    sum += values_[k] * (std::sin(t * b) - std::sin(t * a)) / t;
  }
  return sum * step_ / std::numbers::pi;
}

}  // namespace fieldbook
