#include "workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "ledger.hpp"
#include "text.hpp"

namespace mutation {

namespace fs = std::filesystem;

namespace {

/// What a build needs of the repository.
constexpr const char* sources[] = {"CMakeLists.txt", "CMakePresets.json", "book", "chapters",
                                   "common",         "figures/style.gp",  "tests"};

/// Far beyond what any of them takes: a fault may make an endless loop.
constexpr int seconds_of_tests = 200, seconds_of_program = 60;

void copy_files(const fs::path& from, const fs::path& to) {
  if (!fs::is_directory(from)) {
    book::write_if_changed(to, book::read_file(from));
    fs::permissions(to, fs::status(from).permissions());
    return;
  }
  std::set<fs::path> names;
  for (const auto& entry : fs::directory_iterator{from}) {
    names.insert(entry.path().filename());
    copy_files(entry.path(), to / entry.path().filename());
  }
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator{to})
    if (!names.contains(entry.path().filename())) fs::remove_all(entry.path());
}

std::string target(std::string program) {
  std::ranges::replace(program, '/', '-');
  return program;
}

/// The lines that say what is wrong.
std::string errors(const programs::Outcome& outcome) {
  std::string found;
  for (const auto& line : book::split_lines(outcome.out + outcome.err))
    if (line.find("error") != std::string::npos) found += line + "\n";
  return found.empty() ? outcome.out + outcome.err : found;
}

}  // namespace

Workshop::Workshop(fs::path root, fs::path tree, const std::string& preset)
    : root_{std::move(root)}, tree_{std::move(tree)} {
  restore();
  if (fs::exists(tree_ / "build/build.ninja")) return;
  const auto outcome =
      command(fmt::format("cd '{}' && cmake --preset {} -B build $(command -v ccache >/dev/null 2>&1 && "
                          "echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)",
                          tree_.string(), preset));
  if (outcome.status != 0) throw BuildFailed{errors(outcome)};
}

void Workshop::restore() const {
  for (const char* const name : sources) copy_files(root_ / name, tree_ / name);
}

void Workshop::plant(const Fault& fault) const {
  restore();
  book::write_if_changed(tree_ / fault.file, planted(fault, root_));
}

programs::Outcome Workshop::command(const std::string& line) const {
  auto outcome = programs::run(scratch_, line);
  for (const int signal : {SIGINT, SIGTERM})
    if (outcome.status == 128 + signal) throw Stopped{outcome.status};
  if (outcome.out.find("interrupted by user") != std::string::npos) throw Stopped{128 + SIGINT};
  return outcome;
}

void Workshop::build(const std::vector<std::string>& tests, const std::vector<std::string>& programs) const {
  std::string targets;
  for (const auto& room : tests) targets += " test-" + room;
  for (const auto& program : programs) targets += " " + target(program);
  const auto outcome =
      command(fmt::format("cmake --build '{}' --target{}", (tree_ / "build").string(), targets));
  if (outcome.status != 0) throw BuildFailed{errors(outcome)};
}

void Workshop::run_program(const std::string& program, Findings& findings) const {
  const fs::path out = scratch_.path / "out";
  fs::remove_all(out);
  const auto outcome =
      command(fmt::format("timeout {} '{}' --quick --no-figures --keep-going --out '{}'", seconds_of_program,
                          (tree_ / "build/chapters" / program).string(), out.string()));
  if (outcome.status != 0) return findings.stopped.push_back(program);
  for (const auto& claim : book::read_ledger(out / "ledger.json").claims)
    if (!claim.holds) findings.claims[program].push_back(claim.id);
}

Findings Workshop::run(const std::vector<std::string>& tests,
                       const std::vector<std::string>& programs) const {
  Findings findings;
  for (const auto& room : tests) {
    const auto executable = (tree_ / "build/tests" / ("test-" + room)).string();
    if (command(fmt::format("timeout {} '{}'", seconds_of_tests, executable)).status != 0)
      findings.tests.push_back(room);
  }
  for (const auto& program : programs) run_program(program, findings);
  return findings;
}

}  // namespace mutation
