#include <fieldbook/ensembles/k_statistic_terms.hpp>
#include <fieldbook/numerics/set_partitions.hpp>

#include <algorithm>
#include <array>
#include <boost/math/special_functions/factorials.hpp>
#include <functional>

namespace fieldbook {

namespace {

double factorial(std::size_t n) { return boost::math::factorial<double>(static_cast<unsigned>(n)); }

/// sum over distinct indices of prod x_i^{part}, by inclusion and exclusion over the ways in which indices can meet.
std::map<Partition, double> over_distinct_indices(const Partition& parts) {
  std::map<Partition, double> polynomial;
  for (const SetPartition& meetings : set_partitions(static_cast<int>(parts.size()))) {
    Partition powers;
    double coefficient = 1;
    for (const std::vector<int>& block : meetings) {
      int power = 0;
      for (const int index : block) power += parts[static_cast<std::size_t>(index)];
      powers.push_back(power);
      coefficient *= factorial(block.size() - 1) * (block.size() % 2 == 1 ? 1 : -1);
    }
    std::sort(powers.begin(), powers.end(), std::greater{});
    if (powers.back() > 1) polynomial[powers] += coefficient;
  }
  return polynomial;
}

/// (-1)^{l-1} (l-1)! times the number of ways to cut a set into blocks of these sizes.
double weight_of(const Partition& parts) {
  double weight = factorial(parts.size() - 1) * (parts.size() % 2 == 1 ? 1 : -1);
  int total = 0;
  for (const int part : parts) {
    weight /= factorial(static_cast<std::size_t>(part));
    total += part;
  }
  for (int size = 1; size <= total; ++size)
    weight /= factorial(static_cast<std::size_t>(std::count(parts.begin(), parts.end(), size)));
  return weight * factorial(static_cast<std::size_t>(total));
}

/// Calls `visit` with every partition of `rest` into parts of at most `largest`, each appended to `begun`.
void for_each_partition(int rest, int largest, Partition begun,
                        const std::function<void(const Partition&)>& visit) {
  if (rest == 0) return visit(begun);
  for (int part = std::min(rest, largest); part >= 1; --part) {
    begun.push_back(part);
    for_each_partition(rest - part, part, begun, visit);
    begun.pop_back();
  }
}

std::vector<DistinctMean> terms(int r) {
  std::vector<DistinctMean> result;
  for_each_partition(r, r, {}, [&](const Partition& parts) {
    result.push_back({weight_of(parts), static_cast<int>(parts.size()), over_distinct_indices(parts)});
  });
  return result;
}

}  // namespace

const std::vector<DistinctMean>& terms_of_k_statistic(int r) {
  static const std::array<std::vector<DistinctMean>, 7> table{terms(2), terms(3), terms(4), terms(5),
                                                              terms(6), terms(7), terms(8)};
  return table.at(static_cast<std::size_t>(r - 2));
}

}  // namespace fieldbook
