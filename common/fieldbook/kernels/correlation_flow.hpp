#pragma once

#include <fieldbook/kernels/nngp.hpp>

#include <vector>

namespace fieldbook {

/// The flow of a deep network's variance and correlation by iteration: it knows the activation and no derivative, and so checks
/// signal_propagation.hpp independently.
///
/// The activation at variance q is expanded in normalised Hermite polynomials, sigma(sqrt q z) = sum_k a_k h_k(z), which turns both maps
/// into sums (Mehler's formula): q' = sigma_b^2 + sigma_w^2 sum a_k^2 and 1 - c' = (sigma_w^2 / q) sum_k a_k^2 (1 - c^k). In
/// terms of the gap 1 - c no digits are lost where c is close to 1. For odd activations that grow no faster than linearly.
class CorrelationFlow {
 public:
  /// Iterates the variance from 1 to its fixed point, and expands the activation there.
  explicit CorrelationFlow(const DeepLaw& law);

  /// The fixed point q*.
  double variance() const { return variance_; }

  /// The factor by which the variance comes closer to q* in a layer, once it is close and before rounding is felt.
  double variance_rate() const;

  /// 1 - c' from 1 - c, at variance q*.
  double next(double gap) const;

  /// 1 - c after `layers` layers.
  double after(double gap, int layers) const;

  /// The factor by which differences of successive layers shrink, after `layers` layers.
  double rate(double gap, int layers) const;

  /// dc'/dc at c = 1.
  double slope_at_one() const { return next(1e-9) / 1e-9; }

 private:
  double mean_square(double q) const;
  void expand();

  DeepLaw law_;
  double variance_ = 0;
  std::vector<double> squares_, variances_;
};

}  // namespace fieldbook
