#pragma once

#include <optional>
#include <string>

#include "ledger.hpp"

namespace book {

/// A number as text in two notations: for a terminal `1.2(3)e-06`, for a page 1.2(3)×10⁻⁶ as HTML.
struct Number {
  std::string mantissa;         ///< with the error in parentheses, if any
  std::optional<int> exponent;  ///< power of ten, in scientific notation only

  std::string plain() const;
  std::string html() const;
};

/// A value with its standard error in units of the last digit: 0.3179(2).
/// The error keeps one digit, or two where the first is a 1; without an error six significant digits remain.
Number rounded(double value, std::optional<double> error = std::nullopt);

/// A value with the given number of significant digits, trailing zeros removed.
Number significant(double value, int digits);

/// What was predicted, with the digits that the measurement can tell.
Number predicted(const Claim& claim);

/// On which side of the prediction a bound keeps the measurement, "≤ " or "≥ "; empty for the other kinds.
std::string side(const Claim& claim);

/// What was measured, with its standard error.
Number measured(const Claim& claim);

/// How the claim was decided: `z = −0.50`, `|Δ| = 2e−16 ≤ 1e−9`, `margin 0.2`.
struct Criterion {
  std::string plain, html;
};
Criterion criterion(const Claim& claim);

}  // namespace book
