#include "manuscript.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "text.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

Program read_program(const fs::path& root, const fs::path& record, const std::string& name,
                     Problems& problems) {
  Program program{name, root / "chapters" / (name + ".cpp"), {}, {}};
  try {
    const auto lines = split_lines(read_file(program.source));
    const std::string first = lines.empty() ? "" : lines.front();
    if (!first.starts_with("// # "))
      problems.add({program.source}, "the first line is not a title, // # ...");
    program.title = title_of(first);
    program.ledger = read_ledger(record / name / "ledger.json");
    if (program.ledger->program != name)
      problems.add({program.ledger->path},
                   fmt::format("this is the ledger of {}, not of {}", program.ledger->program, name));
  } catch (const std::exception& error) {
    problems.add({program.source}, error.what());
  }
  return program;
}

Chapter read_chapter(const fs::path& root, const std::string& name, Problems& problems) {
  Chapter chapter{name, name, root / "chapters" / name / "README.md", {}, {}};
  try {
    const auto lines = split_lines(read_file(chapter.readme));
    if (lines.empty() || !lines.front().starts_with("# "))
      problems.add({chapter.readme}, "the first line is not a title, # ...");
    else
      chapter.title = title_of(lines.front());
  } catch (const std::exception& error) {
    problems.add({chapter.readme}, error.what());
  }
  return chapter;
}

/// The element that stands `step` places after `item` in its list; nullptr at the ends.
template <class Item>
const Item* beside(const std::vector<Item>& list, const Item& item, int step) {
  const auto index = (&item - list.data()) + step;
  return index < 0 || index >= static_cast<std::ptrdiff_t>(list.size()) ? nullptr : &list[index];
}

}  // namespace

std::string title_of(const std::string& first_line) {
  const auto begin = first_line.find_first_not_of("/# ");
  return begin == std::string::npos ? std::string{} : std::string(trim(first_line.substr(begin)));
}

Manuscript::Manuscript(fs::path root, fs::path record, const Contents& contents, Problems& problems)
    : root_(std::move(root)) {
  programs_.reserve(contents.programs.size());
  for (const auto& name : contents.programs) {
    programs_.push_back(read_program(root_, record, name, problems));
    chapter(programs_.back().chapter(), problems).programs.push_back(&programs_.back());
  }
  exercises_.reserve(contents.exercises.size());
  for (const auto& name : contents.exercises) {
    exercises_.push_back(read_exercise(name, *this, problems));
    exercises_.back().solved = contents.solutions && fs::exists(exercises_.back().solution());
    chapter(exercises_.back().chapter(), problems).exercises.push_back(&exercises_.back());
  }
}

/// The chapter of that name, read where it has not been met before.
Chapter& Manuscript::chapter(const std::string& name, Problems& problems) {
  const auto found = std::ranges::find(chapters_, name, &Chapter::name);
  return found != chapters_.end() ? *found : chapters_.emplace_back(read_chapter(root_, name, problems));
}

std::vector<fs::path> Manuscript::headers() const {
  std::vector<fs::path> found;
  if (const auto library = root_ / "common" / "fieldbook"; fs::is_directory(library))
    for (const auto& entry : fs::recursive_directory_iterator(library))
      if (entry.path().extension() == ".hpp") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::set<std::string> Manuscript::code_words() const {
  auto files = headers();
  for (const auto& program : programs_)
    if (fs::exists(program.source)) files.push_back(program.source);
  std::set<std::string> words;
  for (const auto& file : files)
    for (const auto& line : split_lines(read_file(file))) {
      std::string word;
      for (const char c : line.substr(0, line.find("//")) + ' ') {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
          word += c;
        } else if (!word.empty()) {
          words.insert(word);
          word.clear();
        }
      }
    }
  return words;
}

const Program* Manuscript::find(const std::string& name) const {
  const auto means = [&](const Program& program) { return names_program(name, program.name); };
  const auto found = std::ranges::find_if(programs_, means);
  return found == programs_.end() || std::ranges::count_if(programs_, means) > 1 ? nullptr : &*found;
}

const Program* Manuscript::neighbour(const Program& program, int step) const {
  return beside(programs_, program, step);
}

const Exercise* Manuscript::neighbour(const Exercise& exercise, int step) const {
  return beside(exercises_, exercise, step);
}

const std::map<std::string, std::string>& Manuscript::front_matter() {
  static const std::map<std::string, std::string> pages{{"front_page.md", "index"},
                                                        {"ideas.md", "ideas"},
                                                        {"reading_path.md", "reading_path"},
                                                        {"results.md", "results"},
                                                        {"papers.md", "papers"},
                                                        {"sections.md", "sections"},
                                                        {"atlas.md", "atlas"},
                                                        {"claims.md", "claims"},
                                                        {"notation.md", "notation"},
                                                        {"library.md", "library"},
                                                        {"exercises.md", "exercises"},
                                                        {"times.md", "times"},
                                                        {"calibration.md", "calibration"},
                                                        {"mutation.md", "mutation"},
                                                        {"trials.md", "trials"},
                                                        {"../tests/benchmarks/README.md", "benchmarks"}};
  return pages;
}

std::string Manuscript::page_of(const fs::path& file) const {
  for (const auto& program : programs_)
    if (file == program.source.lexically_normal()) return program.page();
  for (const auto& exercise : exercises_)
    if (file == exercise.statement().lexically_normal()) return exercise.page();
  for (const auto& chapter : chapters_)
    if (file == chapter.readme.lexically_normal()) return chapter.name;
  const auto page =
      front_matter().find(file.lexically_relative((root_ / "book").lexically_normal()).string());
  return page != front_matter().end() ? page->second : "";
}

std::string Manuscript::resolve(const std::string& target, const Place& place, Problems& problems) const {
  static const std::set<std::string> doxygen{"annotated.html", "files.html", "namespacefieldbook.html"};
  if (doxygen.contains(target)) return target;
  if (target.find("://") != std::string::npos || target.starts_with("mailto:")) return target;
  const auto hash = std::min(target.find('#'), target.size());
  const fs::path file = hash == 0 ? place.file.lexically_normal()
                                  : (place.file.parent_path() / target.substr(0, hash)).lexically_normal();
  if (const auto page = page_of(file); !page.empty()) return page + ".html" + target.substr(hash);
  const auto header = file.lexically_relative(root_ / "common");
  if (file.extension() == ".hpp" && !header.string().starts_with("..") && fs::exists(file))
    return "@ref " + header.string();
  problems.add(place,
               fs::exists(file) ? target + " is not part of the book" : "broken link: there is no " + target);
  return "#";
}

}  // namespace book
