#include "everything.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "inventory.hpp"

namespace trials {

namespace fs = std::filesystem;

std::vector<Executable> build_everything(const Place& place, const std::string& preset, int threads,
                                         const std::string& advice) {
  const fs::path directory = place.sources / "build" / preset;
  std::vector<std::string> targets;
  std::vector<Executable> all;
  for (const auto& room : all_rooms()) {
    targets.push_back("test-" + room);
    const fs::path path = directory / "tests" / targets.back();
    all.push_back({"unit tests", room, path, shell_word(path)});
  }
  std::set<std::string> begun;
  for (const auto& program : all_programs()) {
    targets.push_back(target_of(program));
    const fs::path path = directory / "chapters" / program;
    const bool figures = begun.insert(chapter_of(program)).second;
    all.push_back({chapter_of(program), program, path,
                   fmt::format("{} --quick --threads {} {}--out {}", shell_word(path), threads,
                               figures ? "" : "--no-figures ", shell_word(place.work / preset / program))});
  }
  must_run(fmt::format("cd {0} && cmake --preset {1} && cmake --build --preset {1} --target {2}",
                       shell_word(place.sources), preset, fmt::join(targets, " ")),
           advice);
  return all;
}

}  // namespace trials
