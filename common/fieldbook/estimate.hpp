#pragma once

#include <cmath>

namespace fieldbook {

/// A number with its standard error: what a measurement is, here and in every ledger.
///
/// An exact number is an estimate whose standard error is zero, so that a prediction may be either.
struct Estimate {
  double value = 0;
  double standard_error = 0;

  Estimate() = default;
  Estimate(double exact) : value{exact} {}  // NOLINT: a number is an estimate without error
  Estimate(double measured, double error) : value{measured}, standard_error{error} {}

  /// The same quantity in other units: value and standard error times `factor`.
  Estimate times(double factor) const {
    return {value * factor, standard_error * (factor < 0 ? -factor : factor)};
  }

  /// The square root of a mean square, with the error of first order.
  Estimate root() const { return {std::sqrt(value), standard_error / (2 * std::sqrt(value))}; }
};

}  // namespace fieldbook
