#include "verdict.hpp"

#include <fieldbook/report/claims.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace calibration {

namespace {

using Runs = std::vector<const Run*>;

/// What the runs say of each claim, in the order of their ids; a run may have left a claim out.
std::map<std::string, std::vector<Observation>> by_claim(const Runs& runs) {
  std::map<std::string, std::vector<Observation>> claims;
  for (const Run* run : runs)
    for (const auto& [id, seen] : run->claims) claims[id].push_back(seen);
  return claims;
}

bool all_equal(const std::vector<Observation>& seen) {
  return std::ranges::all_of(seen, [&](const auto& one) { return one.measured == seen.front().measured; });
}

Spread variance_of(const std::vector<double>& z) {
  const auto n = static_cast<double>(z.size());
  const double variance = n * std::pow(over_seeds(z).error, 2);
  return {variance, variance * std::sqrt(2 / (n - 1))};
}

double mean_power(const std::vector<double>& z, int power) {
  double sum = 0;
  for (const double value : z) sum += std::pow(value, power);
  return sum / static_cast<double>(z.size());
}

/// Averages over the claims of each seed, then over the seeds.
Moments moments_of(const std::vector<std::vector<double>>& z_of_seeds) {
  std::vector<double> means, squares, cubes;
  for (const auto& z : z_of_seeds) {
    if (z.empty()) continue;
    means.push_back(mean_power(z, 1));
    squares.push_back(mean_power(z, 2));
    cubes.push_back(mean_power(z, 3));
  }
  if (means.size() < 2) return {};
  return {over_seeds(means), over_seeds(squares), over_seeds(cubes)};
}

void test(ClaimSummary& claim) {
  // What is not sampled may not fail at all
  claim.failures_p =
      failures_p_value(claim.failures, claim.runs, claim.sampled ? fieldbook::five_sigma_p_value : 0);
  claim.p = claim.failures_p;
  if (!claim.tested()) return;
  claim.mean = over_seeds(claim.z);
  claim.variance = variance_of(claim.z);
  claim.normality_p = normality_p_value(claim.z);
  claim.squares_p = squares_p_value(claim.z);
  claim.p = std::min(1., 3 * std::min({claim.normality_p, claim.squares_p, claim.failures_p}));
}

ClaimSummary summary(const std::string& id, const std::vector<Observation>& seen) {
  ClaimSummary claim;
  claim.id = id;
  claim.kind = seen.front().kind;
  claim.runs = static_cast<int>(seen.size());
  claim.constant = all_equal(seen);
  if (!claim.constant) claim.scatter = scatter_of(seen);
  std::vector<double> used;
  for (const auto& one : seen) {
    claim.failures += one.holds ? 0 : 1;
    claim.sampled = claim.sampled || one.sampled;
    if (!std::isnan(one.used)) used.push_back(one.used);
    if (one.z && !claim.constant) claim.z.push_back(*one.z);
  }
  if (!used.empty()) {
    std::ranges::sort(used);
    claim.median_used = used[used.size() / 2];
    claim.largest_used = used.back();
  }
  test(claim);
  return claim;
}

ProgramSummary summary(const std::string& name, const Runs& runs, std::vector<std::vector<double>>& pooled) {
  ProgramSummary program;
  program.name = name;
  for (const auto& [id, seen] : by_claim(runs)) program.claims.push_back(summary(id, seen));
  std::vector<std::vector<double>> z(runs.size());
  std::vector<double> chi_square_p;
  for (std::size_t seed = 0; seed < runs.size(); ++seed) {
    for (const auto& claim : program.claims)
      if (const auto seen = runs[seed]->claims.find(claim.id);
          claim.tested() && seen != runs[seed]->claims.end() && seen->second.z)
        z[seed].push_back(*seen->second.z);
    pooled[seed].insert(pooled[seed].end(), z[seed].begin(), z[seed].end());
    if (const auto p = runs[seed]->chi_square_p) chi_square_p.push_back(*p);
  }
  program.moments = moments_of(z);
  if (chi_square_p.size() > 1) program.chi_square_p = uniformity_p_value(chi_square_p);
  return program;
}

/// Corrects for everything that is tested: all claims, and χ² of each program.
void correct(std::vector<ProgramSummary>& programs) {
  std::vector<double> p;
  std::vector<double*> adjusted;
  for (auto& program : programs) {
    for (auto& claim : program.claims) p.push_back(claim.p), adjusted.push_back(&claim.adjusted);
    if (program.chi_square_p)
      p.push_back(*program.chi_square_p), adjusted.push_back(&program.chi_square_adjusted);
  }
  const auto corrected = holm(p);
  for (std::size_t i = 0; i < p.size(); ++i) *adjusted[i] = corrected[i];
}

}  // namespace

std::optional<Spread> scatter_of(const std::vector<Observation>& seen) {
  std::vector<double> deviations;
  double squares = 0;
  for (const auto& one : seen) {
    // What lies between an exponent and its limit, or a number and its bound, is no matter of chance: only how it scatters is
    if (one.kind == "statistical" || !one.predicted || !one.standard_error || !std::isfinite(one.measured))
      continue;
    deviations.push_back(one.measured - *one.predicted);
    squares += std::pow(*one.standard_error, 2);
  }
  if (deviations.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(deviations.size());
  const double ratio = n * over_seeds(deviations).error / std::sqrt(squares);
  return Spread{ratio, ratio / std::sqrt(2 * (n - 1))};
}

double ProgramSummary::worst() const {
  double p = chi_square_adjusted;
  for (const auto& claim : claims) p = std::min(p, claim.adjusted);
  return p;
}

bool Verdict::miscalibrated() const {
  return std::ranges::any_of(programs,
                             [](const auto& program) { return program.worst() < family_wise_level; });
}

Verdict judge(const std::vector<Record>& records, int seeds) {
  Verdict verdict;
  verdict.seeds = seeds;
  verdict.z.resize(static_cast<std::size_t>(seeds));
  for (const auto& record : records)
    verdict.programs.push_back(summary(record.name(), record.runs(seeds), verdict.z));
  correct(verdict.programs);
  verdict.moments = moments_of(verdict.z);
  return verdict;
}

}  // namespace calibration
