#include "weaver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "exercise_lists.hpp"
#include "parts.hpp"
#include "program_page.hpp"
#include "scan.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;

/// The programs that the links of a chapter's README.md lead to, in order.
std::vector<std::string> linked_programs(const std::string& readme, const std::string& chapter) {
  static const std::regex link(R"(\]\(([a-z0-9_]+)\.cpp\))");
  std::vector<std::string> programs;
  for (std::sregex_iterator it(readme.begin(), readme.end(), link), end; it != end; ++it)
    if (const auto name = chapter + "/" + it->str(1); !std::ranges::count(programs, name))
      programs.push_back(name);
  return programs;
}

void copy_if_changed(const fs::path& from, const fs::path& to) {
  if (fs::exists(from)) write_if_changed(to, read_file(from));
}

}  // namespace

std::string doxygen_page(const std::string& name, const std::string& title, const std::string& body) {
  std::string plain = plain_text(title);
  for (const char* special : {"<", ">", "#", "%", "@", "\""})
    plain = replace_all(plain, special, std::string("\\") + special);
  if (name == "index") return fmt::format("\\mainpage {}\n{}", plain, body);
  return fmt::format("# {} {{#{}}}\n{}", plain, name, body);
}

Weaver::Weaver(const Manuscript& manuscript, fs::path output, Problems& problems)
    : manuscript_(manuscript),
      output_(std::move(output)),
      problems_(problems),
      results_(manuscript, problems),
      reading_path_(manuscript, problems),
      papers_(manuscript, problems) {}

void Weaver::weave() {
  for (const auto& program : manuscript_.programs()) {
    if (!program.ledger) continue;
    write_page(program.page(), program_page(program));
    source_page(program);
    copy_record(program);
  }
  for (const auto& exercise : manuscript_.exercises()) {
    exercise_page(exercise);
    if (exercise.solved) solution_page(exercise);
  }
  for (const auto& chapter : manuscript_.chapters()) chapter_page(chapter);
  for (const auto& [file, name] : Manuscript::front_matter()) front_page(file, name);
  navigation();
  search_index();
  remove_stale_pages();
}

void Weaver::write_page(const std::string& name, const std::string& page) {
  written_.push_back(name + ".md");
  write_if_changed(output_ / "pages" / written_.back(), page);
}

std::string Weaver::program_page(const Program& program) {
  ProgramPage page(manuscript_, program, problems_);
  const std::string text = page.weave();
  results_.know(program, page.headings());
  const std::string title = plain_text(program.title), address = program.page() + ".html";
  index_page("program", program.title, program.page(), "§" + program.ledger->lecture + " " + program.name,
             page.headings());
  for (const auto& claim : program.ledger->claims)
    index("claim", claim.ref + " " + plain_text(claim.statement), address + "#claim-" + claim.id, title);
  for (const auto& figure : program.ledger->figures)
    index("figure", plain_text(figure.caption), address + "#figure-" + figure.id, title);
  return text;
}

/// The whole source with line numbers; Doxygen links what it knows.
void Weaver::source_page(const Program& program) {
  const std::string file = program.stem() + ".cpp";
  const std::string top = fmt::format(
      "<h1 class=\"page-title\"><code>chapters/{}.cpp</code></h1>\n<nav class=\"page-links\" "
      "aria-label=\"This source\">"
      "<a href=\"{}.html\">The page of this program</a> <a href=\"record/{}/{}\" download>Save the "
      "file</a></nav>",
      program.name, program.page(), program.name, file);
  write_page(program.source_page(),
             doxygen_page(program.source_page(), program.name + ".cpp",
                          raw_html(top) + raw_html("<div class=\"source\">") +
                              fmt::format("\n\\include{{lineno}} chapters/{}.cpp\n", program.name) +
                              raw_html("</div>")));
}

void Weaver::copy_record(const Program& program) {
  const fs::path from = program.ledger->path.parent_path(), to = output_ / "site" / "record" / program.name;
  copy_if_changed(program.ledger->path, to / "ledger.json");
  copy_if_changed(program.source, to / (program.stem() + ".cpp"));
  for (const auto& figure : program.ledger->figures)
    for (const auto& file : figure.files) copy_if_changed(from / file, to / file);
}

