#include <fieldbook/ensembles/autocorrelation.hpp>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace fieldbook {

Estimate integrated_autocorrelation_time(std::span<const double> series) {
  const std::size_t n = series.size();
  if (n < 16) throw std::invalid_argument{"integrated_autocorrelation_time: needs at least 16 values"};
  const double mean = std::accumulate(series.begin(), series.end(), 0.) / static_cast<double>(n);
  std::vector<double> deviation;
  for (const double value : series) deviation.push_back(value - mean);
  const auto correlation = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < n; ++i) sum += deviation[i] * deviation[i + lag];
    return sum / static_cast<double>(n - lag);
  };
  const double variance = correlation(0);
  if (!(variance > 0)) throw std::invalid_argument{"integrated_autocorrelation_time: the series is constant"};
  double tau = 0.5;
  std::size_t window = 0;
  do {
    ++window;
    tau += correlation(window) / variance;
  } while (static_cast<double>(window) < 6 * tau && window < n / 2);
  return {tau, std::abs(tau) * std::sqrt((4 * static_cast<double>(window) + 2) / static_cast<double>(n))};
}

}  // namespace fieldbook
