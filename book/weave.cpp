/// weave [--without-solutions] ROOT RECORD OUTPUT NAME...
///
/// Weaves the literate programs and the exercises below ROOT/chapters, with the ledgers and figures that runs of the
/// programs left below RECORD, into pages for Doxygen in OUTPUT. A program is called chapter/name, an exercise
/// chapter/exercises/name; its solution is woven too unless it is not there or not wanted. Prose that disagrees with
/// code or ledger is reported with file and line, all of it at once, and the exit status is then 1.

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "weaver.hpp"

namespace {

constexpr auto kUsage =
    "weave: usage: weave [--without-solutions] ROOT RECORD OUTPUT NAME... (chapter/program or "
    "chapter/exercises/name)\n";

book::Contents contents(const std::vector<std::string>& names, bool solutions) {
  book::Contents contents;
  contents.solutions = solutions;
  for (const auto& name : names)
    (name.find("/exercises/") == std::string::npos ? contents.programs : contents.exercises).push_back(name);
  return contents;
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> words{argv + 1, argv + argc};
  const bool solutions = std::erase(words, "--without-solutions") == 0;
  if (words.size() < 4 || words.front().starts_with("-")) return std::cerr << kUsage, 2;
  book::Problems problems;
  const book::Manuscript manuscript(std::filesystem::absolute(words[0]), std::filesystem::absolute(words[1]),
                                    contents({words.begin() + 3, words.end()}, solutions), problems);
  book::Weaver(manuscript, words[2], problems).weave();
  std::cerr << problems;
  if (!problems.empty())
    std::cerr << fmt::format("weave: {} problem{} in the book\n", problems.count(),
                             problems.count() == 1 ? "" : "s");
  return problems.empty() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "weave: " << error.what() << '\n';
  return 3;
}
