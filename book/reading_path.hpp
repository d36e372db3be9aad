#pragma once

#include <set>
#include <string>
#include <vector>

#include "manuscript.hpp"

namespace book {

/// What a program asks of a reader: minutes to read its page, seconds in which it ran for the book.
struct Effort {
  double minutes = 0, seconds = 0;
  Effort& operator+=(const Effort& other);
};

/// Reading is estimated from what is counted on the page at the speed of reading_speed(), running is what the record says (zero where
/// it says nothing).
Effort effort(const Program& program);

/// The effort of the whole book.
Effort effort(const Manuscript& manuscript);

/// The assumption behind the minutes, as a sentence.
std::string reading_speed();

/// How to go through the programs, with the time it takes.
class ReadingPath {
 public:
  ReadingPath(const Manuscript& manuscript, Problems& problems)
      : manuscript_(manuscript), problems_(problems) {}

  /// `@reading-path 3.1 central_limit nngp`: a table of all programs of that section of the lectures, those named first, the others
  /// as what may be read later.
  std::string section(const std::string& argument, const Place& place);

  /// `@path First week: central_limit nngp`: these programs in a row, with their time.
  std::string path(const std::string& argument, const Place& place) const;

  /// Every section that has programs must have been shown.
  void check_complete(const Place& place) const;

 private:
  std::vector<const Program*> named(const std::string& names, const Place& place) const;

  const Manuscript& manuscript_;
  Problems& problems_;
  std::set<std::string> shown_;
};

}  // namespace book
