#include <fieldbook/networks/neuron_sum.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

NeuronSum::NeuronSum(std::string law, int width, std::uint64_t seed)
    : law_{std::move(law)},
      width_{width},
      first_{seed, fmt::format("{} {}: first factor", law_, width)},
      second_{seed, fmt::format("{} {}: second factor", law_, width)} {
  if (law_ != "linear" && law_ != "relu" && law_ != "skew" && law_ != "cauchy")
    throw std::invalid_argument{"NeuronSum: unknown law '" + law_ +
                                "'; known are linear, relu, skew, cauchy"};
  if (width < 1) throw std::invalid_argument{"NeuronSum: the width must be at least 1"};
  w_.resize(static_cast<std::size_t>(width));
  z_.resize(w_.size());
}

double NeuronSum::operator()(std::uint64_t draw) {
  if (law_ == "skew") {
    first_.exponentials(draw, w_);
    double sum = 0;
    for (const float e : w_) sum += e - 1;
    return sum / std::sqrt(width_);
  }
  second_.normals(draw, z_);
  if (law_ == "cauchy") {
    first_.cauchys(draw, w_);
    return dot(w_, z_) / width_;
  }
  first_.normals(draw, w_);
  if (law_ == "linear") return dot(w_, z_) / std::sqrt(width_);
  for (float& z : z_) z = std::max(z, 0.f);
  return std::sqrt(2.) * dot(w_, z_) / std::sqrt(width_);
}

}  // namespace fieldbook
