#include <fieldbook/fields/line_net_moments.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace fieldbook {

namespace {

void require_mass(double mass) {
  if (!(mass > 0)) throw std::invalid_argument{"line_net_moments: the mass must be positive"};
}

std::vector<double> at(const std::vector<double>& times, const std::vector<int>& indices) {
  std::vector<double> chosen;
  for (const int i : indices) chosen.push_back(times.at(static_cast<std::size_t>(i)));
  return chosen;
}

}  // namespace

NeuronMoment plane_wave_moment(double mass, std::vector<double> times) {
  require_mass(mass);
  return [mass, times = std::move(times)](const std::vector<int>& indices) {
    const std::vector<double> t = at(times, indices);
    const auto n = static_cast<unsigned>(t.size());
    double sum = 0;
    for (unsigned signs = 0; signs < (1u << n); ++signs) {
      if (2 * static_cast<unsigned>(std::popcount(signs)) != n)
        continue;  // the phase averages the others away
      double total = 0;
      for (unsigned i = 0; i < n; ++i) total += (signs >> i & 1u) != 0 ? t[i] : -t[i];
      sum += std::exp(-mass * std::abs(total));
    }
    return sum / std::pow(4 * mass, n / 2.);
  };
}

NeuronMoment telegraph_moment(double mass, std::vector<double> times) {
  require_mass(mass);
  return [mass, times = std::move(times)](const std::vector<int>& indices) {
    std::vector<double> t = at(times, indices);
    if (t.size() % 2 != 0) return 0.;
    std::sort(t.begin(), t.end());
    double apart = 0;
    for (std::size_t i = 0; i < t.size(); i += 2) apart += t[i + 1] - t[i];
    return std::exp(-mass * apart) / std::pow(2 * mass, static_cast<double>(t.size()) / 2);
  };
}

}  // namespace fieldbook
