#include "report.hpp"

#include <fieldbook/report/machine.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace calibration {

namespace {

using Json = nlohmann::ordered_json;

/// Four digits are what the spread of seeds can tell.
double rounded(double value) {
  return std::isfinite(value) ? std::stod(fmt::format("{:.4g}", value)) : value;
}

Json to_json(const Spread& spread) { return {rounded(spread.mean), rounded(spread.error)}; }

Json to_json(const Moments& moments) {
  return {to_json(moments.mean), to_json(moments.square), to_json(moments.cube)};
}

Json to_json(const ClaimSummary& claim) {
  Json json{{"id", claim.id},
            {"kind", claim.kind},
            {"runs", claim.runs},
            {"failures", claim.failures},
            {"used", {rounded(claim.median_used), rounded(claim.largest_used)}},
            {"adjusted", rounded(claim.adjusted)}};
  if (claim.scatter) json["scatter"] = to_json(*claim.scatter);
  if (!claim.tested()) return json;
  json["mean"] = to_json(claim.mean);
  json["variance"] = to_json(claim.variance);
  json["normality_p"] = rounded(claim.normality_p);
  json["squares_p"] = rounded(claim.squares_p);
  return json;
}

long tested(const ProgramSummary& program) {
  return std::ranges::count_if(program.claims, &ClaimSummary::tested);
}

Json to_json(const ProgramSummary& program) {
  Json claims = Json::array();
  std::vector<std::string> untested;
  long constant = 0;
  for (const auto& claim : program.claims) {
    if (!claim.constant || claim.failures > 0) claims.push_back(to_json(claim));
    constant += claim.constant;
    if (claim.constant && claim.kind == "statistical") untested.push_back(claim.id);
  }
  Json json{{"program", program.name}, {"claims", claims}, {"constant", constant}, {"untested", untested}};
  if (tested(program) > 0) json["moments"] = to_json(program.moments);
  if (program.chi_square_p) json["chi_square_p"] = rounded(*program.chi_square_p);
  json["worst"] = rounded(program.worst());
  return json;
}

std::string line(const ProgramSummary& program) {
  long failures = 0;
  for (const auto& claim : program.claims) failures += claim.failures;
  std::string text = fmt::format("{:<37} {:>3} claims", program.name, program.claims.size());
  if (const long count = tested(program); count > 0)
    text += fmt::format(", {:>2} tested: mean z {:5.2f} ± {:.2f}, mean z² {:.2f} ± {:.2f}, p {:.2g}", count,
                        program.moments.mean.mean, program.moments.mean.error, program.moments.square.mean,
                        program.moments.square.error, program.worst());
  if (failures > 0) text += fmt::format(", {} failures", failures);
  return text + '\n';
}

/// What is to be said of a claim, a line each; empty where all is well.
std::string remarks(const std::string& program, const ClaimSummary& claim) {
  const std::string name = program + " " + claim.id;
  std::string text;
  if (claim.adjusted < family_wise_level && claim.tested())
    text += fmt::format("MISCALIBRATED {}: mean z {:.2f} ± {:.2f}, variance {:.2f} ± {:.2f}, p {:.2g}\n",
                        name, claim.mean.mean, claim.mean.error, claim.variance.mean, claim.variance.error,
                        claim.adjusted);
  if (claim.failures > 0)
    text += fmt::format("{} {}: {} of {} runs, by chance with probability {:.2g}\n",
                        claim.adjusted < family_wise_level ? "FAILS" : "fails", name, claim.failures,
                        claim.runs, claim.failures_p);
  if (!claim.constant && claim.failures == 0 && claim.largest_used > close_to_the_edge)
    text += fmt::format("close to its edge: {} ({}): uses {:.3f} of what it allows, {:.3f} in the median\n",
                        name, claim.kind, claim.largest_used, claim.median_used);
  if (claim.scatter && claim.scatter->mean - 3 * claim.scatter->error > largest_scatter)
    text += fmt::format("error bar too small: {} ({}): scatters {:.2f} ± {:.2f} times as much as it says\n",
                        name, claim.kind, claim.scatter->mean, claim.scatter->error);
  if (claim.constant && claim.kind == "statistical")
    text += fmt::format("not tested: {} is the same for every seed\n", name);
  return text;
}

std::string remarks(const ProgramSummary& program) {
  std::string text;
  for (const auto& claim : program.claims) text += remarks(program.name, claim);
  if (program.chi_square_adjusted < family_wise_level)
    text += fmt::format("MISCALIBRATED {}: χ² of its independent claims, p {:.2g}\n", program.name,
                        program.chi_square_adjusted);
  return text;
}

}  // namespace

std::string plain(const Verdict& verdict) {
  std::string text, said;
  long tests = 0;
  for (const auto& program : verdict.programs) {
    text += line(program);
    said += remarks(program);
    tests += tested(program);
  }
  const auto& [mean, square, cube] = verdict.moments;
  return text + said +
         fmt::format(
             "{} statistical claims over {} seeds: mean z {:.3f} ± {:.3f}, z² {:.3f} ± {:.3f}, z³ {:.3f} ± "
             "{:.3f}; {}\n",
             tests, verdict.seeds, mean.mean, mean.error, square.mean, square.error, cube.mean, cube.error,
             verdict.miscalibrated() ? "NOT calibrated" : "calibrated");
}

Json to_json(const Verdict& verdict) {
  Json programs = Json::array();
  for (const auto& program : verdict.programs) programs.push_back(to_json(program));
  return {{"schema", 1},
          {"date", fieldbook::today()},
          {"version", FIELDBOOK_VERSION},
          {"processor", fieldbook::processor_name()},
          {"seeds", verdict.seeds},
          {"level", family_wise_level},
          {"edge", close_to_the_edge},
          {"scatter", largest_scatter},
          {"caption", caption},
          {"moments", to_json(verdict.moments)},
          {"programs", programs}};
}

}  // namespace calibration
