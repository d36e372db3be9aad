#include "reading_path.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "literate.hpp"
#include "markdown.hpp"
#include "parts.hpp"
#include "scan.hpp"
#include "tables.hpp"
#include "text.hpp"
#include "times.hpp"

namespace book {
namespace {

constexpr double kWordsPerMinute = 150, kLinesPerMinute = 20;
constexpr int kWordsPerFormula = 5, kWordsPerDisplay = 25;

int words_of(const std::string& text) {
  int words = 0;
  for (const auto& line : split_lines(text))
    for (const auto& word : split(line, ' '))
      words += std::ranges::any_of(word, [](unsigned char c) { return std::isalnum(c) || c >= 0x80; });
  return words;
}

/// Prose in words; a formula counts as some, a name in code as one.
int length(const Block& prose) {
  Problems reported_elsewhere;
  int words = 0;
  for (const auto& piece : scan(fmt::format("{}", fmt::join(prose.lines, "\n")), {}, reported_elsewhere)) {
    if (piece.kind == Kind::text) words += words_of(piece.content);
    if (piece.kind == Kind::code) words += 1;
    if (piece.kind == Kind::formula) words += kWordsPerFormula;
    if (piece.kind == Kind::display) words += kWordsPerDisplay;
  }
  return words;
}

std::string minutes(double time) {
  const int whole = static_cast<int>(time + 0.5);
  return whole < 60 ? fmt::format("{} min", whole) : fmt::format("{} h {:02} min", whole / 60, whole % 60);
}

std::string seconds(double time) { return time < 120 ? fmt::format("{:.0f} s", time) : minutes(time / 60); }

std::string program_link(const Program& program) {
  return fmt::format("{}<br/><code>{}</code>", link_to(program.page(), to_html(program.title)), program.name);
}

std::string row(const std::string& what, const Effort& effort) {
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n", what,
      minutes(effort.minutes), seconds(effort.seconds));
}

std::string rows(const std::vector<const Program*>& programs, const std::string& title, Effort& sum) {
  if (programs.empty()) return "";
  std::string html =
      fmt::format("<tbody><tr><th colspan=\"3\" scope=\"rowgroup\" class=\"chapter\">{}</th></tr>\n", title);
  for (const auto* program : programs) {
    html += row(program_link(*program), effort(*program));
    sum += effort(*program);
  }
  return html + "</tbody>\n";
}

}  // namespace

Effort& Effort::operator+=(const Effort& other) {
  minutes += other.minutes;
  seconds += other.seconds;
  return *this;
}

Effort effort(const Program& program) {
  double minutes = 0;
  for (const auto& block : split_program(read_file(program.source))) {
    if (block.prose)
      minutes += length(block) / kWordsPerMinute;
    else
      minutes += static_cast<double>(std::ranges::count_if(
                     block.lines, [](const auto& line) { return !trim(line).empty(); })) /
                 kLinesPerMinute;
  }
  return {minutes, program.ledger ? read_timing(program).seconds : 0};
}

Effort effort(const Manuscript& manuscript) {
  Effort sum;
  for (const auto& program : manuscript.programs()) sum += effort(program);
  return sum;
}

std::string reading_speed() {
  return fmt::format(
      "{:.0f} words of prose a minute, of which a formula counts for {} and one that stands alone for {}, "
      "and {:.0f} lines of code a "
      "minute",
      kWordsPerMinute, kWordsPerFormula, kWordsPerDisplay, kLinesPerMinute);
}

std::string ReadingPath::section(const std::string& argument, const Place& place) {
  const std::string number = argument.substr(0, argument.find(' '));
  const auto first = named(argument.substr(number.size()), place);
  shown_.insert(number);
  std::vector<const Program*> later;
  for (const auto& program : manuscript_.programs())
    if (program.ledger && program.ledger->lecture == number && !std::ranges::count(first, &program))
      later.push_back(&program);
  for (const auto* program : first)
    if (!program->ledger || program->ledger->lecture != number)
      problems_.add(place, fmt::format("{} does not belong to section {}", program->name, number));
  if (first.empty()) problems_.add(place, fmt::format("section {} needs a program to be read first", number));
  Effort sum;
  const std::string bodies = rows(first, "First", sum) + rows(later, "Later", sum);
  return scrolling(
      "Programs of section " + number,
      head({"Program", "To read", "To run"}) + bodies + "<tbody>" + row("<b>Together</b>", sum) + "</tbody>",
      "reading-path");
}

std::string ReadingPath::path(const std::string& argument, const Place& place) const {
  const auto colon = argument.find(": ");
  if (colon == std::string::npos)
    return problems_.add(place, "a path has a name: @path NAME: PROGRAM ..."), "";
  Effort sum;
  std::vector<std::string> links;
  for (const auto* program : named(argument.substr(colon + 1), place)) {
    links.push_back(link_to(program->page(), "<code>" + program->stem() + "</code>"));
    sum += effort(*program);
  }
  return fmt::format(
      "<p class=\"path\"><b>{}</b> {}<br/><span class=\"about\">{} to read, {} to run</span></p>\n",
      to_html(argument.substr(0, colon)), fmt::join(links, ", "), minutes(sum.minutes), seconds(sum.seconds));
}

void ReadingPath::check_complete(const Place& place) const {
  for (const auto& program : manuscript_.programs())
    if (program.ledger && !shown_.contains(program.ledger->lecture))
      problems_.add(place, fmt::format("lecture section {0} of {1} is missing here: add @reading-path {0}",
                                       program.ledger->lecture, program.name));
}

std::vector<const Program*> ReadingPath::named(const std::string& names, const Place& place) const {
  std::vector<const Program*> programs;
  for (const auto& name : split(names, ' ')) {
    if (const Program* program = manuscript_.find(name))
      programs.push_back(program);
    else
      problems_.add(place, fmt::format("unknown program {}", name));
  }
  return programs;
}

}  // namespace book
