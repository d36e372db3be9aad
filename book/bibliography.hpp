#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "problems.hpp"

namespace book {

/// One entry of a BibTeX file.
struct Paper {
  std::string key;
  std::string bibtex;  ///< as it stands in the file
  int line = 1;        ///< where it starts
  std::map<std::string, std::string> fields;

  /// A field without its braces; empty if the entry has none of that name.
  std::string field(const std::string& name) const;

  /// "A. Jacot, F. Gabriel and C. Hongler".
  std::string authors() const;

  /// "Neural Networks 6 (1993) 861": journal, volume, year and first page, or publisher and year; the year alone if it has neither.
  std::string venue() const;
};

/// The entries of a BibTeX file in which every field stands on a line of its own, `name = {value},`, and authors as
/// `Surname, Given and Surname, Given`. What it does not understand, and entries without author, title or year, are problems.
std::vector<Paper> read_bibliography(const std::filesystem::path& file, Problems& problems);

}  // namespace book
