#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <cmath>

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
      a_(width_) {}

std::span<const float> OneHiddenLayer::features(std::uint64_t draw, std::span<const double> x) {
  hidden_weights_.normals(draw, w_);
  biases_.normals(draw, b_);
  features_.resize(width_ * x.size());
  for (std::size_t p = 0; p < x.size(); ++p) {
    float* const row = features_.data() + p * width_;
    const float scaled = weight_scale_ * static_cast<float>(x[p]);
    for (std::size_t i = 0; i < width_; ++i) row[i] = scaled * w_[i] + bias_scale_ * b_[i];
  }
  activate(activation_, features_);
  return features_;
}

std::vector<double> OneHiddenLayer::outputs(std::uint64_t draw, std::span<const double> x) {
  const std::span<const float> f = features(draw, x);
  output_weights_.normals(draw, a_);
  std::vector<double> phi;
  for (std::size_t p = 0; p < x.size(); ++p)
    phi.push_back(dot(a_, f.subspan(p * width_, width_)) / std::sqrt(static_cast<double>(width_)));
  return phi;
}

}  // namespace fieldbook
