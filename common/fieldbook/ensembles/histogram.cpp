#include <fieldbook/ensembles/histogram.hpp>

#include <limits>

namespace fieldbook {

double Histogram::quantile(double p) const {
  const double wanted = p * static_cast<double>(total_);
  auto seen = static_cast<double>(below_);
  if (wanted < seen) return std::numeric_limits<double>::quiet_NaN();
  for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
    const auto count = static_cast<double>(counts_[bin]);
    if (count > 0 && wanted <= seen + count)
      return low_ + (static_cast<double>(bin) + (wanted - seen) / count) * width_;
    seen += count;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace fieldbook