Page Weaver::page_for(std::map<std::string, Directive> directives) {
  return {
      std::move(directives),
      [this](const auto& target, const auto& place) { return manuscript_.resolve(target, place, problems_); },
      problems_};
}

void Weaver::chapter_page(const Chapter& chapter) {
  if (!fs::exists(chapter.readme)) return;
  const std::string readme = read_file(chapter.readme);
  std::vector<std::string> expected;
  for (const auto* program : chapter.programs) expected.push_back(program->name);
  const auto linked = linked_programs(readme, chapter.name);
  for (const auto& name : expected)
    if (!std::ranges::count(linked, name))
      problems_.add({chapter.readme}, fmt::format("{} is not linked", name));
  if (linked != expected && std::ranges::is_permutation(linked, expected))
    problems_.add({chapter.readme},
                  fmt::format("the programs are not linked in their order: {}", fmt::join(expected, ", ")));

  auto lines = split_lines(readme);
  if (!lines.empty()) lines.front().clear();
  auto page = page_for({});
  std::string opening =
      fmt::format("<h1 class=\"page-title\">{}</h1>", page.inline_html(chapter.title, {chapter.readme}));
  if (const auto lecture = std::ranges::find_if(lines, is_lecture_line); lecture != lines.end()) {
    const Place place{chapter.readme, 1 + static_cast<int>(lecture - lines.begin())};
    opening += fmt::format("\n<p class=\"lecture\">{}</p>", page.inline_html(*lecture, place));
    lecture->clear();
  }
  const std::string top = raw_html(opening);
  const std::string body = page.prose(lines, {chapter.readme});
  write_page(chapter.name,
             doxygen_page(chapter.name, chapter.title,
                          top + body + raw_html(chapter_programs(chapter) + chapter_exercises(chapter))));
  index_page("chapter", chapter.title, chapter.name, "", page.headings());
}

void Weaver::front_page(const std::string& file, const std::string& name) {
  const fs::path path = manuscript_.root() / "book" / file;
  if (!fs::exists(path)) {
    if (name == "index") problems_.add({path}, "there is no front page");
    return;
  }
  auto lines = split_lines(read_file(path));
  const std::string title = lines.empty() ? "" : title_of(lines.front());
  if (lines.empty() || !lines.front().starts_with("# "))
    return problems_.add({path}, "the first line is not a title, # ...");
  lines.front().clear();
  auto page = page_for(front_directives());
  if (name == "notation") check_names(page);
  const std::string body = page.prose(lines, {path});
  if (name == "sections") check_sections({path});
  if (name == "library") check_rooms({path});
  if (name == "reading_path") reading_path_.check_complete({path});
  const std::string top =
      raw_html(fmt::format("<h1 class=\"page-title\">{}</h1>", page.inline_html(title, {path})));
  write_page(name, doxygen_page(name, title, top + body));
  index_page("page", title, name, "", page.headings());
}

/// What the page says about names in code must be true.
void Weaver::check_names(Page& page) {
  page.check_code([this, words = manuscript_.code_words()](const std::string& code, const Place& place) {
    const auto name = code.find_first_not_of('-');
    if (name == std::string::npos || !words.contains(code.substr(name)))
      problems_.add(place, fmt::format("there is no {} in the library or the programs", code));
  });
}

void Weaver::index(const std::string& kind, const std::string& title, const std::string& address,
                   const std::string& context) {
  index_.push_back(nlohmann::json::array({kind, title, address, context}).dump());
}

/// A page, called by its title in Markdown, and its headings.
void Weaver::index_page(const std::string& kind, const std::string& title, const std::string& name,
                        const std::string& context, const std::vector<Heading>& headings) {
  index(kind, plain_text(title), name + ".html", context);
  for (const auto& heading : headings)
    index("section", heading.plain, name + ".html#" + heading.anchor, plain_text(title));
}

/// What the search of the site knows besides Doxygen's symbols: [kind, words, address, context] for every page,
/// heading, claim and figure.
void Weaver::search_index() {
  write_if_changed(output_ / "site" / "book_index.js",
                   fmt::format("const bookIndex = [\n{}\n];\n", fmt::join(index_, ",\n")));
}

void Weaver::remove_stale_pages() {
  for (const auto& entry : fs::directory_iterator(output_ / "pages"))
    if (!std::ranges::count(written_, entry.path().filename().string())) fs::remove(entry.path());
}

}  // namespace book
