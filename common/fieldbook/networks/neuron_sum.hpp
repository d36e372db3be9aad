#pragma once

#include <fieldbook/random/draws_ahead.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// A network of one hidden layer at a single input: phi = N^{-1/2} sum_i X_i with independent neurons X_i of mean 0 and
/// variance 1, whose law is one of
/// - `linear`: X = w z, w and z ~ N(0, 1);
/// - `relu`: X = sqrt(2) w max(z, 0);
/// - `skew`: X = E - 1, E ~ Exp(1);
/// - `cauchy`: X = w z with w of the standard Cauchy law; it has no variance, and phi = N^{-1} sum_i X_i.
///
/// Network number n is a function of (seed, law, width, n). Not safe to share between threads: every thread makes its
/// own. std::invalid_argument for another law or a width below 1.
class NeuronSum {
 public:
  NeuronSum(std::string law, int width, std::uint64_t seed);

  /// phi of network `draw`.
  double operator()(std::uint64_t draw);

 private:
  std::string law_;
  int width_;
  DrawsAhead first_, second_;
  std::vector<float> z_;
};

}  // namespace fieldbook
