#include "observation.hpp"

#include <fieldbook/report/errors.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>

#include "../programs/run.hpp"

namespace calibration {

double share_used(const book::Claim& claim) {
  const double allowed = 5 * claim.standard_error.value_or(0);
  if (claim.kind == "statistical") return claim.deviation() / allowed;
  if (claim.kind != "bound") return claim.deviation() == 0 ? 0 : claim.deviation() / claim.limit();
  const double beyond = (claim.measured - claim.predicted) * (claim.side == "below" ? 1 : -1);
  if (allowed > 0) return beyond / allowed;
  const double scale = std::max(std::abs(claim.measured), std::abs(claim.predicted));
  return scale > 0 ? 1 + beyond / scale : 1;
}

Run reduced(const book::Ledger& ledger) {
  Run run;
  for (const auto& claim : ledger.claims) {
    const bool sampled = claim.standard_error.value_or(0) > 0;
    run.claims[claim.id] = {.kind = claim.kind,
                            .z = claim.kind == "statistical" ? claim.z : std::nullopt,
                            .measured = claim.measured,
                            .used = share_used(claim),
                            .sampled = sampled,
                            .predicted = sampled ? std::optional{claim.predicted} : std::nullopt,
                            .standard_error = sampled ? claim.standard_error : std::nullopt,
                            .holds = claim.holds};
  }
  if (ledger.chi_square) run.chi_square_p = ledger.chi_square->p;
  return run;
}

namespace {

/// JSON has no NaN: null stands for it.
double number(const nlohmann::json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

std::optional<double> maybe_number(const nlohmann::json& json, const char* key) {
  return json.contains(key) ? std::optional{number(json[key])} : std::nullopt;
}

}  // namespace

nlohmann::json to_json(const Run& run) {
  nlohmann::json claims = nlohmann::json::object();
  for (const auto& [id, seen] : run.claims) {
    nlohmann::json& entry = claims[id] = {{"kind", seen.kind},
                                          {"measured", seen.measured},
                                          {"used", seen.used},
                                          {"sampled", seen.sampled},
                                          {"holds", seen.holds}};
    if (seen.z) entry["z"] = *seen.z;
    if (seen.predicted) entry["predicted"] = *seen.predicted;
    if (seen.standard_error) entry["standard_error"] = *seen.standard_error;
  }
  nlohmann::json json{{"claims", claims}};
  if (run.chi_square_p) json["chi_square_p"] = *run.chi_square_p;
  return json;
}

Run run_from_json(const nlohmann::json& json) {
  Run run{.claims = {}, .chi_square_p = maybe_number(json, "chi_square_p")};
  for (const auto& [id, entry] : json.at("claims").items())
    run.claims[id] = {.kind = entry.at("kind"),
                      .z = maybe_number(entry, "z"),
                      .measured = number(entry.at("measured")),
                      .used = number(entry.at("used")),
                      .sampled = entry.at("sampled"),
                      .predicted = maybe_number(entry, "predicted"),
                      .standard_error = maybe_number(entry, "standard_error"),
                      .holds = entry.at("holds")};
  return run;
}

Run observe(const std::filesystem::path& executable, int seed, const std::string& options) {
  const programs::Scratch scratch;
  const std::filesystem::path out = scratch.path / "out";
  const auto outcome =
      programs::run(scratch, fmt::format("'{}' --quick --no-figures --keep-going --seed {} --out '{}' {}",
                                         executable.string(), seed, out.string(), options));
  if (outcome.status == 128 + SIGINT || outcome.status == 128 + SIGTERM)
    throw fieldbook::Interrupted{outcome.status - 128};
  if (outcome.status != 0)
    throw RunFailed{fmt::format("{} --seed {}: exit status {}: {}", executable.string(), seed, outcome.status,
                                outcome.err)};
  return reduced(book::read_ledger(out / "ledger.json"));
}

}  // namespace calibration
