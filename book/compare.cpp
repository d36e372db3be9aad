#include "compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numbers.hpp"

namespace book {
namespace {

/// How far two measurements of the same claim may be apart.
double apart(const Claim& fresh, const Claim& record) {
  const double errors = std::hypot(fresh.standard_error.value_or(0), record.standard_error.value_or(0));
  const double tolerance = record.tolerance.value_or(0);
  return 5 * errors + (record.relative ? tolerance * std::abs(record.predicted) : tolerance);
}

std::string difference(const Claim& fresh, const Claim& record) {
  if (fresh.kind != record.kind) return fmt::format("is {}, in the record {}", fresh.kind, record.kind);
  if (fresh.holds != record.holds)
    return fresh.holds ? "holds, in the record it fails" : "fails, in the record it holds";
  if (fresh.kind == "bound" && !record.standard_error) return "";
  if (std::abs(fresh.measured - record.measured) <= apart(fresh, record)) return "";
  return fmt::format("measured {}, in the record {}", measured(fresh).plain(), measured(record).plain());
}

/// What only one of two lists has, by id.
void only_one(const auto& fresh, const auto& record, const std::string& what,
              std::vector<std::string>& found) {
  const auto missing = [&](const auto& here, const auto& there, const char* words) {
    for (const auto& item : here)
      if (!std::ranges::count(there, item.id, [](const auto& other) { return other.id; }))
        found.push_back(fmt::format("{} {} {}", what, item.id, words));
  };
  missing(fresh, record, "is not in the record");
  missing(record, fresh, "is in the record alone");
}

}  // namespace

std::vector<std::string> differences(const Ledger& fresh, const Ledger& record) {
  std::vector<std::string> found;
  only_one(fresh.claims, record.claims, "claim", found);
  only_one(fresh.figures, record.figures, "figure", found);
  for (const Claim& claim : fresh.claims)
    if (const Claim* old = record.claim(claim.id))
      if (const std::string words = difference(claim, *old); !words.empty())
        found.push_back(fmt::format("claim {}: {}", claim.id, words));
  return found;
}

}  // namespace book
