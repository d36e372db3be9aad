#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibliography.hpp"

namespace book {

/// Something in a text that points to a paper.
struct Citation {
  std::string words;                 ///< what stands there
  int line;                          ///< of the text
  std::vector<const Paper*> papers;  ///< all that it may mean; none if the bibliography has no such entry
};

/// The citations in a text, which may be source code whose comments start with slashes. A citation is
///
/// - an arXiv number, `arXiv:1806.07572` or a link to it,
/// - a name and a year in parentheses, `Barron (1993)` or `(Jacot, Gabriel and Hongler 2018; ...)`: the name is that of an
///   author, or of the publisher, the institution or the conference,
/// - volume, year and page of a journal, `39 (1993) 930`,
/// - `@bibtex key`,
/// - the title of an entry in full, in any case.
std::vector<Citation> citations(std::string_view text, const std::vector<Paper>& papers);

}  // namespace book
