#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "ledger.hpp"

namespace calibration {

/// What one run said of one claim.
struct Observation {
  std::string kind;
  std::optional<double> z;  ///< of a statistical claim
  double measured = 0;      ///< NaN if it was not finite
  double used = 0;          ///< share of what the claim allows that was used: 1 at the edge (see share_used)
  bool sampled = false;     ///< has a standard error
  std::optional<double> predicted;       ///< of a sampled claim; empty in records made before it was kept
  std::optional<double> standard_error;  ///< likewise
  bool holds = false;
};

/// What one run of a program said: its claims by id, and the p-value of χ² over its independent z.
struct Run {
  std::map<std::string, Observation> claims;
  std::optional<double> chi_square_p;
};

/// How much of what it is allowed a claim has used. Statistical, scaling and exact claims: |measured - predicted| over the
/// deviation at which they fail. Sampled bounds: how far beyond the bound, in units of the five standard errors; negative on the
/// right side. Bounds without error: 1 less the distance from the bound, in units of the larger of the two numbers.
double share_used(const book::Claim& claim);

/// What matters of a ledger here.
Run reduced(const book::Ledger& ledger);

nlohmann::json to_json(const Run& run);
Run run_from_json(const nlohmann::json& json);

/// A program that did not run to its end; the text says which, how and what it said.
struct RunFailed : std::runtime_error {
  using runtime_error::runtime_error;
};

/// Runs a program with --quick for one seed and reads its ledger. Throws RunFailed, or fieldbook::Interrupted after Ctrl-C.
Run observe(const std::filesystem::path& executable, int seed, const std::string& options);

}  // namespace calibration
