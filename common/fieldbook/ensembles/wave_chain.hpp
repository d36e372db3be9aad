#pragma once

#include <fieldbook/networks/wave_network.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace fieldbook {

/// A local interaction S = sum over sites of quadratic phi^2 + quartic phi^4; the spacing is part of the coefficients.
struct SiteAction {
  double quadratic = 0;
  double quartic = 0;

  /// S of a field.
  double operator()(std::span<const float> field) const;
};

/// A Markov chain whose law is the prior of a network times e^{-S}: neuron by neuron, it proposes a fresh neuron from the prior and
/// accepts it with probability min(1, e^{-dS}). Nothing but the prior and S is needed.
///
/// With `step` < 1, for Gaussian networks alone, the proposal mixes the present neuron with a fresh one,
/// (1 - step^2)^{1/2} old + step fresh, which leaves the prior invariant as well (preconditioned Crank-Nicolson; Cotter, Roberts, Stuart
/// and White 2013). Sweep n of chain c takes its random numbers from draw 2^40 c + n of its streams.
///
/// The observables of `measure` are the means over sites of phi^2 and phi^4, the mean of phi(x) phi(y) for every list of pairs, and
/// the fraction of proposals that the last sweep has accepted.
class WaveChain {
 public:
  /// For every lag a partner of each site (see PeriodicGrid::shifted).
  using Lags = std::vector<std::vector<std::size_t>>;

  /// Chain number `chain`; it starts from a network of the prior. `name` belongs to its own random numbers.
  /// std::invalid_argument for a step outside (0, 1], or below 1 with a network that is not Gaussian.
  WaveChain(std::shared_ptr<const WaveNetwork> network, SiteAction action, Lags lags, double step,
            std::uint64_t seed, const std::string& name, std::uint64_t chain);

  void sweep(std::uint64_t number);
  void measure(std::span<double> observables) const;
  std::size_t observables() const { return 3 + lags_.size(); }

  std::span<const Wave> waves() const { return waves_; }

  /// phi at every site.
  std::span<const float> field() const { return std::span{field_}.first(network_->grid().sites()); }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& waves_& field_& accepted_;
    if constexpr (Archive::is_loading::value) make_rows();
  }

 private:
  void make_rows();
  void visit(std::size_t neuron, const Wave& proposal, float threshold);

  std::shared_ptr<const WaveNetwork> network_;
  SiteAction action_;
  Lags lags_;
  double step_;
  Stream thresholds_;
  std::uint64_t first_draw_;
  std::vector<Wave> waves_, proposals_;
  std::vector<float> rows_;  ///< the values of every neuron at all sites
  std::vector<float> field_;
  std::vector<float> candidate_, threshold_;
  double accepted_ = 0;
};

}  // namespace fieldbook
