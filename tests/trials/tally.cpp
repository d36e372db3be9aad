#include "tally.hpp"

#include <fieldbook/report/printing.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace trials {

namespace {

/// Text as code of Markdown, in one line and not too long.
std::string code(std::string text) {
  std::ranges::replace(text, '`', '\'');
  text = fieldbook::one_line(text);
  constexpr std::size_t most = 300;
  if (text.size() > most) text = text.substr(0, text.find_last_of(' ', most)) + " ...";
  return "`" + text + "`";
}

}  // namespace

void Tally::add(const std::string& kind, const std::string& program, const std::string& what,
                const std::string& objection) {
  if (std::ranges::find(kinds_, kind, &Kind::name) == kinds_.end())
    throw std::logic_error{"no kind of case is called " + kind};
  const std::lock_guard lock{mutex_};
  ++counts_[kind][program];
  if (objection.empty()) return;
  failures_.push_back({program, kind, what, objection});
  std::ranges::sort(failures_);  // in the order of no thread
}

void Tally::leave_out(const std::string& kind, const std::string& why) {
  const std::lock_guard lock{mutex_};
  left_out_[kind] = why;
}

std::size_t Tally::cases() const {
  std::size_t sum = 0;
  for (const auto& [kind, programs] : counts_)
    for (const auto& [program, count] : programs) sum += count;
  return sum;
}

std::size_t Tally::fewest() const {
  std::map<std::string, std::size_t> sums;
  for (const auto& [kind, programs] : counts_)
    for (const auto& [program, count] : programs) sums[program] += count;
  const auto least = std::ranges::min_element(sums, {}, [](const auto& sum) { return sum.second; });
  return least == sums.end() ? 0 : least->second;
}

std::size_t Tally::failures(const std::string Failure::*field, const std::string& value) const {
  return static_cast<std::size_t>(std::ranges::count(failures_, value, field));
}

std::vector<Table> Tally::tables() const {
  std::vector<Table> all{kinds(), programs()};
  if (!failures_.empty()) all.push_back(failed());
  return all;
}

Table Tally::kinds() const {
  Table table{"By kind", {"Kind", "Programs", "Cases", "Expected", "Failures"}, {}};
  for (const Kind& kind : kinds_) {
    std::size_t cases = 0;
    const auto found = counts_.find(kind.name);
    const auto programs = found == counts_.end() ? decltype(found->second){} : found->second;
    for (const auto& [program, count] : programs) cases += count;
    const std::size_t failing = failures(&Failure::kind, kind.name);
    const auto why = left_out_.find(kind.name);
    const std::string addition = why == left_out_.end() ? "" : " (left out here: " + why->second + ")";
    table.rows.push_back({{kind.name + addition, fmt::format("{}", programs.size()), fmt::format("{}", cases),
                           kind.expected, fmt::format("{}", failing)},
                          failing == 0});
  }
  return table;
}

Table Tally::programs() const {
  std::map<std::string, std::size_t> sums;
  for (const auto& [kind, programs] : counts_)
    for (const auto& [program, count] : programs) sums[program] += count;
  Table table{"By program", {"Program", "Cases", "Failures"}, {}};
  for (const auto& [program, count] : sums) {
    const std::size_t failing = failures(&Failure::program, program);
    table.rows.push_back(
        {{code(program), fmt::format("{}", count), fmt::format("{}", failing)}, failing == 0});
  }
  return table;
}

Table Tally::failed() const {
  Table table{"Cases that failed", {"Program", "Kind", "Case", "What happened"}, {}};
  for (const Failure& failure : failures_)
    table.rows.push_back(
        {{code(failure.program), failure.kind, code(failure.what), code(failure.objection)}, false});
  return table;
}

}  // namespace trials
