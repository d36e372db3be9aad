#include "program_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "exercise_lists.hpp"
#include "numbers.hpp"
#include "parts.hpp"
#include "scan.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

/// The ids of a list, for messages.
std::string ids(const auto& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.id);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

ProgramPage::ProgramPage(const Manuscript& manuscript, const Program& program, Problems& problems)
    : manuscript_(manuscript),
      program_(program),
      ledger_(*program.ledger),
      problems_(problems),
      page_(
          directives(),
          [this](const auto& target, const auto& place) {
            return manuscript_.resolve(target, place, problems_);
          },
          problems) {
  page_.check_code([this](const auto& code, const auto& place) { check_options(code, place); });
}

std::map<std::string, Directive> ProgramPage::directives() {
  return {
      {"value", {false, true, [this](const auto& id, const auto& place) { return show_value(id, place); }}},
      {"predicted",
       {false, true, [this](const auto& id, const auto& place) { return show_predicted(id, place); }}},
      {"figure", {true, true, [this](const auto& id, const auto& place) { return show_figure(id, place); }}},
      {"claims",
       {true, false,
        [this](const auto&, const auto&) { return claims_shown_ = true, claims_table(ledger_); }}},
      {"options",
       {true, false,
        [this](const auto&, const auto&) { return options_shown_ = true, options_table(ledger_); }}},
  };
}

std::string ProgramPage::show_value(const std::string& id, const Place& place) {
  if (ledger_.claim(id) || ledger_.left_out_claim(id)) return value_link(ledger_, id, program_.page());
  problems_.add(place, fmt::format("unknown claim {} (there are: {})", id, ids(ledger_.claims)));
  return "";
}

std::string ProgramPage::show_predicted(const std::string& id, const Place& place) {
  if (const Claim* claim = ledger_.claim(id)) return predicted(*claim).html();
  return show_value(id, place);
}

std::string ProgramPage::show_figure(const std::string& id, const Place& place) {
  const Figure* known = ledger_.figure(id);
  if (!known)
    return problems_.add(place, fmt::format("unknown figure {} (there are: {})", id, ids(ledger_.figures))),
           "";
  if (!figures_shown_.insert(id).second) problems_.add(place, fmt::format("figure {} is shown twice", id));
  return figure(*known, "record/" + program_.name, ledger_.path.parent_path() / known->file(".svg"));
}

std::string ProgramPage::weave() {
  auto blocks = split_program(read_file(program_.source));
  check_title();
  check_ledger();
  std::string body;
  if (!blocks.empty() && blocks.front().prose) body += opening(blocks.front());
  for (const Block& block : blocks)
    body += block.prose ? page_.prose(block.lines, {program_.source, block.line}) + '\n' : code(block);
  check_shown();
  return doxygen_page(program_.page(), program_.title,
                      body + raw_html(program_exercises(program_, manuscript_) + neighbours()));
}

void ProgramPage::check_title() {
  if (program_.title != ledger_.title)
    problems_.add({program_.source}, fmt::format("the page's title is \"{}\", but the program says \"{}\"",
                                                 program_.title, ledger_.title));
}

/// Takes title and lecture line off the first block of prose.
std::string ProgramPage::opening(Block& first) {
  auto& lines = first.lines;
  const auto found = std::ranges::find_if(lines, is_lecture_line);
  std::string lecture;
  if (found == lines.end() ||
      !std::all_of(lines.begin() + 1, found, [](const auto& line) { return trim(line).empty(); })) {
    problems_.add({program_.source, 2},
                  "after the title comes a line such as: // Lecture §3.1 · about 4 s on two cores");
  } else {
    lecture =
        checked_lecture_line(*found, {program_.source, first.line + static_cast<int>(found - lines.begin())});
    found->clear();
  }
  lines.front().clear();
  return raw_html(fmt::format("<h1 class=\"page-title\">{}</h1>\n{}{}{}",
                              page_.inline_html(program_.title, {program_.source}), lecture, links(),
                              peculiarity_note(ledger_)));
}

