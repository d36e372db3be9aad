/// Unit tests and programs, built with gcc's sanitizers: address with leaks and undefined behaviour in build/asan, threads in
/// build/tsan. Every one of them has to end well and without a report.

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <regex>

#include "everything.hpp"
#include "inventory.hpp"
#include "trial.hpp"

namespace {

namespace fs = std::filesystem;
using namespace trials;

constexpr int reported = 99;  ///< exit status of a program in which a sanitizer found something
constexpr int most_seconds = 3600;

struct Sanitizer {
  const char* preset;
  const char* name;
  const char* environment;
};

constexpr Sanitizer sanitizers[] = {
    {"asan", "address, leaks, undefined",
     "ASAN_OPTIONS=exitcode=99:detect_leaks=1:detect_stack_use_after_return=1 "
     "UBSAN_OPTIONS=exitcode=99:print_stacktrace=1"},
    {"tsan", "threads", "TSAN_OPTIONS=exitcode=99:halt_on_error=1:second_deadlock_stack=1"}};

/// A unit test or a program under a sanitizer.
struct Run {
  const Sanitizer* sanitizer;
  Executable executable;
  Ended ended = {};

  bool passed() const { return ended.status == 0; }
};

std::string command(const Run& run) {
  return fmt::format("{} timeout {} {}", run.sanitizer->environment, most_seconds, run.executable.command);
}

/// What was wrong with a run, in the words of the sanitizer where it has some.
std::string complaint(const Ended& ended) {
  const std::regex pattern{"(SUMMARY: \\w+Sanitizer: |runtime error: )([^\n]*)"};
  std::smatch found;
  if (std::regex_search(ended.output, found, pattern)) return "`" + found[2].str() + "`";
  return ended.status == 124 ? fmt::format("no end after {} s", most_seconds)
                             : fmt::format("ended with status {}", ended.status);
}

Table overview(const std::vector<Run>& runs) {
  struct Sum {
    int runs = 0, reports = 0, failures = 0;
    double seconds = 0;
  };
  std::vector<std::pair<std::string, std::string>> order;
  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const auto& run : runs) {
    const std::pair key{run.sanitizer->name, run.executable.group};
    if (!sums.contains(key)) order.push_back(key);
    Sum& sum = sums[key];
    ++sum.runs;
    sum.reports += run.ended.status == reported;
    sum.failures += !run.passed() && run.ended.status != reported;
    sum.seconds += run.ended.seconds;
  }
  Table table{
      "Runs by sanitizer", {"Sanitizer", "What ran", "Runs", "Reports", "Other failures", "Seconds"}, {}};
  for (const auto& key : order) {
    const Sum& sum = sums[key];
    table.rows.push_back({{key.first, key.second, fmt::format("{}", sum.runs), fmt::format("{}", sum.reports),
                           fmt::format("{}", sum.failures), fmt::format("{:.0f}", sum.seconds)},
                          sum.reports + sum.failures == 0});
  }
  return table;
}

Table complaints(const std::vector<Run>& runs) {
  Table table{"Runs with a report", {"Run", "Sanitizer", "What it says"}, {}};
  for (const auto& run : runs)
    if (!run.passed())
      table.rows.push_back(
          {{fmt::format("`{}`", run.executable.name), run.sanitizer->name, complaint(run.ended)}, false});
  return table;
}

Verdict sanitize(const Place& place) {
  std::vector<Run> runs;
  for (const auto& sanitizer : sanitizers)
    for (auto& executable : build_everything(place, sanitizer.preset, 2,
                                             "the sanitizers need gcc with libasan, libubsan and libtsan"))
      runs.push_back({&sanitizer, std::move(executable)});
  const Kept kept{place.work / "ended"};
  on_all_cores(runs.size(), [&](std::size_t i) {
    auto& [sanitizer, executable, ended] = runs[i];
    ended = kept.run(fmt::format("{}-{}", sanitizer->preset, target_of(executable.name)), command(runs[i]),
                     executable.path);
  });
  const auto passed = std::ranges::count_if(runs, &Run::passed);
  Verdict verdict{
      fmt::format("{} of {} runs of unit tests and programs (`--quick --threads 2`) ended well and without a "
                  "report of a sanitizer.",
                  passed, runs.size()),
      {overview(runs)}};
  if (auto table = complaints(runs); !table.rows.empty()) verdict.tables.push_back(std::move(table));
  return verdict;
}

}  // namespace

int main(int argc, char** argv) { return conduct("sanitizers", argc, argv, sanitize); }
