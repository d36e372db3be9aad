#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "manuscript.hpp"
#include "markdown.hpp"
#include "papers.hpp"
#include "reading_path.hpp"
#include "results.hpp"

namespace book {

/// Weaves a manuscript into pages for Doxygen, into `output`:
/// `pages/*.md` (Doxygen's input), `site/` (copied beside Doxygen's pages) and `navigation.html` (for the header).
class Weaver {
 public:
  Weaver(const Manuscript& manuscript, std::filesystem::path output, Problems& problems);

  /// Makes everything; problems of the prose are collected, pages are written all the same.
  void weave();

  /// What a program's page is, without writing it: Markdown for Doxygen.
  std::string program_page(const Program& program);

 private:
  void chapter_page(const Chapter& chapter);
  void front_page(const std::string& file, const std::string& name);
  void exercise_page(const Exercise& exercise);
  void source_page(const Program& program);
  void copy_record(const Program& program);
  void navigation();
  void search_index();
  void remove_stale_pages();

  std::map<std::string, Directive> front_directives();
  std::string contents() const;
  std::string chapter_programs(const Chapter& chapter) const;
  std::string count(const std::string& what, const Place& place);
  std::string false_alarm() const;
  std::string section(const std::string& argument, const Place& place);
  std::string all_claims() const;
  std::string atlas() const;
  std::string calibration_part(const std::string& part, const Place& place);
  std::string mutation(const Place& place);
  std::string trial(const std::string& name, const Place& place);
  std::string trials(const Place& place);
  std::string room(const std::string& argument, const Place& place);
  void check_sections(const Place& place);
  void check_rooms(const Place& place);
  void check_names(Page& page);

  Page page_for(std::map<std::string, Directive> directives);
  void solution_page(const Exercise& exercise);
  std::string stub(const Exercise& exercise);
  std::string hints(const Exercise& exercise, Page& page);

  void write_page(const std::string& name, const std::string& page);
  void index(const std::string& kind, const std::string& title, const std::string& address,
             const std::string& context);
  void index_page(const std::string& kind, const std::string& title, const std::string& name,
                  const std::string& context, const std::vector<Heading>& headings);

  const Manuscript& manuscript_;
  std::filesystem::path output_;
  Problems& problems_;
  Results results_;
  ReadingPath reading_path_;
  Papers papers_;
  std::vector<std::string> written_, sections_, rooms_, index_;
};

/// Markdown of a page as Doxygen wants it: its name, its title in plain words, its body.
std::string doxygen_page(const std::string& name, const std::string& title, const std::string& body);

}  // namespace book
