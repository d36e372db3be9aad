#include "comparison.hpp"

#include <cmath>
#include <stdexcept>

namespace values {

double Comparison::deviation() const {
  if (ours.size() != theirs.size() || ours.empty()) throw std::logic_error{quantity + ": nothing to compare"};
  double largest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double difference = std::abs(ours[i] - theirs[i]);
    const double relative = theirs[i] == 0 ? difference : difference / std::abs(theirs[i]);
    if (!(relative <= largest)) largest = relative;
  }
  return largest;
}

std::vector<Comparison> all_comparisons() {
  std::vector<Comparison> all;
  for (const auto& part : {from_literature(), from_fifty_digits(), from_neural_tangents(), from_gsl()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace values
