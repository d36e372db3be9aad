#pragma once

#include <fieldbook/estimate.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace fieldbook {

/// Self-normalised importance sampling: means of several observables over draws that carry weights.
class WeightedMeans {
 public:
  explicit WeightedMeans(std::size_t observables)
      : first_(observables), squared_first_(observables), squared_second_(observables) {}

  /// Adds one draw; the weight needs no normalisation.
  void add(double weight, std::span<const double> observables);

  /// Adds what `other` has seen.
  void merge(const WeightedMeans& other);

  /// m = sum w M / sum w with SE^2 = sum w^2 (M - m)^2 / (sum w)^2. The bias of order one over the effective number of
  /// draws is not corrected.
  Estimate mean(std::size_t observable) const;

  /// (sum w)^2 / (n sum w^2): the fraction of the n draws that effectively contribute.
  double effective_fraction() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& count_& weights_& squared_weights_& first_& squared_first_& squared_second_;
  }

 private:
  double count_ = 0, weights_ = 0, squared_weights_ = 0;
  std::vector<double> first_, squared_first_, squared_second_;
};

}  // namespace fieldbook
