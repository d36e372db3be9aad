#pragma once

#include <map>
#include <vector>

namespace fieldbook {

/// Sizes of the parts of an integer, in descending order.
using Partition = std::vector<int>;

/// One term of a k-statistic: `weight` times the mean of x_{i1}^{p1} x_{i2}^{p2} ... over tuples of distinct draws, whose
/// sum over tuples is a polynomial in the power sums s_p = sum_i x_i^p. Products with s_1, which is zero for central
/// moments, are left out.
struct DistinctMean {
  double weight;
  int indices;                             ///< length of the tuples
  std::map<Partition, double> power_sums;  ///< coefficient of s_{p1} s_{p2} ...
};

/// The terms of the k-statistic of order r, 2 <= r <= 8.
const std::vector<DistinctMean>& terms_of_k_statistic(int r);

}  // namespace fieldbook
