#include <fieldbook/numerics/rates.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace fieldbook {

double median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument{"nothing has no median"};
  if (std::ranges::any_of(values, [](double v) { return std::isnan(v); }))
    return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double farthest(std::span<const double> values, double from) {
  if (values.empty()) throw std::invalid_argument{"nothing is farthest of no values"};
  return *std::ranges::max_element(values, {}, [from](double v) {
    return std::isfinite(v) ? std::abs(v - from) : std::numeric_limits<double>::infinity();
  });
}

double log_log_slope(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < 2)
    throw std::invalid_argument{"a slope needs two points or more, with a value at each"};
  double mean_x = 0, mean_y = 0, above = 0, below = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    mean_x += std::log(x[k]) / static_cast<double>(x.size());
    mean_y += std::log(y[k]) / static_cast<double>(x.size());
  }
  for (std::size_t k = 0; k < x.size(); ++k) {
    above += (std::log(x[k]) - mean_x) * (std::log(y[k]) - mean_y);
    below += (std::log(x[k]) - mean_x) * (std::log(x[k]) - mean_x);
  }
  return above / below;
}

}  // namespace fieldbook
