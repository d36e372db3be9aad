#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Trials: long checks that are commands of their own, `./fieldbook trial NAME`, and whose last outcome the book shows.
namespace trials {

/// One case of a trial. Cells are Markdown without links: `code`, $formula$, *emphasis*.
struct Row {
  std::vector<std::string> cells;
  bool passed = true;
};

/// Cases of one kind.
struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<Row> rows;
  bool judged = true;  ///< false where rows are counts, of which the whole alone is judged
};

/// What a trial found.
struct Verdict {
  std::string summary;        ///< one or two sentences with the numbers, Markdown without links
  std::vector<Table> tables;  ///< every case, or what is left after cases alike were counted
  bool passed = true;  ///< conditions on the whole, such as a share that must be reached; cases count apart
};

/// Where a trial works.
struct Place {
  std::filesystem::path sources;  ///< the root of the repository
  std::filesystem::path build;    ///< the build directory: programs are in chapters/
  std::filesystem::path work;     ///< its own, kept from one run to the next
};

/// The main function of the trial `name`, called as NAME SOURCES BUILD: conducts it, prints the verdict with all cases that
/// failed, and writes it to BUILD/trials/NAME.json with date, version and processor, in the form that the book reads.
/// Returns the exit status: 0 all passed, 1 something did not, 2 bad usage, 3 the machine failed, 128 + signal interrupted.
int conduct(const std::string& name, int argc, char** argv,
            const std::function<Verdict(const Place&)>& trial);

}  // namespace trials
