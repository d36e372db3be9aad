#include <fieldbook/elementary/trigonometric.hpp>
#include <fieldbook/networks/wave_network.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

/// Numbers come in pieces that fit on the stack, so that a draw allocates nothing.
constexpr std::size_t piece = 64;

}  // namespace

WaveNetwork::WaveNetwork(const PeriodicGrid& grid, AmplitudeLaw law, std::uint64_t seed,
                         const std::string& name)
    : grid_{grid},
      momenta_{seed, name + ": momenta"},
      phases_{seed, name + ": phases"},
      quadratures_{seed, name + ": quadratures"},
      amplitudes_{law, seed, name} {}

WaveNetwork WaveNetwork::random_momenta(const PeriodicGrid& grid, const Eigen::VectorXd& spectrum,
                                        double alpha, AmplitudeLaw law, int width, std::uint64_t seed,
                                        const std::string& name) {
  if (spectrum.size() != static_cast<Eigen::Index>(grid.sites()) || !(spectrum.minCoeff() >= 0) ||
      !(spectrum.sum() > 0) || width < 1)
    throw std::invalid_argument{
        "WaveNetwork: a width of 1 or more, and a spectrum without negative entries, one for each momentum"};
  WaveNetwork network{grid, law, seed, name};
  network.neurons_ = static_cast<std::size_t>(width);
  std::vector<double> weight;
  for (const double power : spectrum) weight.push_back(power > 0 ? std::pow(power, 1 + alpha) : 0);
  double total = 0;
  for (const double w : weight) total += w;
  double sum = 0;
  for (std::size_t k = 0; k < weight.size(); ++k) {
    const double probability = weight[k] / total;
    network.cumulative_.push_back(sum += probability);
    network.amplitude_.push_back(
        probability > 0
            ? static_cast<float>(std::sqrt(2 * spectrum[static_cast<Eigen::Index>(k)] / probability / width))
            : 0.f);
  }
  network.cumulative_.back() = 1;  // whatever the sum has lost in its last digits
  for (std::size_t j = 0, k = 0; j < weight.size(); ++j) {
    while (network.cumulative_[k] <= static_cast<double>(j) / static_cast<double>(weight.size())) ++k;
    network.guide_.push_back(static_cast<std::uint32_t>(k));
  }
  return network;
}

WaveNetwork WaveNetwork::every_momentum(const PeriodicGrid& grid, const Eigen::VectorXd& spectrum,
                                        std::uint64_t seed, const std::string& name) {
  if (grid.dimension() != 1 || spectrum.size() != static_cast<Eigen::Index>(grid.sites()) ||
      !(spectrum.minCoeff() >= 0))
    throw std::invalid_argument{
        "WaveNetwork: a circle, and a spectrum without negative entries, one for each momentum"};
  WaveNetwork network{grid, AmplitudeLaw::constant, seed, name};
  network.gaussian_ = true;
  network.neurons_ = grid.sites() / 2 + 1;
  for (std::size_t k = 0; k < network.neurons_; ++k) {
    const bool own_reflection = 2 * k % grid.sites() == 0;
    network.amplitude_.push_back(
        static_cast<float>(std::sqrt((own_reflection ? 1 : 2) * spectrum[static_cast<Eigen::Index>(k)])));
  }
  return network;
}

std::uint32_t WaveNetwork::momentum_at(float u) const {
  std::uint32_t k = guide_[static_cast<std::size_t>(u * static_cast<float>(guide_.size()))];
  while (cumulative_[k] <= static_cast<double>(u)) ++k;
  return k;
}

void WaveNetwork::draw(std::uint64_t draw, std::span<Wave> waves) const {
  if (gaussian_)
    draw_gaussian(draw, waves);
  else
    draw_random(draw, waves);
}

void WaveNetwork::draw_gaussian(std::uint64_t draw, std::span<Wave> waves) const {
  float normals[2 * piece];
  for (std::size_t first = 0; first < neurons_; first += piece) {
    const std::size_t count = std::min(piece, neurons_ - first);
    quadratures_.normals(draw, std::span{normals}.first(2 * count), 2 * first);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t k = first + i;
      const bool own_reflection = 2 * k % grid_.sites() == 0;
      waves[k] = {static_cast<std::uint32_t>(k), amplitude_[k] * normals[2 * i],
                  own_reflection ? 0.f : amplitude_[k] * normals[2 * i + 1]};
    }
  }
}

void WaveNetwork::draw_random(std::uint64_t draw, std::span<Wave> waves) const {
  float u[piece], s[piece];
  std::uint32_t turns[piece];
  for (std::size_t first = 0; first < neurons_; first += piece) {
    const std::size_t count = std::min(piece, neurons_ - first);
    momenta_.uniforms(draw, std::span{u}.first(count), first);
    phases_.words(draw, std::span{turns}.first(count), first);
    amplitudes_.draw(draw, std::span{s}.first(count), first);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t k = momentum_at(u[i]);
      const auto [cosine, sine] = elementary::turn(turns[i]);
      const float size = amplitude_[k] * s[i];
      waves[first + i] = {k, size * cosine, -size * sine};
    }
  }
}

void WaveNetwork::row(const Wave& wave, std::span<float> values) const {
  const auto cosines = grid_.cosines(wave.momentum), sines = grid_.sines(wave.momentum);
  for (std::size_t x = 0; x < values.size(); ++x) values[x] = wave.cosine * cosines[x] + wave.sine * sines[x];
}

void WaveNetwork::field(std::span<const Wave> waves, std::span<float> values) const {
  std::fill(values.begin(), values.end(), 0.f);
  for (const Wave& wave : waves) {
    const auto cosines = grid_.cosines(wave.momentum), sines = grid_.sines(wave.momentum);
    for (std::size_t x = 0; x < values.size(); ++x)
      values[x] += wave.cosine * cosines[x] + wave.sine * sines[x];
  }
}

}  // namespace fieldbook
