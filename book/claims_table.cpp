#include "claims_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "numbers.hpp"
#include "text.hpp"

namespace book {
namespace {

using Row = std::array<std::string, 7>;

Row row_of(const std::string& program, const Claim& claim) {
  return {claim.holds ? "holds" : "FAILS",
          program,
          claim.ref,
          claim.id,
          side(claim) + predicted(claim).plain(),
          measured(claim).plain(),
          criterion(claim).plain};
}

/// All claims, the failing ones of every program before the others.
std::vector<Row> rows_of(const std::vector<Ledger>& ledgers, bool failing_only) {
  std::vector<Row> failing, holding;
  for (const auto& ledger : ledgers)
    for (const auto& claim : ledger.claims)
      (claim.holds ? holding : failing).push_back(row_of(ledger.program, claim));
  if (!failing_only) failing.insert(failing.end(), holding.begin(), holding.end());
  return failing;
}

std::string aligned(std::vector<Row> rows) {
  if (rows.empty()) return "";
  rows.insert(rows.begin(), Row{"", "program", "code", "claim", "predicted", "measured", "decided by"});
  std::array<int, 7> widths{};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += row[c] + std::string(widths[c] - width(row[c]) + 2, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text + '\n';
}

std::string summary(const std::vector<Ledger>& ledgers) {
  std::size_t claims = 0;
  int failing = 0;
  for (const auto& ledger : ledgers) claims += ledger.claims.size(), failing += ledger.failing();
  const std::string of = fmt::format("{} claim{} of {} program{}", claims, claims == 1 ? "" : "s",
                                     ledgers.size(), ledgers.size() == 1 ? "" : "s");
  if (failing == 0) return fmt::format("{}: all hold\n", of);
  return fmt::format("{} of {} fail{}\n", failing, of, failing == 1 ? "s" : "");
}

}  // namespace

std::vector<Ledger> selected(const std::vector<Ledger>& ledgers, const std::string& selection) {
  if (selection.empty()) return ledgers;
  std::vector<Ledger> chosen;
  const std::string section = replace_all(selection, "§", "");
  for (const auto& ledger : ledgers) {
    const bool chapter = ledger.program.starts_with(selection + "/");
    if (chapter || names_program(selection, ledger.program)) {
      chosen.push_back(ledger);
      continue;
    }
    auto part = ledger;
    std::erase_if(part.claims, [&](const Claim& claim) { return !in_section(claim.lecture, section); });
    if (!part.claims.empty()) chosen.push_back(part);
  }
  return chosen;
}

std::vector<std::string> selections(const std::vector<Ledger>& ledgers) {
  std::vector<std::string> names;
  auto before = [](const std::string& left, const std::string& right) { return section_before(left, right); };
  std::set<std::string, decltype(before)> sections(before);
  for (const auto& ledger : ledgers) {
    names.push_back(ledger.program);
    for (const auto& claim : ledger.claims) sections.insert(claim.lecture);
  }
  names.insert(names.end(), sections.begin(), sections.end());
  return names;
}

std::string plain_claims(const std::vector<Ledger>& ledgers, bool failing_only) {
  std::string text = aligned(rows_of(ledgers, failing_only));
  for (const auto& ledger : ledgers)
    if (const auto what = ledger.peculiarities(); !what.empty())
      text += fmt::format("note: {} was run with {}\n", ledger.program, what);
  for (const auto& ledger : ledgers)
    for (const auto& claim : ledger.left_out)
      if (!failing_only)
        text += fmt::format("left out: {} {} {}: {}\n", ledger.program, claim.ref, claim.id, claim.reason);
  for (const auto& ledger : ledgers)
    if (ledger.failing()) text += fmt::format("replay: {}\n", ledger.replay());
  return text + summary(ledgers);
}

}  // namespace book
