// Does a program give the same bytes however it is run? Killed at random moments and resumed; or, if its MPI build and
// the launcher are given, in several processes. Usage: test-resume PROGRAM OPTIONS [MPI_PROGRAM MPIRUN]
#include "run.hpp"

#include <fmt/format.h>
#include <chrono>
#include <cstdio>
#include <random>

using namespace programs;

namespace {

int failures = 0;

void expect(bool condition, const std::string& what) {
  if (condition) return;
  fmt::print(stderr, "wrong: {}\n", what);
  ++failures;
}

/// A program run with a choice of options in directories of a scratch place.
struct Runs {
  Scratch scratch;
  std::string options;

  std::string out(const std::string& name) const { return (scratch.path / name).string(); }
  std::string command(const std::string& program, const std::string& name) const {
    return fmt::format("{} --no-figures --seed 5 {} --out {}", program, options, out(name));
  }
  /// Runs to the end and compares every byte with the directory `reference`.
  Outcome compare(const std::string& command, const std::string& name, const std::string& reference) const {
    const Outcome outcome = run(scratch, command);
    expect(outcome.status == 0, name + " ends well: " + outcome.err);
    std::string files;
    for (const auto& [file, text] : contents(out(name)))
      files += fmt::format(" {} ({} bytes)", file, text.size());
    expect(contents(out(name)) == contents(out(reference)), name + " leaves the same bytes, not" + files);
    return outcome;
  }
};

bool resumed(const Outcome& outcome) {
  return outcome.out.find("going on from the checkpoint") != std::string::npos;
}

/// Kills the program ten times at random moments, resumes it each time, and lets it end.
void kill_and_resume(const Runs& runs, const std::string& program, double seconds) {
  std::mt19937 generator{1};
  std::uniform_real_distribution<double> moment{0.05, 0.4};
  const std::string command = runs.command(program, "killed") + " --resume";
  int goings_on = 0;
  for (int i = 0; i < 10; ++i)
    goings_on += resumed(run(runs.scratch, fmt::format("{} & pid=$!; sleep {:.3f}; kill -9 $pid; wait $pid",
                                                       command, seconds * moment(generator))));
  expect(goings_on >= 3, fmt::format("killed runs go on from a checkpoint ({} of 10 did)", goings_on));
  runs.compare(command, "killed", "whole");
}

/// Runs in one, two and three processes; then three are interrupted, and two go on.
void run_in_processes(const Runs& runs, const std::string& program, const std::string& launcher) {
  const auto launch = [&](int ranks) {
    return fmt::format("'{}' --allow-run-as-root --oversubscribe -n {} {} --threads 1", launcher, ranks,
                       program);
  };
  for (const int ranks : {1, 2, 3}) {
    const std::string name = fmt::format("ranks-{}", ranks);
    runs.compare(runs.command(launch(ranks), name), name, "whole");
  }
  // The signal comes once there is something to go on from
  run(runs.scratch,
      fmt::format("{} & pid=$!; while kill -0 $pid && ! [ -e {}/checkpoint ]; do sleep 0.05; done; "
                  "kill -TERM $pid; wait $pid",
                  runs.command(launch(3), "interrupted"), runs.out("interrupted")));
  expect(resumed(runs.compare(runs.command(launch(2), "interrupted") + " --resume", "interrupted", "whole")),
         "two processes go on where three stopped");
  const Outcome refused = run(runs.scratch, runs.command(launch(2), "refused") + " --samples banana");
  expect(refused.status == 2 && refused.err.find("banana") == refused.err.rfind("banana"),
         "one process alone complains: " + refused.err);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) return 2;
  const std::string program = fmt::format("'{}'", argv[1]);
  const Runs runs{{}, argv[2]};
  const auto start = std::chrono::steady_clock::now();
  const Outcome whole = run(runs.scratch, runs.command(program, "whole"));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  expect(whole.status == 0, "the whole run ends well: " + whole.err);
  if (argc == 3)
    kill_and_resume(runs, program, seconds);
  else
    run_in_processes(runs, fmt::format("'{}'", argv[3]), argv[4]);
  return failures == 0 ? 0 : 1;
}
