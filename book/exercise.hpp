#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "problems.hpp"

namespace book {

class Manuscript;
struct Program;

/// An exercise: its statement (README.md) says what it is called, how hard it is and after which programs it comes.
struct Exercise {
  std::string name;  ///< chapter/exercises/name
  std::filesystem::path directory;
  std::string title, section, level;
  std::vector<const Program*> programs;
  bool solved = false;  ///< whether the book shows its solution

  std::string chapter() const { return name.substr(0, name.find('/')); }
  std::string stem() const { return name.substr(name.rfind('/') + 1); }
  std::string page() const { return "exercise-" + stem(); }
  std::string solution_page() const { return "solution-" + stem(); }
  std::filesystem::path statement() const { return directory / "README.md"; }
  std::filesystem::path solution() const { return directory / "solution.hpp"; }
};

/// Reads what the statement of an exercise says about it; the programs of the manuscript must be known.
Exercise read_exercise(const std::string& name, const Manuscript& manuscript, Problems& problems);

/// The lines of a file that every exercise has: its statement, stub or hints; none, and a problem, if it is missing.
std::vector<std::string> required_lines(const std::filesystem::path& file, Problems& problems);

/// One hint: its title, and the lines below it.
struct Hint {
  std::string title;
  int line;  ///< of the title
  std::vector<std::string> lines;
};

/// The hints of an exercise, one below each `## …`; that there are not three is a problem.
std::vector<Hint> read_hints(const std::filesystem::path& file, Problems& problems);

}  // namespace book
