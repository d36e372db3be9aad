// Does a program give the same bytes however it is run? Killed at random moments and resumed; or, if its MPI build and
// the launcher are given, in several processes. SAMPLES last for seconds; OPTIONS are others, in one word.
// Usage: test-resume PROGRAM SAMPLES OPTIONS [MPI_PROGRAM MPIRUN]
#include "run.hpp"

#include <fmt/format.h>
#include <cstdio>
#include <random>
#include <string>

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

/// Kills the program four times, resumes it each time, and lets it end. Checkpoints are a second apart: a kill may come at any
/// moment between two of them, or while one is written.
void kill_and_resume(const Runs& runs, const std::string& program) {
  std::mt19937 generator{1};
  std::uniform_real_distribution<double> moment{0, 1.2};
  const std::string command = runs.command(program, "killed") + " --resume";
  int goings_on = 0;
  constexpr int kills = 4;
  for (int i = 0; i < kills; ++i) {
    const std::string kill = fmt::format("sleep {:.3f}; kill -9", moment(generator));
    goings_on += resumed(run(runs.scratch, after_a_checkpoint(command, runs.out("killed"), kill)));
  }
  expect(goings_on >= 2, fmt::format("killed runs go on from a checkpoint ({} of {} did)", goings_on, kills));
  runs.compare(command, "killed", "whole");
}

/// Short runs in one, two and three processes; then three of a long one are interrupted, and two go on.
void run_in_processes(const Runs& runs, const Runs& few, const std::string& program,
                      const std::string& launcher) {
  const auto launch = [&](int ranks) {
    return fmt::format("'{}' --allow-run-as-root --oversubscribe -n {} {} --threads 1", launcher, ranks,
                       program);
  };
  for (const int ranks : {1, 2, 3}) {
    const std::string name = fmt::format("ranks-{}", ranks);
    few.compare(few.command(launch(ranks), name), name, "whole");
  }
  run(runs.scratch,
      after_a_checkpoint(runs.command(launch(3), "interrupted"), runs.out("interrupted"), "kill -TERM"));
  expect(resumed(runs.compare(runs.command(launch(2), "interrupted") + " --resume", "interrupted", "whole")),
         "two processes go on where three stopped");
  const Outcome refused = run(runs.scratch, runs.command(launch(2), "refused") + " --samples banana");
  expect(refused.status == 2 && refused.err.find("banana") == refused.err.rfind("banana"),
         "one process alone complains: " + refused.err);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 6) return 2;
  const std::string program = fmt::format("'{}'", argv[1]);
  const long samples = std::stol(argv[2]);
  const auto runs_of = [&](long number) { return Runs{{}, fmt::format("--samples {} {}", number, argv[3])}; };
  const Runs runs = runs_of(samples);
  const auto run_whole = [&](const Runs& these) {
    const Outcome whole = run(these.scratch, these.command(program, "whole"));
    expect(whole.status == 0, "the whole run ends well: " + whole.err);
  };
  run_whole(runs);
  if (argc == 4) {
    kill_and_resume(runs, program);
  } else {
    const Runs few = runs_of(samples / 20);
    run_whole(few);
    run_in_processes(runs, few, fmt::format("'{}'", argv[4]), argv[5]);
  }
  return failures == 0 ? 0 : 1;
}
