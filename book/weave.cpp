/// weave ROOT RECORD OUTPUT NAME...
///
/// Weaves the literate programs and the exercises below ROOT/chapters, with the ledgers and figures that runs of the
/// programs left below RECORD, into pages for Doxygen in OUTPUT. A program is called chapter/name, an exercise
/// chapter/exercises/name. Prose that disagrees with code or ledger is reported with file and line, all of it
/// at once, and the exit status is then 1.

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "weaver.hpp"

namespace {

book::Contents contents(const std::vector<std::string>& names) {
  book::Contents contents;
  for (const auto& name : names)
    (name.find("/exercises/") == std::string::npos ? contents.programs : contents.exercises).push_back(name);
  return contents;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 5) {
    std::cerr
        << "weave: usage: weave ROOT RECORD OUTPUT NAME... (chapter/program or chapter/exercises/name)\n";
    return 2;
  }
  book::Problems problems;
  const book::Manuscript manuscript(std::filesystem::absolute(argv[1]), std::filesystem::absolute(argv[2]),
                                    contents({argv + 4, argv + argc}), problems);
  book::Weaver(manuscript, argv[3], problems).weave();
  std::cerr << problems;
  if (!problems.empty())
    std::cerr << fmt::format("weave: {} problem{} in the book\n", problems.count(),
                             problems.count() == 1 ? "" : "s");
  return problems.empty() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "weave: " << error.what() << '\n';
  return 3;
}
