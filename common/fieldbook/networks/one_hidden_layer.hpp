#pragma once

#include <fieldbook/activation.hpp>
#include <fieldbook/random/stream.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// Networks phi(x) = N^{-1/2} sum_i a_i sigma(w_i x + b_i) on the line, with w_i ~ N(0, weight_variance),
/// b_i ~ N(0, bias_variance) and a_i ~ N(0, 1), all independent; there is no output bias.
///
/// Network number n is a function of (seed, name, n). Not safe to share between threads: every thread makes its own.
/// std::invalid_argument for a width or variance that makes no sense.
class OneHiddenLayer {
 public:
  OneHiddenLayer(Activation activation, int width, double weight_variance, double bias_variance,
                 std::uint64_t seed, const std::string& name);

  /// sigma(w_i x + b_i) of network `draw` at every x: width values for the first x, then for the second, ...
  std::span<const float> features(std::uint64_t draw, std::span<const double> x);

  /// phi(x) of network `draw` at every x.
  std::vector<double> outputs(std::uint64_t draw, std::span<const double> x);

 private:
  void draw_hidden(std::uint64_t draw);
  void features_at(double x, std::span<float> row) const;

  Activation activation_;
  std::size_t width_;
  float weight_scale_;
  float bias_scale_;
  Stream hidden_weights_;
  Stream biases_;
  Stream output_weights_;
  std::vector<float> w_, b_, a_, features_;
};

}  // namespace fieldbook
