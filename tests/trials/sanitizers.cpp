/// Unit tests and programs, built with gcc's sanitizers: address with leaks and undefined behaviour in build/asan, threads in
/// build/tsan. Every one of them has to end well and without a report.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "commands.hpp"
#include "trial.hpp"
#include "whole.hpp"

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

/// A unit test or a program, in one of the builds.
struct Item {
  const Sanitizer* sanitizer;
  std::string group;  ///< unit tests, or the chapter
  std::string name;
  fs::path executable;
  std::string options;
  Ended ended = {};

  bool passed() const { return ended.status == 0; }
};

fs::path directory(const Sanitizer& sanitizer, const Place& place) {
  return place.sources / "build" / sanitizer.preset;
}

void build(const Sanitizer& sanitizer, const Place& place) {
  std::vector<std::string> targets;
  for (const auto& room : all_rooms()) targets.push_back("test-" + room);
  for (const auto& program : all_programs()) targets.push_back(target_of(program));
  must_run(fmt::format("cd {0} && cmake --preset {1} && cmake --build --preset {1} --target {2}",
                       shell_word(place.sources), sanitizer.preset, fmt::join(targets, " ")),
           "the sanitizers need gcc with libasan, libubsan and libtsan");
}

/// The first program of a chapter draws its figures too: the way to gnuplot is the same for all.
std::vector<Item> items_of(const Sanitizer& sanitizer, const Place& place) {
  std::vector<Item> items;
  for (const auto& room : all_rooms())
    items.push_back(
        {&sanitizer, "unit tests", room, directory(sanitizer, place) / "tests" / ("test-" + room), ""});
  std::set<std::string> begun;
  for (const auto& program : all_programs()) {
    const fs::path out = place.work / sanitizer.preset / program;
    const bool figures = begun.insert(chapter_of(program)).second;
    items.push_back(
        {&sanitizer, chapter_of(program), program, directory(sanitizer, place) / "chapters" / program,
         fmt::format("--quick --threads 2 {}--out {}", figures ? "" : "--no-figures ", shell_word(out))});
  }
  return items;
}

std::string command(const Item& item) {
  return fmt::format("{} timeout {} {} {}", item.sanitizer->environment, most_seconds,
                     shell_word(item.executable), item.options);
}

/// What was wrong with a run, in the words of the sanitizer where it has some.
std::string complaint(const Ended& ended) {
  const std::regex pattern{"(SUMMARY: \\w+Sanitizer: |runtime error: )([^\n]*)"};
  std::smatch found;
  if (std::regex_search(ended.output, found, pattern)) return "`" + found[2].str() + "`";
  return ended.status == 124 ? fmt::format("no end after {} s", most_seconds)
                             : fmt::format("ended with status {}", ended.status);
}

Table overview(const std::vector<Item>& items) {
  struct Sum {
    int runs = 0, reports = 0, failures = 0;
    double seconds = 0;
  };
  std::vector<std::pair<std::string, std::string>> order;
  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const auto& item : items) {
    const std::pair key{item.sanitizer->name, item.group};
    if (!sums.contains(key)) order.push_back(key);
    Sum& sum = sums[key];
    ++sum.runs;
    sum.reports += item.ended.status == reported;
    sum.failures += !item.passed() && item.ended.status != reported;
    sum.seconds += item.ended.seconds;
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

Table complaints(const std::vector<Item>& items) {
  Table table{"Runs with a report", {"Run", "Sanitizer", "What it says"}, {}};
  for (const auto& item : items)
    if (!item.passed())
      table.rows.push_back(
          {{fmt::format("`{}`", item.name), item.sanitizer->name, complaint(item.ended)}, false});
  return table;
}

Verdict sanitize(const Place& place) {
  std::vector<Item> items;
  for (const auto& sanitizer : sanitizers) {
    build(sanitizer, place);
    std::ranges::move(items_of(sanitizer, place), std::back_inserter(items));
  }
  const Kept kept{place.work / "ended"};
  on_all_cores(items.size(), [&](std::size_t i) {
    Item& item = items[i];
    item.ended = kept.run(fmt::format("{}-{}", item.sanitizer->preset, target_of(item.name)), command(item),
                          item.executable);
  });
  const auto passed = std::ranges::count_if(items, &Item::passed);
  Verdict verdict{
      fmt::format("{} of {} runs of unit tests and programs (`--quick --threads 2`) ended well and without a "
                  "report of a sanitizer.",
                  passed, items.size()),
      {overview(items)}};
  if (auto table = complaints(items); !table.rows.empty()) verdict.tables.push_back(std::move(table));
  return verdict;
}

}  // namespace

int main(int argc, char** argv) { return conduct("sanitizers", argc, argv, sanitize); }
