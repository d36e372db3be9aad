#pragma once

#include <functional>
#include <vector>

namespace fieldbook {

/// The density of an even law from its characteristic function chi(t) = < cos(t x) >, by the trapezoidal rule on a uniform grid:
/// spectrally accurate as long as the law has nothing beyond pi / step, and truncated where the grid ends.
class CharacteristicFunction {
 public:
  /// Samples chi at t = 0, step, ..., until `reach`. std::invalid_argument for a step or reach that is not positive.
  CharacteristicFunction(const std::function<double(double)>& chi, double step, double reach);

  /// p(x) = (1/pi) int_0^reach cos(t x) chi(t) dt.
  double density(double x) const;

  /// int_a^b p(x) dx.
  double probability(double a, double b) const;

 private:
  double step_;
  std::vector<double> values_;
};

}  // namespace fieldbook
