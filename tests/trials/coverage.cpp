/// Which lines and branches of common/ do unit tests and quick programs reach? gcc counts them, in build/coverage, and gcovr adds up.
/// Branches that only an exception takes do not count. One program and one exercise also meet the users who make mistakes.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "../programs/run.hpp"
#include "everything.hpp"
#include "inventory.hpp"

namespace {

namespace fs = std::filesystem;
using namespace trials;
using nlohmann::json;

constexpr double lines_wanted = 0.95, branches_wanted = 0.85;

struct Share {
  int reached = 0, all = 0;

  void add(bool is_reached) { reached += is_reached, ++all; }
  void add(const Share& other) { reached += other.reached, all += other.all; }
  double value() const { return all == 0 ? 1 : static_cast<double>(reached) / all; }
  std::string percent() const { return fmt::format("{:.1f} %", 100 * value()); }
};

struct Coverage {
  Share lines, branches;
  std::vector<int> missed;  ///< numbers of lines

  void add(const Coverage& other) {
    lines.add(other.lines);
    branches.add(other.branches);
  }
};

/// What only bad options, interruptions, full disks and wrong answers bring about: the contract of a program, an exercise.
std::vector<Executable> mistakes(const Place& place) {
  const fs::path build = place.sources / "build/coverage";
  const std::string program = "statistics/central_limit", exercise = "check-singular_gram_chain-all";
  must_run(fmt::format("cd {} && cmake --build --preset coverage --target test-contract {}",
                       shell_word(place.sources), exercise),
           "the build stopped");
  const fs::path contract = build / "tests/programs/test-contract", check = build / "exercises" / exercise;
  return {{"mistakes", "the contract of " + program, contract,
           fmt::format("{} -- {}", shell_word(contract), shell_word(build / "chapters" / program))},
          {"mistakes", "a right answer", check, shell_word(check) + " solution"},
          {"mistakes", "a wrong answer", check, "! " + shell_word(check) + " cholesky"}};
}

/// Runs everything with counters that start from zero.
void run_everything(const Place& place) {
  // On one thread each, for threads would wait for each other at every counter
  auto executables =
      build_everything(place, "coverage", 1, "coverage needs gcc, whose gcov has the same version");
  for (Executable& mistake : mistakes(place)) executables.push_back(std::move(mistake));
  must_run("command -v gcovr", "nobody adds up the counters: install gcovr");
  must_run("find " + shell_word(place.sources / "build/coverage") + " -name '*.gcda' -delete", "");
  on_all_cores(executables.size(), [&](std::size_t i) {
    must_run(executables[i].command, executables[i].name + " has to succeed before its coverage counts");
  });
}

/// What gcovr says of common/, file by file.
json counted(const Place& place) {
  const fs::path file = place.work / "coverage.json";
  must_run(fmt::format("cd {0} && gcovr --root . --filter common/ --exclude-throw-branches "
                       "--exclude-unreachable-branches -j 2 --json {1} build/coverage/common "
                       "build/coverage/chapters build/coverage/tests/CMakeFiles",
                       shell_word(place.sources), shell_word(file)),
           "gcovr could not read the counters of gcc");
  return json::parse(programs::read(file)).at("files");
}

Coverage of_file(const json& file) {
  Coverage coverage;
  for (const auto& line : file.at("lines")) {
    if (line.value("gcovr/noncode", false)) continue;
    const bool reached = line.at("count") > 0;
    coverage.lines.add(reached);
    if (!reached) coverage.missed.push_back(line.at("line_number"));
    for (const auto& branch : line.at("branches")) coverage.branches.add(branch.at("count") > 0);
  }
  return coverage;
}

/// Numbers with runs of them as from-to.
std::string ranges(const std::vector<int>& numbers) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    words.push_back(end == i ? fmt::format("{}", numbers[i])
                             : fmt::format("{}–{}", numbers[i], numbers[end]));
    i = end + 1;
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

Row room_row(const std::string& name, const Coverage& coverage) {
  const auto& [lines, branches, missed] = coverage;
  return {{name, fmt::format("{}", lines.all), lines.percent(), fmt::format("{}", branches.all),
           branches.percent()}};
}

Verdict measure(const Place& place) {
  run_everything(place);
  std::map<std::string, Coverage> rooms;
  Coverage all;
  Table missed{.title = "What is not reached",
               .columns = {"File", "Lines not reached", "Branches not reached", "Which lines"},
               .rows = {},
               .judged = false};
  for (const auto& file : counted(place)) {
    const fs::path path = file.at("file").get<std::string>();
    const fs::path within = path.lexically_relative("common/fieldbook");
    const Coverage coverage = of_file(file);
    const auto& [lines, branches, numbers] = coverage;
    rooms[within.has_parent_path() ? within.begin()->string() : "fieldbook"].add(coverage);
    all.add(coverage);
    if (lines.reached < lines.all || branches.reached < branches.all)
      missed.rows.push_back(
          {{fmt::format("`{}`", within.string()),
            fmt::format("{} of {}", lines.all - lines.reached, lines.all),
            fmt::format("{} of {}", branches.all - branches.reached, branches.all), ranges(numbers)}});
  }
  Table by_room{.title = "By room",
                .columns = {"Room", "Lines", "Reached", "Branches", "Reached"},
                .rows = {},
                .judged = false};
  for (const auto& [room, coverage] : rooms)
    by_room.rows.push_back(room_row(fmt::format("`{}`", room), coverage));
  by_room.rows.push_back(room_row("all", all));
  return {fmt::format("Unit tests and programs (`--quick`) reach {} of {} lines and {} of {} branches of "
                      "`common/`; wanted are {:.0f} % and {:.0f} %.",
                      all.lines.percent(), all.lines.all, all.branches.percent(), all.branches.all,
                      100 * lines_wanted, 100 * branches_wanted),
          {by_room, missed},
          all.lines.value() >= lines_wanted && all.branches.value() >= branches_wanted};
}

}  // namespace

int main(int argc, char** argv) { return conduct("coverage", argc, argv, measure); }
