#include <fieldbook/networks/neuron_sum.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

DrawsAhead::Law first_factor(const std::string& law, int width) {
  if (law != "linear" && law != "relu" && law != "skew" && law != "cauchy")
    throw std::invalid_argument{"NeuronSum: unknown law '" + law + "'; known are linear, relu, skew, cauchy"};
  if (width < 1) throw std::invalid_argument{"NeuronSum: the width must be at least 1"};
  if (law == "skew") return &Stream::exponentials;
  if (law == "cauchy") return &Stream::cauchys;
  return &Stream::normals;
}

}  // namespace

NeuronSum::NeuronSum(std::string law, int width, std::uint64_t seed)
    : law_{std::move(law)},
      width_{width},
      first_{{seed, fmt::format("{} {}: first factor", law_, width)},
             static_cast<std::size_t>(width),
             first_factor(law_, width)},
      second_{{seed, fmt::format("{} {}: second factor", law_, width)},
              static_cast<std::size_t>(width),
              &Stream::normals},
      z_(static_cast<std::size_t>(width)) {}

double NeuronSum::operator()(std::uint64_t draw) {
  const std::span<const float> w = first_(draw);
  if (law_ == "skew") {
    double sum = 0;
    for (const float e : w) sum += e - 1;
    return sum / std::sqrt(width_);
  }
  const std::span<const float> z = second_(draw);
  if (law_ == "cauchy") return dot(w, z) / width_;
  if (law_ == "linear") return dot(w, z) / std::sqrt(width_);
  for (std::size_t i = 0; i < z.size(); ++i) z_[i] = std::max(z[i], 0.f);
  return std::sqrt(2.) * dot(w, z_) / std::sqrt(width_);
}

}  // namespace fieldbook
