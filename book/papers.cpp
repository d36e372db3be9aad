#include "papers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "citations.hpp"
#include "markdown.hpp"
#include "parts.hpp"
#include "text.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

std::string title_in(const fs::path& page) {
  const auto lines = split_lines(read_file(page));
  return lines.empty() ? "" : title_of(lines.front());
}

/// The innermost namespace that is open where the code of a header begins.
std::string enclosing_namespace(const std::vector<std::string>& header) {
  static const std::regex opening(R"(namespace ([\w:]+) \{)");
  std::smatch found;
  for (const auto& line : header)
    if (std::regex_match(line, found, opening)) return found[1];
  return "";
}

std::string link_to_header(const fs::path& name, const std::vector<std::string>& lines, int line) {
  const std::string of = documented_name(lines, line);
  const std::string file = fmt::format("\\ref {} \"{}\"", name.string(), name.filename().string());
  return of.empty() ? file : fmt::format("\\ref {} \"{}\"", of, of.substr(of.rfind(':') + 1));
}

}  // namespace

std::string documented_name(const std::vector<std::string>& header, int line) {
  auto at = static_cast<std::size_t>(line) - 1;
  if (at >= header.size() || !header[at].starts_with("///")) return "";
  static const std::regex declaration(R"((?:class |struct |enum class )(\w+).*|[^(=]*?(\w+)(?:\(| = ).*)");
  while (at < header.size() && (header[at].starts_with("///") || header[at].starts_with("template"))) ++at;
  std::smatch found;
  const std::string within = enclosing_namespace(header);
  if (at == header.size() || within.empty() || !std::regex_match(header[at], found, declaration)) return "";
  return within + "::" + (found[1].matched ? found.str(1) : found.str(2));
}

Papers::Papers(const Manuscript& manuscript, Problems& problems)
    : manuscript_(manuscript), problems_(problems), file_(manuscript.root() / "book" / "bibliography.bib") {
  if (fs::exists(file_)) papers_ = read_bibliography(file_, problems);
}

std::string Papers::list() {
  links_.clear();
  for (const auto& source : sources())
    if (fs::exists(source.file)) read(source);
  check_all_cited();
  std::vector<const Paper*> sorted;
  for (const auto& [paper, links] : links_) sorted.push_back(paper);
  std::ranges::sort(sorted, {}, [](const Paper* paper) {
    return std::pair{paper->field("author"), paper->field("year") + paper->key};
  });
  std::string text;
  for (const auto* paper : sorted) text += item(*paper);
  return text;
}

/// Everything in which a paper may be cited, in the order of the book.
std::vector<Papers::Source> Papers::sources() const {
  std::vector<Source> all;
  for (const auto& [file, page] : Manuscript::front_matter())
    if (const auto path = manuscript_.root() / "book" / file; fs::exists(path) && page != "papers")
      all.push_back({path, page, title_in(path)});
  for (const auto& chapter : manuscript_.chapters()) {
    all.push_back({chapter.readme, chapter.name, chapter.title});
    for (const auto* program : chapter.programs)
      all.push_back({program->source, program->page(), program->title});
    for (const auto* exercise : chapter.exercises) {
      for (const char* file : {"README.md", "hints.md", "answer.hpp"})
        all.push_back({exercise->directory / file, exercise->page(), exercise->title});
      if (exercise->solved)
        all.push_back({exercise->solution(), exercise->solution_page(), "A solution: " + exercise->title});
    }
  }
  for (const auto& header : manuscript_.headers()) all.push_back({header, "", ""});
  return all;
}

void Papers::read(const Source& source) {
  const std::string text = read_file(source.file);
  const auto lines = split_lines(text);
  for (const auto& citation : citations(text, papers_)) {
    if (citation.papers.empty())
      problems_.add({source.file, citation.line},
                    fmt::format("{} is not in {}", citation.words, file_.filename().string()));
    const std::string link =
        source.page.empty() ? link_to_header(source.file.lexically_relative(manuscript_.root() / "common"),
                                             lines, citation.line)
                            : raw_span(link_to(source.page, to_html(source.title)));
    for (const auto* paper : citation.papers)
      if (auto& links = links_[paper]; !std::ranges::count(links, link)) links.push_back(link);
  }
}

/// In a book without the solutions, a paper may miss the one place that cites it.
void Papers::check_all_cited() const {
  if (!std::ranges::all_of(manuscript_.exercises(), &Exercise::solved)) return;
  for (const auto& paper : papers_)
    if (!links_.contains(&paper))
      problems_.add({file_, paper.line}, fmt::format("nothing cites {}", paper.key));
}

std::string Papers::item(const Paper& paper) const {
  std::string html = fmt::format("<span class=\"paper\" id=\"paper-{}\">{}, <cite>{}</cite>, {}", paper.key,
                                 escape_html(paper.authors()), escape_html(paper.field("title")),
                                 escape_html(paper.venue()));
  if (const auto number = paper.field("eprint"); !number.empty())
    html += fmt::format(", <a href=\"https://arxiv.org/abs/{0}\">arXiv:{0}</a>", number);
  return fmt::format("- {} {}\n", raw_span(html + ".</span> <span class=\"cited-by\">Cited in</span>"),
                     fmt::join(links_.at(&paper), raw_span("·")));
}

std::string Papers::bibtex(const std::string& key, const Place& place) const {
  const auto found = std::ranges::find(papers_, key, &Paper::key);
  if (found != papers_.end()) return fmt::format("~~~\n{}\n~~~", found->bibtex);
  problems_.add(place, fmt::format("{} has no entry {}", file_.filename().string(), key));
  return "";
}

}  // namespace book
