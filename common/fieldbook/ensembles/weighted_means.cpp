#include <fieldbook/ensembles/weighted_means.hpp>

#include <cmath>

namespace fieldbook {

void WeightedMeans::add(double weight, std::span<const double> observables) {
  const double square = weight * weight;
  ++count_;
  weights_ += weight;
  squared_weights_ += square;
  for (std::size_t i = 0; i < observables.size(); ++i) {
    const double m = observables[i];
    first_[i] += weight * m;
    squared_first_[i] += square * m;
    squared_second_[i] += square * m * m;
  }
}

void WeightedMeans::merge(const WeightedMeans& other) {
  count_ += other.count_;
  weights_ += other.weights_;
  squared_weights_ += other.squared_weights_;
  for (std::size_t i = 0; i < first_.size(); ++i) {
    first_[i] += other.first_[i];
    squared_first_[i] += other.squared_first_[i];
    squared_second_[i] += other.squared_second_[i];
  }
}

Estimate WeightedMeans::mean(std::size_t observable) const {
  const double m = first_[observable] / weights_;
  const double spread =
      squared_second_[observable] - 2 * m * squared_first_[observable] + m * m * squared_weights_;
  return {m, std::sqrt(spread) / weights_};
}

double WeightedMeans::effective_fraction() const { return weights_ * weights_ / (count_ * squared_weights_); }

}  // namespace fieldbook
