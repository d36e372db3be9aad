// Does a program answer for other options than its defaults? usage: variations PROGRAM FILE
//
// Runs the program with --quick for every line of options in the file: predictions must follow, and all claims hold. At least
// five lines are expected.
#include "run.hpp"

#include <fmt/format.h>
#include <fstream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file{argv[2]};
  const programs::Scratch scratch;
  int lines = 0, failures = 0;
  for (std::string options; std::getline(file, options);) {
    if (options.empty() || options.front() == '#') continue;
    ++lines;
    const auto outcome = programs::run(scratch, fmt::format("'{}' --quick --no-figures --out {}/out {}",
                                                            argv[1], scratch.path.string(), options));
    fmt::print("{}: {}\n", options, outcome.status == 0 ? "all claims hold" : outcome.out + outcome.err);
    if (outcome.status != 0) ++failures;
  }
  if (lines < 5) fmt::print("{}: {} lines of options, at least five are expected\n", argv[2], lines);
  return lines >= 5 && failures == 0 ? 0 : 1;
}
