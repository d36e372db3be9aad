#pragma once

#include <fieldbook/estimate.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace fieldbook {

/// A function of the merged blocks with the standard error of the delete-one-block jackknife: what a ratio, a fit or any
/// other nonlinear function of sample means needs. Two blocks or more, std::invalid_argument otherwise.
template <class Accumulator, class Function>
Estimate jackknife(const std::vector<Accumulator>& blocks, Function function) {
  const std::size_t count = blocks.size();
  if (count < 2) throw std::invalid_argument{"jackknife: needs at least two blocks"};
  // What comes before a block and what comes after it make up all the others
  std::vector<Accumulator> before{blocks.front()}, after{blocks.back()};
  for (std::size_t i = 1; i < count; ++i) {
    before.push_back(before.back());
    before.back().merge(blocks[i]);
    after.push_back(blocks[count - 1 - i]);
    after.back().merge(after[i - 1]);
  }
  std::vector<double> left_out;
  double mean = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Accumulator others = i == 0 ? after[count - 2] : before[i - 1];
    if (i > 0 && i + 1 < count) others.merge(after[count - 2 - i]);
    left_out.push_back(function(others));
    mean += left_out.back() / static_cast<double>(count);
  }
  double sum = 0;
  for (const double value : left_out) sum += (value - mean) * (value - mean);
  const auto n = static_cast<double>(count);
  return {function(before.back()), std::sqrt((n - 1) / n * sum)};
}

}  // namespace fieldbook
