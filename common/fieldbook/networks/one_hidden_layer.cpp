#include <fieldbook/networks/activate_rows.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

OneHiddenLayer::OneHiddenLayer(Activation activation, int width, double weight_variance, double bias_variance,
                               std::uint64_t seed, const std::string& name)
    : activation_{activation},
      width_{static_cast<std::size_t>(width)},
      weight_scale_{static_cast<float>(std::sqrt(weight_variance))},
      bias_scale_{static_cast<float>(std::sqrt(bias_variance))},
      hidden_weights_{seed, name + ": hidden weights"},
      biases_{seed, name + ": hidden biases"},
      output_weights_{seed, name + ": output weights"},
      w_(width_),
      b_(width_),
      a_(width_) {
  if (width < 1 || !(weight_variance >= 0) || !(bias_variance >= 0))
    throw std::invalid_argument{"OneHiddenLayer: the width must be at least 1, variances not negative"};
}

void OneHiddenLayer::draw_hidden(std::uint64_t draw) {
  hidden_weights_.normals(draw, w_);
  biases_.normals(draw, b_);
}

void OneHiddenLayer::features_at(double x, std::span<float> row) const {
  const float scaled = weight_scale_ * static_cast<float>(x);
  with_activation(activation_, [&](auto sigma) {
    activate_row(sigma, row, [scaled, scale = bias_scale_, w = w_.data(), b = b_.data()](std::size_t i) {
      return scaled * w[i] + scale * b[i];
    });
  });
}

std::span<const float> OneHiddenLayer::features(std::uint64_t draw, std::span<const double> x) {
  draw_hidden(draw);
  features_.resize(width_ * x.size());
  for (std::size_t p = 0; p < x.size(); ++p)
    features_at(x[p], std::span{features_}.subspan(p * width_, width_));
  return features_;
}

std::vector<double> OneHiddenLayer::outputs(std::uint64_t draw, std::span<const double> x) {
  draw_hidden(draw);
  output_weights_.normals(draw, a_);
  // One row of features at a time: all that is touched stays in the cache next to the core
  features_.resize(width_);
  std::vector<double> phi;
  for (const double at : x) {
    features_at(at, features_);
    phi.push_back(dot(a_, features_) / std::sqrt(static_cast<double>(width_)));
  }
  return phi;
}

}  // namespace fieldbook
