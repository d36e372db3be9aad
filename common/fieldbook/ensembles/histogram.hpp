#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fieldbook {

/// Counts of values in equal bins on [low, high), with what fell below and above.
class Histogram {
 public:
  Histogram(double low, double high, int bins)
      : low_{low}, width_{(high - low) / bins}, counts_(static_cast<std::size_t>(bins)) {}

  void add(std::span<const double> values) {
    for (const double x : values) {
      const double position = (x - low_) / width_;
      ++total_;
      if (position < 0)
        ++below_;
      else if (position < static_cast<double>(counts_.size()))
        ++counts_[static_cast<std::size_t>(position)];
    }
  }

  /// Adds the counts of a histogram with the same bins.
  void merge(const Histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    below_ += other.below_;
    total_ += other.total_;
  }

  std::size_t bins() const { return counts_.size(); }
  std::int64_t count(std::size_t bin) const { return counts_[bin]; }
  std::int64_t total() const { return total_; }
  double centre(std::size_t bin) const { return low_ + (static_cast<double>(bin) + 0.5) * width_; }
  double bin_width() const { return width_; }

  /// The value below which a fraction p of all values lies, interpolated inside its bin (an error of second order in
  /// the bin's width); not a number if that value is outside the bins.
  double quantile(double p) const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& low_& width_& counts_& below_& total_;
  }

 private:
  double low_;
  double width_;
  std::vector<std::int64_t> counts_;
  std::int64_t below_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace fieldbook
