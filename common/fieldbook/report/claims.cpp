#include <fieldbook/report/claims.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace fieldbook {

namespace {

bool decide(const Claim& claim) {
  const double predicted = *claim.predicted;
  const auto [measured, error] = claim.measured;
  if (!std::isfinite(predicted) || !std::isfinite(measured) || !std::isfinite(error) || error < 0)
    return false;

  const double deviation = std::abs(measured - predicted);
  switch (claim.kind) {
    case ClaimKind::exact:
      return deviation <= claim.tolerance->size * (claim.tolerance->relative ? std::abs(predicted) : 1);
    case ClaimKind::statistical:
      return error > 0 && std::abs(claim.z) <= sigma_limit;
    case ClaimKind::scaling:
      return deviation <= claim.tolerance->size + sigma_limit * error;
    case ClaimKind::bound:
      return claim.side == Side::below ? measured <= predicted + sigma_limit * error
                                       : measured >= predicted - sigma_limit * error;
  }
  return false;
}

/// JSON has no NaN: what is not finite becomes null.
nlohmann::ordered_json finite_or_null(double number) {
  return std::isfinite(number) ? nlohmann::ordered_json(number) : nlohmann::ordered_json(nullptr);
}

}  // namespace

Claim& Claims::declare(ClaimKind kind, std::string id, std::string ref, std::string statement) {
  if (!index_.emplace(id, claims_.size()).second)
    throw std::logic_error{"claim " + id + " is declared twice"};
  Claim& claim = claims_.emplace_back();
  claim.id = std::move(id);
  claim.ref = std::move(ref);
  claim.statement = std::move(statement);
  claim.kind = kind;
  return claim;
}

Claim& Claims::exact(std::string id, std::string ref, std::string statement, Tolerance tolerance) {
  Claim& claim = declare(ClaimKind::exact, std::move(id), std::move(ref), std::move(statement));
  claim.tolerance = tolerance;
  return claim;
}

Claim& Claims::statistical(std::string id, std::string ref, std::string statement) {
  return declare(ClaimKind::statistical, std::move(id), std::move(ref), std::move(statement));
}

Claim& Claims::scaling(std::string id, std::string ref, std::string statement, double tolerance) {
  Claim& claim = declare(ClaimKind::scaling, std::move(id), std::move(ref), std::move(statement));
  claim.tolerance = absolute(tolerance);
  return claim;
}

Claim& Claims::bound(std::string id, std::string ref, std::string statement, Side side) {
  Claim& claim = declare(ClaimKind::bound, std::move(id), std::move(ref), std::move(statement));
  claim.side = side;
  return claim;
}

void Claims::leave_out(std::string id, std::string ref, std::string reason) {
  left_out_.push_back({std::move(id), std::move(ref), std::move(reason)});
}

void Claims::compare(const std::string& id, Estimate predicted, Estimate measured) {
  const auto found = index_.find(id);
  if (found == index_.end()) throw std::logic_error{"claim " + id + " was never declared"};
  Claim& claim = claims_[found->second];
  if (claim.predicted) throw std::logic_error{"claim " + id + " is decided twice"};

  claim.predicted = predicted.value;
  claim.measured = {measured.value, std::hypot(measured.standard_error, predicted.standard_error)};
  claim.z = (measured.value - predicted.value) / claim.measured.standard_error;
  claim.holds = decide(claim);
}

void Claims::require_all_decided() const {
  std::string undecided;
  for (const Claim& claim : claims_)
    if (!claim.predicted) undecided += " " + claim.id;
  if (!undecided.empty()) throw std::logic_error{"claims declared but never decided:" + undecided};
}

bool Claims::hold() const {
  return std::all_of(claims_.begin(), claims_.end(), [](const Claim& claim) { return claim.holds; });
}

std::optional<ChiSquare> Claims::chi_square() const {
  ChiSquare sum;
  for (const Claim& claim : claims_)
    if (claim.counts_in_chi_square && std::isfinite(claim.z)) {
      sum.value += claim.z * claim.z;
      ++sum.degrees;
    }
  if (sum.degrees < 2) return {};
  sum.p = cdf(complement(boost::math::chi_squared_distribution<double>(sum.degrees), sum.value));
  return sum;
}

std::string name(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::exact:
      return "exact";
    case ClaimKind::statistical:
      return "statistical";
    case ClaimKind::scaling:
      return "scaling";
    case ClaimKind::bound:
      return "bound";
  }
  return "";
}

nlohmann::ordered_json to_json(const Claim& claim, const std::string& lecture) {
  const bool sampled = claim.measured.standard_error > 0;
  nlohmann::ordered_json entry{
      {"id", claim.id},
      {"ref", claim.ref},
      {"lecture", lecture},
      {"statement", claim.statement},
      {"kind", name(claim.kind)},
      {"predicted", finite_or_null(claim.predicted.value_or(NAN))},
      {"measured", finite_or_null(claim.measured.value)},
      {"standard_error", sampled ? finite_or_null(claim.measured.standard_error) : nullptr},
      {"z", sampled ? finite_or_null(claim.z) : nullptr},
      {"tolerance", claim.tolerance ? nlohmann::ordered_json(claim.tolerance->size) : nullptr}};
  if (claim.tolerance) entry["relative"] = claim.tolerance->relative;
  if (claim.kind == ClaimKind::bound) entry["side"] = claim.side == Side::below ? "below" : "above";
  entry["holds"] = claim.holds;
  return entry;
}

}  // namespace fieldbook
