#pragma once

#include <map>
#include <string>
#include <vector>

#include "manuscript.hpp"
#include "markdown.hpp"

namespace book {

/// Where results of the lectures and of the papers behind them are computed: `@result PROGRAM#heading | claims | names` below the
/// formula of a result.
class Results {
 public:
  Results(const Manuscript& manuscript, Problems& problems) : manuscript_(manuscript), problems_(problems) {}

  /// What the page of a program has to be linked to.
  void know(const Program& program, const std::vector<Heading>& headings) { headings_[&program] = headings; }

  /// The section of the lectures, the place on the program's page, the claims, and the names of the library, all as links, in Markdown
  /// for Doxygen, which looks up the names. An unknown program, heading or claim is a problem.
  std::string result(const std::string& argument, const Place& place) const;

 private:
  std::string heading(const Program& program, const std::string& anchor, const Place& place) const;
  std::string claim(const Program& program, const std::string& id, const Place& place) const;

  const Manuscript& manuscript_;
  Problems& problems_;
  std::map<const Program*, std::vector<Heading>> headings_;
};

}  // namespace book
