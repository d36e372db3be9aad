#pragma once

#include <fieldbook/random/stream.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace fieldbook {

/// The law of the random amplitude s of a neuron, symmetric or one, with < s^2 > = 1.
enum class AmplitudeLaw {
  constant,  ///< s = 1; < s^4 > = 1, < s^6 > = 1
  rayleigh,  ///< s^2 exponential, fair sign; < s^4 > = 2, < s^6 > = 6. Times a wave of random phase: Gaussian quadratures
  gauss,  ///< s ~ N(0, 1); < s^4 > = 3, < s^6 > = 15
};

/// The law called `constant`, `rayleigh` or `gauss`; std::invalid_argument for another name.
AmplitudeLaw amplitude_law(const std::string& name);

/// The amplitudes of the neurons of network number n are a function of (seed, name, n). `first` is the number of the first neuron that is
/// wanted, a multiple of 4 (see Stream).
class Amplitudes {
 public:
  Amplitudes(AmplitudeLaw law, std::uint64_t seed, const std::string& name);

  template <class Real>
  void draw(std::uint64_t draw, std::span<Real> s, std::uint64_t first = 0) const;

 private:
  AmplitudeLaw law_;
  Stream sizes_, signs_;
};

extern template void Amplitudes::draw(std::uint64_t, std::span<float>, std::uint64_t) const;
extern template void Amplitudes::draw(std::uint64_t, std::span<double>, std::uint64_t) const;

}  // namespace fieldbook
