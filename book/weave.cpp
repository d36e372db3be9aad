/// weave ROOT RECORD OUTPUT PROGRAM...
///
/// Weaves the literate programs below ROOT/chapters, with the ledgers and figures that their runs left below RECORD,
/// into pages for Doxygen in OUTPUT. Prose that disagrees with code or ledger is reported with file and line, all of it
/// at once, and the exit status is then 1.

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "weaver.hpp"

int main(int argc, char** argv) try {
  if (argc < 5) {
    std::cerr << "weave: usage: weave ROOT RECORD OUTPUT PROGRAM... (a program is chapter/name)\n";
    return 2;
  }
  book::Problems problems;
  const book::Manuscript manuscript(std::filesystem::absolute(argv[1]), std::filesystem::absolute(argv[2]),
                                    {argv + 4, argv + argc}, problems);
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
