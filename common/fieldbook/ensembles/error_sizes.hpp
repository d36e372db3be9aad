#pragma once

#include <fieldbook/ensembles/histogram.hpp>

#include <algorithm>
#include <cmath>

namespace fieldbook {

/// Root mean square and median of the sizes of sampled errors. The median comes from a histogram of log10 |error| between 1e-8 and 10 with 30 bins a decade, interpolated
/// inside its bin; it is not a number outside.
class ErrorSizes {
 public:
  void add(double error) {
    square_ += error * error;
    const double log = std::log10(std::max(std::abs(error), 1e-30));
    logs_.add({&log, 1});
  }

  void merge(const ErrorSizes& other) {
    square_ += other.square_;
    logs_.merge(other.logs_);
  }

  double rms() const { return std::sqrt(square_ / static_cast<double>(logs_.total())); }
  double median() const { return std::pow(10, logs_.quantile(0.5)); }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& square_& logs_;
  }

 private:
  double square_ = 0;  // summed
  Histogram logs_{-8, 1, 270};
};

}  // namespace fieldbook
