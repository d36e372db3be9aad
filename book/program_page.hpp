#pragma once

#include <set>
#include <string>

#include "literate.hpp"
#include "markdown.hpp"
#include "weaver.hpp"

namespace book {

/// The page of one literate program: its prose, its code, and what its ledger has to say.
class ProgramPage {
 public:
  ProgramPage(const Manuscript& manuscript, const Program& program, Problems& problems);

  /// Markdown for Doxygen; everything that prose and ledger disagree about is reported.
  std::string weave();

  const std::vector<Heading>& headings() const { return page_.headings(); }

 private:
  std::map<std::string, Directive> directives();
  std::string show_value(const std::string& id, const Place& place);
  std::string show_predicted(const std::string& id, const Place& place);
  std::string show_figure(const std::string& id, const Place& place);

  std::string opening(Block& first);
  std::string links() const;
  std::string neighbours() const;
  std::string checked_lecture_line(const std::string& line, const Place& place);
  std::string code(const Block& block) const;
  void check_title();
  void check_options(const std::string& code, const Place& place);
  void check_shown();
  void check_ledger();

  const Manuscript& manuscript_;
  const Program& program_;
  const Ledger& ledger_;
  Problems& problems_;
  Page page_;
  std::set<std::string> figures_shown_;
  bool claims_shown_ = false, options_shown_ = false;
};

}  // namespace book
