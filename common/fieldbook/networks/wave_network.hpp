#pragma once

#include <fieldbook/networks/amplitudes.hpp>
#include <fieldbook/networks/periodic_grid.hpp>
#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// A neuron of a network on a periodic grid: cosine cos(k.x) + sine sin(k.x).
struct Wave {
  std::uint32_t momentum = 0;
  float cosine = 0;
  float sine = 0;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& momentum& cosine& sine;
  }
};

/// Networks phi(x) = sum_i wave_i(x) on a periodic grid whose two-point function is sum_k spectrum[k] cos(2 pi k.x / M), exactly and
/// at every width. The spectrum has one entry for each momentum, none negative, the same for k and -k.
///
/// Network number n is a function of (seed, name, n); drawing is safe from several threads.
class WaveNetwork {
 public:
  /// Random momenta: neurons N^{-1/2} (2 spectrum[k]/P_k)^{1/2} s cos(2 pi k.x / M + c), P_k proportional to spectrum[k]^{1 + alpha}, c
  /// uniform on a circle. At alpha = 0 all neurons have the same size. std::invalid_argument for a spectrum of the wrong length, with
  /// a negative or no positive entry, and for a width below 1.
  static WaveNetwork random_momenta(const PeriodicGrid& grid, const Eigen::VectorXd& spectrum, double alpha,
                                    AmplitudeLaw law, int width, std::uint64_t seed, const std::string& name);

  /// One neuron for each momentum of a circle up to reflection, k = 0 ... M/2, whose two quadratures are N(0, 2 spectrum[k]); the
  /// waves that are their own reflection have one quadrature, N(0, spectrum[k]). The fields are Gaussian. std::invalid_argument in two
  /// dimensions.
  static WaveNetwork every_momentum(const PeriodicGrid& grid, const Eigen::VectorXd& spectrum,
                                    std::uint64_t seed, const std::string& name);

  const PeriodicGrid& grid() const { return grid_; }
  std::size_t neurons() const { return neurons_; }

  /// Does neuron i always have momentum i, and Gaussian quadratures? Then mixtures of two draws are draws.
  bool gaussian() const { return gaussian_; }

  /// All neurons of network `draw`; `waves` has neurons() elements.
  void draw(std::uint64_t draw, std::span<Wave> waves) const;

  /// The wave at all sites, in a row of the grid's stride.
  void row(const Wave& wave, std::span<float> values) const;

  /// phi of these neurons at all sites, in a row of the grid's stride.
  void field(std::span<const Wave> waves, std::span<float> values) const;

 private:
  void draw_gaussian(std::uint64_t draw, std::span<Wave> waves) const;
  void draw_random(std::uint64_t draw, std::span<Wave> waves) const;

  WaveNetwork(const PeriodicGrid& grid, AmplitudeLaw law, std::uint64_t seed, const std::string& name);

  std::uint32_t momentum_at(float u) const;

  PeriodicGrid grid_;
  Stream momenta_, phases_, quadratures_;
  Amplitudes amplitudes_;
  std::size_t neurons_ = 0;
  bool gaussian_ = false;
  std::vector<double> cumulative_;    ///< sum of P up to and with k
  std::vector<std::uint32_t> guide_;  ///< the first momentum whose cumulative weight passes j / sites
  std::vector<float> amplitude_;      ///< of momentum k, N^{-1/2} included
};

}  // namespace fieldbook
