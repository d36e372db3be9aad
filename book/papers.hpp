#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "bibliography.hpp"
#include "manuscript.hpp"

namespace book {

/// The papers that the book cites, wherever it does: on its pages and in the comments of the library.
class Papers {
 public:
  /// Reads book/bibliography.bib, if the book has one.
  Papers(const Manuscript& manuscript, Problems& problems);

  /// A list, by author, of all papers with links to pages and functions that cite them, as Markdown for Doxygen. A citation
  /// that means no paper of the bibliography is a problem, and so is a paper that nobody cites.
  std::string list();

  /// The entry of that key as it stands in the bibliography, as a code block of Markdown.
  std::string bibtex(const std::string& key, const Place& place) const;

 private:
  struct Source {
    std::filesystem::path file;
    std::string page, title;  ///< empty for a header, to which Doxygen makes the link
  };
  std::vector<Source> sources() const;
  void read(const Source& source);
  void check_all_cited() const;
  std::string item(const Paper& paper) const;

  const Manuscript& manuscript_;
  Problems& problems_;
  std::filesystem::path file_;
  std::vector<Paper> papers_;
  std::map<const Paper*, std::vector<std::string>>
      links_;  ///< from each paper to where it is cited, in Markdown
};

/// The function, class or constant whose comment has a line in it, as Doxygen calls it: `fieldbook::nngp_kernel`. Empty if that
/// line is no comment of something in a namespace.
std::string documented_name(const std::vector<std::string>& header, int line);

}  // namespace book