/// The line under the title: its section must be the program's.
std::string ProgramPage::checked_lecture_line(const std::string& line, const Place& place) {
  const LectureLine read = read_lecture_line(line);
  if (read.section != ledger_.lecture)
    problems_.add(place, fmt::format("the page says lecture §{}, but the program says §{}", read.section,
                                     ledger_.lecture));
  return lecture_line(read, manuscript_);
}

std::string ProgramPage::links() const {
  std::string html = fmt::format(
      "<nav class=\"page-links\" aria-label=\"This program\"><a href=\"{}.html\">Source</a> "
      "<a href=\"record/{}/ledger.json\">Ledger</a>",
      program_.source_page(), program_.name);
  if (!ledger_.claims.empty())
    html += fmt::format(" <a href=\"#claims-of-this-page\">{}</a>",
                        verdict(static_cast<int>(ledger_.claims.size()), ledger_.failing()));
  if (const auto* before = manuscript_.neighbour(program_, -1))
    html += fmt::format(" <a rel=\"prev\" href=\"{}.html\">← {}</a>", before->page(), before->stem());
  if (const auto* after = manuscript_.neighbour(program_, 1))
    html += fmt::format(" <a rel=\"next\" href=\"{}.html\">{} →</a>", after->page(), after->stem());
  return html + fmt::format("</nav>\n<p class=\"run\"><code>./fieldbook run {}</code></p>\n", program_.name);
}

std::string ProgramPage::neighbours() const {
  return pager("Neighbouring programs", link_if(manuscript_.neighbour(program_, -1)),
               link_if(manuscript_.neighbour(program_, 1)));
}

std::string ProgramPage::code(const Block& block) const {
  const auto last = block.line + static_cast<int>(block.lines.size()) - 1;
  const std::string range =
      last == block.line ? fmt::format("line {}", last) : fmt::format("lines {}–{}", block.line, last);
  return code_box(block.lines,
                  fmt::format("<a class=\"lines\" href=\"{}.html#l{:05}\" aria-label=\"{} of the "
                              "source\">{}</a>",
                              program_.source_page(), block.line, range, range));
}

/// Options that prose or its commands name must exist, unless the command is another program's.
void ProgramPage::check_options(const std::string& code, const Place& place) {
  for (const auto& program : manuscript_.programs())
    if (&program != &program_ && code.find(program.stem()) != std::string::npos) return;
  static const std::regex option(R"((^|[\s\[])--([a-z][a-z0-9-]*))");
  for (std::sregex_iterator it(code.begin(), code.end(), option), end; it != end; ++it) {
    const std::string name = it->str(2);
    if (name == "help" || name == "version" || std::ranges::count(ledger_.options, name, &Option::name))
      continue;
    problems_.add(place, fmt::format("unknown option --{}", name));
  }
}

void ProgramPage::check_shown() {
  const Place place{program_.source};
  for (const auto& figure : ledger_.figures)
    if (!figures_shown_.contains(figure.id))
      problems_.add(place, fmt::format("figure {0} is never shown: add @figure {0}", figure.id));
  if (!claims_shown_ && !(ledger_.claims.empty() && ledger_.left_out.empty()))
    problems_.add(place, fmt::format("the claims ({}) are never shown: add @claims", ids(ledger_.claims)));
  const bool has_options =
      std::ranges::any_of(ledger_.options, [](const Option& option) { return !option.common; });
  if (!options_shown_ && has_options) problems_.add(place, "the options are never shown: add @options");
}

/// Formulas in what the program declares, and the files of its figures.
void ProgramPage::check_ledger() {
  const auto check = [this](const std::string& text) { scan(text, {ledger_.path}, problems_); };
  for (const auto& claim : ledger_.claims) check(claim.statement);
  for (const auto& claim : ledger_.left_out) check(claim.reason);
  for (const auto& option : ledger_.options) check(option.help);
  for (const auto& figure : ledger_.figures) check(figure.caption);
  for (const auto& figure : ledger_.figures) {
    if (figure.file(".svg").empty())
      problems_.add({ledger_.path}, fmt::format("figure {} has no .svg", figure.id));
    for (const auto& file : figure.files)
      if (!std::filesystem::exists(ledger_.path.parent_path() / file))
        problems_.add({ledger_.path},
                      fmt::format("figure {} lacks {}: make it with ./fieldbook figures", figure.id, file));
  }
}

}  // namespace book
