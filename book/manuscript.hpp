#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exercise.hpp"
#include "ledger.hpp"
#include "problems.hpp"

namespace book {

/// A literate program with the record of its last run.
struct Program {
  std::string name;  ///< chapter/program
  std::filesystem::path source;
  std::optional<Ledger> ledger;  ///< empty if missing or damaged, which is then a problem of the book
  std::string title;             ///< as its page says

  std::string chapter() const { return name.substr(0, name.find('/')); }
  std::string stem() const { return name.substr(name.find('/') + 1); }
  std::string page() const { return chapter() + "-" + stem(); }  ///< its page is page() + ".html"
  std::string source_page() const { return "source-" + page(); }
};

/// A chapter: what its README.md calls it, and its programs and exercises in the order of the lectures.
struct Chapter {
  std::string name, title;
  std::filesystem::path readme;
  std::vector<const Program*> programs;
  std::vector<const Exercise*> exercises;
};

/// What a book is made of, by name.
struct Contents {
  std::vector<std::string> programs;   ///< chapter/program
  std::vector<std::string> exercises;  ///< chapter/exercises/name
  bool solutions = true;               ///< whether it shows the solutions that there are
};

/// Everything that the book is woven from, read once.
class Manuscript {
 public:
  /// Reads programs, exercises and their chapters below `root`, and ledgers below `record`.
  Manuscript(std::filesystem::path root, std::filesystem::path record, const Contents& contents,
             Problems& problems);
  Manuscript(const Manuscript&) = delete;
  Manuscript& operator=(const Manuscript&) = delete;

  const std::filesystem::path& root() const { return root_; }
  const std::vector<Program>& programs() const { return programs_; }
  const std::vector<Exercise>& exercises() const { return exercises_; }
  const std::vector<Chapter>& chapters() const { return chapters_; }

  /// The headers of the library, by path.
  std::vector<std::filesystem::path> headers() const;

  /// Every word of code, without comments, in the headers of the library and in the programs.
  std::set<std::string> code_words() const;

  /// The program called `name`: in full, or its last part where that is unique; nullptr if there is none.
  const Program* find(const std::string& name) const;

  /// The neighbour of a program in the order of the book, `step` = ±1; nullptr at the ends.
  const Program* neighbour(const Program& program, int step) const;
  const Exercise* neighbour(const Exercise& exercise, int step) const;

  /// The address that a link to `target`, written in the file `place`, has in the book. Links to programs, chapters,
  /// statements of exercises, pages of the book and headers of the library become links inside it; what leads nowhere is reported.
  std::string resolve(const std::string& target, const Place& place, Problems& problems) const;

  /// The pages beside the chapters: file, seen from book/, and name of the page.
  static const std::map<std::string, std::string>& front_matter();

 private:
  std::string page_of(const std::filesystem::path& file) const;
  Chapter& chapter(const std::string& name, Problems& problems);

  std::filesystem::path root_;
  std::vector<Program> programs_;
  std::vector<Exercise> exercises_;
  std::vector<Chapter> chapters_;
};

/// The title in the first line of a page, `# …` or `// # …`.
std::string title_of(const std::string& first_line);

}  // namespace book
