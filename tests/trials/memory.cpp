/// Valgrind's memcheck looks at one small program of each chapter: no invalid or uninitialised memory is used, no block of
/// memory is lost. The programs are built for any x86-64, since valgrind does not know every instruction of this machine.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <regex>

#include "commands.hpp"
#include "inventory.hpp"
#include "trial.hpp"

namespace {

namespace fs = std::filesystem;
using namespace trials;

/// Small, since valgrind takes some fifty times as long; and drawn by one program.
struct Subject {
  const char* program;
  const char* options;
};

constexpr Subject subjects[] = {{"expressivity/steps_and_rates", "--no-figures"},
                                {"statistics/central_limit", ""},
                                {"dynamics/exactly_solvable", "--no-figures"},
                                {"nn-ft/free_scalar", "--no-figures"}};

/// Builds the programs with valgrind in mind; returns where they are.
fs::path build(const Place& place) {
  const fs::path directory = place.build / "memory";
  std::vector<std::string> targets;
  for (const auto& subject : subjects) targets.push_back(target_of(subject.program));
  must_run("command -v valgrind", "memcheck is missing: install valgrind");
  must_run(fmt::format("cd {} && cmake --preset release -B {} -DFIELDBOOK_NATIVE=OFF -DCMAKE_CXX_FLAGS=-g1",
                       shell_word(place.sources), shell_word(directory)),
           "CMake could not configure the build");
  must_run(fmt::format("cmake --build {} --target {}", shell_word(directory), fmt::join(targets, " ")),
           "the build stopped");
  return directory;
}

std::string command(const Subject& subject, const fs::path& executable, const Place& place) {
  return fmt::format(
      "valgrind --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --fair-sched=try {} "
      "--quick "
      "--threads 2 --keep-going {} --out {}",
      shell_word(executable), subject.options, shell_word(place.work / "out" / subject.program));
}

/// The number after `what` in valgrind's summary; `missing` if it says nothing of it.
long number(const std::string& output, const std::string& what, long missing) {
  std::smatch found;
  if (!std::regex_search(output, found, std::regex{what + " ([0-9,]+)"})) return missing;
  std::string digits = found[1];
  std::erase(digits, ',');
  return std::stol(digits);
}

Row row(const Subject& subject, const Ended& ended) {
  const std::string name = subject.program;
  const long errors = number(ended.output, "ERROR SUMMARY:", -1);
  const long lost = number(ended.output, "definitely lost:", 0);
  return {{fmt::format("`{}`", name.substr(name.find('/') + 1)), chapter_of(name),
           fmt::format("`--quick {}`", subject.options),
           errors < 0 ? fmt::format("none counted: status {}", ended.status) : fmt::format("{}", errors),
           fmt::format("{}", lost), fmt::format("{:.0f}", ended.seconds)},
          ended.status == 0 && errors == 0 && lost == 0};
}

Verdict check_memory(const Place& place) {
  const fs::path directory = build(place);
  const Kept kept{place.work / "ended"};
  Table table{"Programs under memcheck",
              {"Program", "Chapter", "Options", "Errors", "Bytes lost", "Seconds"},
              std::vector<Row>(std::size(subjects))};
  on_all_cores(std::size(subjects), [&](std::size_t i) {
    const Subject& subject = subjects[i];
    const fs::path executable = directory / "chapters" / subject.program;
    table.rows[i] =
        row(subject, kept.run(target_of(subject.program), command(subject, executable, place), executable));
  });
  const auto passed = std::ranges::count_if(table.rows, &Row::passed);
  return {
      fmt::format("{} of {} programs, one of each chapter, ran under valgrind without an error or a leak.",
                  passed, table.rows.size()),
      {table}};
}

}  // namespace

int main(int argc, char** argv) { return conduct("memory", argc, argv, check_memory); }
