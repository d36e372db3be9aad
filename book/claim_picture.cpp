#include "claim_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace book {
namespace {

constexpr double allowed = 0.8;

double pixel(double place) { return 50 + 48 * std::clamp(place, -1., 1.); }

/// What `allowed` is in the units of the claim.
double unit(const Claim& claim) {
  if (claim.kind == "statistical") return 5 * claim.standard_error.value_or(0);
  if (claim.kind == "bound") return std::max(std::abs(claim.predicted), std::abs(claim.measured));
  return claim.limit() * (claim.relative ? std::abs(claim.predicted) : 1);
}

}  // namespace

ClaimPosition position(const Claim& claim) {
  const double scale = unit(claim);
  const auto place = [&](double distance) {
    return scale > 0 ? allowed * distance / scale : std::copysign(distance == 0 ? 0 : 1, distance);
  };
  const bool bound = claim.kind == "bound";
  return {bound && claim.side == "above" ? 0
          : bound                        ? -1
                                         : -allowed,
          bound && claim.side == "below" ? 0
          : bound                        ? 1
                                         : allowed,
          place(claim.measured - claim.predicted), place(claim.standard_error.value_or(0))};
}

std::string claim_picture(const Claim& claim) {
  if (!std::isfinite(claim.measured) || !std::isfinite(claim.predicted)) return "";
  const auto [from, to, measured, error] = position(claim);
  const std::string bar = error > 0 ? fmt::format("<path class=\"bar\" d=\"M{:.1f} 7H{:.1f}\"/>",
                                                  pixel(measured - error), pixel(measured + error))
                                    : "";
  return fmt::format(
      "<svg class=\"picture-of-claim\" viewBox=\"0 0 100 14\" width=\"100\" height=\"14\" "
      "aria-hidden=\"true\">"
      "<path class=\"allowed\" d=\"M{:.1f} 3H{:.1f}V11H{:.1f}z\"/><path class=\"predicted\" d=\"M50 "
      "1V13\"/>{}"
      "<circle cx=\"{:.1f}\" cy=\"7\" r=\"2.5\"/></svg>",
      pixel(from), pixel(to), pixel(from), bar, pixel(measured));
}

}  // namespace book
