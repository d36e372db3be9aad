// Does a program answer for other options than its defaults? usage: variations PROGRAM FILE RUNS
//
// Runs the program with --quick for the first RUNS lines of options in the file: predictions must follow, and all claims hold. At
// least five lines are expected there; the trial `variations` tries all.
#include "run.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto lines = programs::lines_of(argv[2]);
  const programs::Scratch scratch;
  int failures = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), std::stoul(argv[3])); ++i) {
    const auto outcome = programs::run(scratch, fmt::format("'{}' --quick --no-figures --out {}/out {}",
                                                            argv[1], scratch.path.string(), lines[i]));
    fmt::print("{}: {}\n", lines[i], outcome.status == 0 ? "all claims hold" : outcome.out + outcome.err);
    if (outcome.status != 0) ++failures;
  }
  if (lines.size() < 5)
    fmt::print("{}: {} lines of options, at least five are expected\n", argv[2], lines.size());
  return lines.size() >= 5 && failures == 0 ? 0 : 1;
}
