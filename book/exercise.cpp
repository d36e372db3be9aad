#include "exercise.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "manuscript.hpp"
#include "parts.hpp"
#include "text.hpp"

namespace book {
namespace {

constexpr std::array kLevels{"easy", "medium", "hard", "research"};
constexpr std::size_t kHints = 3;

/// Section, level and programs, from the line under the title.
void read_line(const std::string& line, const Place& place, const Manuscript& manuscript, Exercise& exercise,
               Problems& problems) {
  const LectureLine read = read_lecture_line(line);
  exercise.section = read.section;
  if (!read.rest.empty()) exercise.level = read.rest.front();
  if (!std::ranges::count(kLevels, exercise.level))
    problems.add(
        place, fmt::format("unknown level \"{}\" (there are: {})", exercise.level, fmt::join(kLevels, ", ")));
  for (const auto& words : read.rest)
    for (const auto* program : named_programs(words, manuscript)) exercise.programs.push_back(program);
  if (exercise.programs.empty())
    problems.add(place, "the line names no program of the book after which the exercise comes");
}

}  // namespace

std::vector<std::string> required_lines(const std::filesystem::path& file, Problems& problems) {
  if (std::filesystem::is_regular_file(file)) return split_lines(read_file(file));
  problems.add({file}, "this file is missing: an exercise has a statement, a stub and hints");
  return {};
}

Exercise read_exercise(const std::string& name, const Manuscript& manuscript, Problems& problems) {
  Exercise exercise{name, manuscript.root() / "chapters" / name, {}, {}, {}, {}};
  exercise.title = exercise.stem();
  const auto statement = exercise.statement();
  const auto lines = required_lines(statement, problems);
  if (lines.empty()) return exercise;
  if (!lines.front().starts_with("# "))
    problems.add({statement}, "the first line is not a title, # ...");
  else
    exercise.title = title_of(lines.front());
  const auto found = std::ranges::find_if(lines, is_lecture_line);
  const int number = 1 + static_cast<int>(found - lines.begin());
  if (found == lines.end())
    problems.add({statement, 2},
                 "after the title comes a line such as: Lecture §3.1 · easy · after central_limit");
  else
    read_line(*found, {statement, number}, manuscript, exercise, problems);
  return exercise;
}

std::vector<Hint> read_hints(const std::filesystem::path& file, Problems& problems) {
  std::vector<Hint> hints;
  int number = 0;
  const auto lines = required_lines(file, problems);
  for (const auto& line : lines) {
    ++number;
    if (line.starts_with("## "))
      hints.push_back({title_of(line), number, {}});
    else if (!hints.empty())
      hints.back().lines.push_back(line);
    else if (!trim(line).empty())
      problems.add({file, number}, "this stands above the first hint, ## ...");
  }
  for (const auto& hint : hints)
    if (std::ranges::all_of(hint.lines, [](const auto& line) { return trim(line).empty(); }))
      problems.add({file, hint.line}, "this hint says nothing");
  if (!lines.empty() && hints.size() != kHints)
    problems.add({file}, fmt::format("{} hints, ## ..., instead of {}", hints.size(), kHints));
  return hints;
}

}  // namespace book
