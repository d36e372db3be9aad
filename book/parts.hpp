#pragma once

#include <optional>
#include <string>
#include <vector>

#include "manuscript.hpp"

namespace book {

/// A page of the book and what it is called, in Markdown.
struct Link {
  std::string page, title;
};

/// A program or an exercise as a link, where there is one.
template <class Paged>
std::optional<Link> link_if(const Paged* to) {
  if (!to) return std::nullopt;
  return Link{to->page(), to->title};
}

/// A link to a page of the book.
std::string link_to(const std::string& page, const std::string& html);

/// The line that stands under the title of programs, chapters and exercises: `Lecture §3.1 · easy · after nngp`.
struct LectureLine {
  std::string section;
  std::vector<std::string> rest;  ///< what follows, between the points
};

bool is_lecture_line(const std::string& line);
LectureLine read_lecture_line(const std::string& line);

/// The programs that words name, in their order.
std::vector<const Program*> named_programs(const std::string& words, const Manuscript& manuscript);

/// The same line with links to the section of the lectures and to the programs that it names.
std::string lecture_line(const LectureLine& line, const Manuscript& manuscript);

/// Code as Doxygen shows it, with links to what it knows; `corner` stands above its right end.
std::string code_box(const std::vector<std::string>& lines, const std::string& corner = "");

/// Links to the pages before and after, at the end of a page.
std::string pager(const std::string& label, const std::optional<Link>& before,
                  const std::optional<Link>& after);

}  // namespace book
