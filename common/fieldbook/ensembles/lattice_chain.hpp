#pragma once

#include <fieldbook/random/stream.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace fieldbook {

/// phi^4 theory on a periodic L x L lattice of unit spacing, S = sum over sites of [phi(-Laplacian + mass2)phi/2 + lambda phi^4/24],
/// as an ordinary Metropolis chain in the field itself: site by site, phi is moved by a uniform number in [-width, width]. It shares
/// nothing with networks. Chain number c takes its random numbers from draws 2^40 c + sweep of its streams.
///
/// The observables of `measure` are the means over sites of phi^2, phi^4 and phi(x) phi(y) for nearest neighbours in both directions,
/// and the fraction of moves that the last sweep has accepted.
class LatticeChain {
 public:
  /// std::invalid_argument for L < 2 or lambda < 0.
  LatticeChain(int side, double mass2, double lambda, double width, std::uint64_t seed, std::uint64_t chain);

  void sweep(std::uint64_t number);
  void measure(std::span<double> observables) const;
  static constexpr std::size_t observables() { return 4; }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& field_& accepted_;
  }

 private:
  int side_;
  double quadratic_, quartic_, width_;
  Stream moves_, thresholds_;
  std::uint64_t first_draw_;
  std::vector<double> field_;
  std::vector<float> move_, threshold_;
  double accepted_ = 0;
};

}  // namespace fieldbook
