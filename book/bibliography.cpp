#include "bibliography.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "text.hpp"

namespace book {
namespace {

/// "Stoner, Keegan Yao" as "K. Stoner": the first letter of the first given name, which may be two bytes long.
std::string short_name(const std::string& author) {
  const auto parts = split(author, ',');
  if (parts.size() < 2) return author;
  const std::size_t letter = static_cast<unsigned char>(parts[1][0]) < 0x80 ? 1 : 2;
  return parts[1].substr(0, letter) + ". " + parts[0];
}

void check(const Paper& paper, const std::filesystem::path& file, Problems& problems) {
  for (const char* name : {"author", "title", "year"})
    if (paper.field(name).empty())
      problems.add({file, paper.line}, fmt::format("the entry {} has no {}", paper.key, name));
}

}  // namespace

std::string Paper::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : replace_all(replace_all(found->second, "{", ""), "}", "");
}

std::string Paper::authors() const {
  const auto names = split(replace_all(field("author"), " and ", "\n"), '\n');
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + short_name(names[i]);
  return text;
}

std::string Paper::venue() const {
  const std::string journal = field("journal"), year = field("year");
  if (!journal.empty()) {
    const auto pages = split(replace_all(field("pages"), "--", "-"), '-');
    return fmt::format("{} {} ({}) {}", journal, field("volume"), year, pages.empty() ? "" : pages.front());
  }
  for (const char* name : {"booktitle", "publisher", "institution"})
    if (const auto where = field(name); !where.empty()) return fmt::format("{} {}", where, year);
  return year;
}

std::vector<Paper> read_bibliography(const std::filesystem::path& file, Problems& problems) {
  static const std::regex head(R"(@\w+\{([\w-]+),)"), field(R"(\s*(\w+)\s*=\s*\{(.*)\},?)");
  std::vector<Paper> papers;
  bool inside = false;
  int number = 0;
  for (const auto& line : split_lines(read_file(file))) {
    ++number;
    std::smatch found;
    if (!inside && std::regex_match(line, found, head))
      inside = true, papers.push_back({found[1], "", number, {}});
    else if (inside && std::regex_match(line, found, field))
      papers.back().fields[found[1]] = found[2];
    else if (inside && trim(line) == "}")
      inside = false, papers.back().bibtex += "}", check(papers.back(), file, problems);
    else if (!trim(line).empty())
      problems.add({file, number}, fmt::format("not an entry or a field of BibTeX: {}", line));
    if (inside) papers.back().bibtex += line + '\n';
  }
  if (inside)
    problems.add({file, papers.back().line}, fmt::format("the entry {} never ends", papers.back().key));
  return papers;
}

}  // namespace book
