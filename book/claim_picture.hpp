#pragma once

#include <string>

#include "ledger.hpp"

namespace book {

/// Where a claim stands, as lengths of a picture from -1 to 1 with the prediction at 0. What the claim allows reaches from
/// `from` to `to`: 0.8 is five standard errors, the tolerance of an exact or scaling claim, or for a bound the larger of prediction
/// and measurement. What lies outside of the picture is put at its edge.
struct ClaimPosition {
  double from, to;
  double measured;
  double error;  ///< one standard error; zero if nothing was sampled
};

/// The measurement must be finite.
ClaimPosition position(const Claim& claim);

/// A small SVG of prediction, measurement with its error bar, and what is allowed; empty if there is no number. It repeats
/// what the table says in digits, so screen readers pass over it.
std::string claim_picture(const Claim& claim);

}  // namespace book
