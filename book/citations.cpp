#include "citations.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <regex>

#include "text.hpp"

namespace book {
namespace {

using Means = std::function<bool(const Paper& paper, const std::smatch& found)>;

/// Lines without the slashes of a comment and the blanks around them, so that a sentence may go on from line to line.
std::string without_comment_marks(std::string_view text) {
  std::string out;
  for (const auto& line : split_lines(text)) {
    std::string_view words = trim(line);
    while (words.starts_with('/')) words.remove_prefix(1);
    out += std::string(trim(words)) + '\n';
  }
  return out;
}

int line_at(const std::string& text, std::ptrdiff_t position) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + position, '\n'));
}

/// Lower case, with blanks for ends of lines: what titles are compared in.
std::string folded(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void find(const std::string& text, const std::regex& pattern, const std::vector<Paper>& papers,
          const Means& means, std::vector<Citation>& all) {
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    Citation citation{it->str(), line_at(text, it->position()), {}};
    std::ranges::replace(citation.words, '\n', ' ');
    for (const auto& paper : papers)
      if (means(paper, *it)) citation.papers.push_back(&paper);
    all.push_back(citation);
  }
}

void find_titles(const std::string& text, const std::vector<Paper>& papers, std::vector<Citation>& all) {
  const std::string low = folded(text);
  for (const auto& paper : papers)
    if (const auto at = low.find(folded(paper.field("title"))); at != std::string::npos)
      all.push_back({paper.field("title"), line_at(text, static_cast<std::ptrdiff_t>(at)), {&paper}});
}

/// Whether that is the surname of an author, or a word of where it was published.
bool has_name(const Paper& paper, const std::string& name) {
  const auto in = [&](const char* field, const std::string& words) {
    return paper.field(field).find(words) != std::string::npos;
  };
  return in("author", name + ",") || in("publisher", name) || in("institution", name) ||
         in("booktitle", name);
}

}  // namespace

std::vector<Citation> citations(std::string_view source, const std::vector<Paper>& papers) {
  static const std::regex arxiv(R"((?:arXiv:\s*|arxiv\.org/abs/)(\d{4}\.\d{4,5}))");
  static const std::regex name_and_year(
      "([A-Z\x80-\xff][A-Za-z'\x80-\xff-]+),?(?:\\s+et\\s+al\\.)?\\s+"
      "(?:\\(((?:1[6-9]|20)\\d\\d)\\)|((?:1[6-9]|20)\\d\\d)(?=[);]))");
  static const std::regex volume_and_page(R"((\d+)\s+\(((?:1[6-9]|20)\d\d)\)\s+(\d+))");
  static const std::regex key(R"(@bibtex ([\w-]+))");
  const std::string text = without_comment_marks(source);
  std::vector<Citation> all;
  find(
      text, arxiv, papers,
      [](const auto& paper, const auto& found) { return paper.field("eprint") == found[1]; }, all);
  find(
      text, name_and_year, papers,
      [](const auto& paper, const auto& found) {
        return paper.field("year") == (found[2].matched ? found[2] : found[3]) && has_name(paper, found[1]);
      },
      all);
  find(
      text, volume_and_page, papers,
      [](const auto& paper, const auto& found) {
        return paper.field("volume") == found[1] && paper.field("year") == found[2] &&
               (paper.field("pages") + '-').starts_with(found.str(3) + '-');
      },
      all);
  find(
      text, key, papers, [](const auto& paper, const auto& found) { return paper.key == found[1]; }, all);
  find_titles(text, papers, all);
  return all;
}

}  // namespace book
