#include "parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>

#include "markdown.hpp"
#include "text.hpp"

namespace book {
namespace {

const std::string kLecture = "Lecture §";

/// Names and what stands between them, in turns.
std::vector<std::string> names_and_gaps(const std::string& words) {
  static const std::regex piece("[A-Za-z0-9_/]+|[^A-Za-z0-9_/]+");
  return {std::sregex_token_iterator(words.begin(), words.end(), piece), {}};
}

std::string linked_programs(const std::string& words, const Manuscript& manuscript) {
  std::string html;
  for (const auto& piece : names_and_gaps(words)) {
    const Program* named = manuscript.find(piece);
    html += named ? link_to(named->page(), piece) : escape_html(piece);
  }
  return html;
}

}  // namespace

std::string link_to(const std::string& page, const std::string& html) {
  return fmt::format("<a href=\"{}.html\">{}</a>", page, html);
}

bool is_lecture_line(const std::string& line) { return line.starts_with(kLecture); }

LectureLine read_lecture_line(const std::string& line) {
  auto parts = split(replace_all(line.substr(kLecture.size()), " · ", "\n"), '\n');
  if (parts.empty()) return {};
  const std::string section = parts.front();
  parts.erase(parts.begin());
  return {section, parts};
}

std::vector<const Program*> named_programs(const std::string& words, const Manuscript& manuscript) {
  std::vector<const Program*> programs;
  for (const auto& piece : names_and_gaps(words))
    if (const Program* named = manuscript.find(piece)) programs.push_back(named);
  return programs;
}

std::string lecture_line(const LectureLine& line, const Manuscript& manuscript) {
  std::string html =
      fmt::format("<a href=\"sections.html#section-{0}\">Lecture §{0}</a>", escape_html(line.section));
  for (const auto& part : line.rest) html += " · " + linked_programs(part, manuscript);
  return fmt::format("<p class=\"lecture\">{}</p>\n", html);
}

std::string code_box(const std::vector<std::string>& lines, const std::string& corner) {
  const std::string text = fmt::format("{}", fmt::join(lines, "\n"));
  const std::string mark = text.find("~~~") == std::string::npos ? "~~~" : "`````";
  const std::string open =
      fmt::format("<div class=\"code{}\">{}", lines.size() == 1 ? " single" : "", corner);
  return raw_html(open) + fmt::format("\n{}{{.cpp}}\n{}\n{}\n", mark, text, mark) + raw_html("</div>");
}

std::string pager(const std::string& label, const std::optional<Link>& before,
                  const std::optional<Link>& after) {
  const auto link = [](const std::optional<Link>& to, const char* direction, const char* words) {
    if (!to) return std::string("<span></span>");
    return fmt::format("<a class=\"{0}\" rel=\"{0}\" href=\"{1}.html\"><span>{2}</span>{3}</a>", direction,
                       to->page, words, to_html(to->title));
  };
  return fmt::format("<nav class=\"pager\" aria-label=\"{}\">{}{}</nav>", label,
                     link(before, "prev", "Before"), link(after, "next", "Next"));
}

}  // namespace book
