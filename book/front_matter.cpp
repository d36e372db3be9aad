#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "calibration.hpp"
#include "exercise_lists.hpp"
#include "mutation.hpp"
#include "numbers.hpp"
#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"
#include "times.hpp"
#include "trials.hpp"
#include "weaver.hpp"

/// What the pages around the programs show: contents, sections, claims, rooms of the library, navigation.
namespace book {
namespace {

namespace fs = std::filesystem;

/// Probability that a standard normal z lies beyond five standard errors.
const double kBeyondFive = std::erfc(5 / std::sqrt(2.0));

/// Sums something over the ledgers of the book.
int total(const Manuscript& manuscript, auto&& of) {
  int sum = 0;
  for (const auto& program : manuscript.programs())
    if (program.ledger) sum += of(*program.ledger);
  return sum;
}

/// Claims that chance can make fail although they are true.
int sampled_claims(const Ledger& ledger) {
  return static_cast<int>(std::ranges::count_if(ledger.claims, [](const Claim& claim) {
    return claim.kind == "statistical" || claim.standard_error.value_or(0) > 0;
  }));
}

/// The state of a program in one phrase.
std::string state(const Program& program) {
  const Ledger& ledger = *program.ledger;
  std::string words = verdict(static_cast<int>(ledger.claims.size()), ledger.failing());
  if (const auto what = ledger.peculiarities(); !what.empty())
    words += " (run with " + escape_html(what) + ")";
  return words;
}

std::string program_rows(const std::vector<const Program*>& programs) {
  std::string rows;
  for (const auto* program : programs)
    if (program->ledger)
      rows += fmt::format(
          "<tr><td class=\"section\">§{}</td><th scope=\"row\">{}<br/><code>{}</code></th><td>{} "
          "{}</td></tr>\n",
          program->ledger->lecture, link_to(program->page(), to_html(program->title)), program->name,
          program->ledger->failing() == 0 ? "✓" : "✗", state(*program));
  return rows;
}

/// First sentence of the comment that documents a header as a file, or else its first class or function.
std::string first_sentence(const fs::path& header) {
  std::string sentence;
  for (const auto& line : split_lines(read_file(header))) {
    const auto text = trim(line);
    if (!text.starts_with("///")) {
      if (!sentence.empty()) break;
      continue;
    }
    const auto words = trim(text.substr(3));
    if (words.starts_with("\\file") || words.starts_with("@file")) continue;
    if (words.empty()) break;
    sentence += (sentence.empty() ? "" : " ") + std::string(words);
  }
  sentence = sentence.substr(0, sentence.find(". "));
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

}  // namespace

std::map<std::string, Directive> Weaver::front_directives() {
  return {
      {"contents", {true, false, [this](const auto&, const auto&) { return contents(); }}},
      {"section",
       {true, true, [this](const auto& argument, const auto& place) { return section(argument, place); }}},
      {"all-claims", {true, false, [this](const auto&, const auto&) { return all_claims(); }}},
      {"atlas", {true, false, [this](const auto&, const auto&) { return atlas(); }}},
      {"exercises", {true, false, [this](const auto&, const auto&) { return exercises_table(manuscript_); }}},
      {"times", {true, false, [this](const auto&, const auto&) { return times_table(manuscript_); }}},
      {"calibration",
       {true, true, [this](const auto& part, const auto& place) { return calibration_part(part, place); }}},
      {"mutation", {true, false, [this](const auto&, const auto& place) { return mutation(place); }}},
      {"trial", {true, true, [this](const auto& name, const auto& place) { return trial(name, place); }}},
      {"trials", {true, false, [this](const auto&, const auto& place) { return trials(place); }}},
      {"room", {true, true, [this](const auto& name, const auto& place) { return room(name, place); }, true}},
      {"result",
       {true, true, [this](const auto& what, const auto& place) { return results_.result(what, place); },
        true}},
      {"reading-path",
       {true, true,
        [this](const auto& what, const auto& place) { return reading_path_.section(what, place); }}},
      {"path",
       {true, true, [this](const auto& what, const auto& place) { return reading_path_.path(what, place); }}},
      {"reading-speed", {false, false, [](const auto&, const auto&) { return reading_speed(); }}},
      {"papers", {true, false, [this](const auto&, const auto&) { return papers_.list(); }, true}},
      {"bibtex",
       {true, true, [this](const auto& key, const auto& place) { return papers_.bibtex(key, place); }, true}},
      {"count", {false, true, [this](const auto& what, const auto& place) { return count(what, place); }}},
      {"false-alarm", {false, false, [this](const auto&, const auto&) { return false_alarm(); }}},
  };
}

/// The table of contents: chapters with their programs and the state of each.
std::string Weaver::contents() const {
  std::string bodies;
  for (const auto& chapter : manuscript_.chapters())
    bodies += fmt::format(
        "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\" class=\"chapter\">{}</th></tr>\n{}</tbody>\n",
        link_to(chapter.name, to_html(chapter.title)), program_rows(chapter.programs));
  return scrolling("Contents", bodies, "contents-table");
}

std::string Weaver::chapter_programs(const Chapter& chapter) const {
  return "<h2 id=\"programs-of-this-chapter\">The programs and their claims</h2>\n" +
         scrolling("Programs", "<tbody>" + program_rows(chapter.programs) + "</tbody>", "contents-table");
}

std::string Weaver::count(const std::string& what, const Place& place) {
  if (what == "programs") return std::to_string(manuscript_.programs().size());
  if (what == "claims")
    return std::to_string(
        total(manuscript_, [](const auto& l) { return static_cast<int>(l.claims.size()); }));
  if (what == "sampled-claims") return std::to_string(total(manuscript_, sampled_claims));
  if (what == "exercises") return std::to_string(manuscript_.exercises().size());
  if (what == "hours-to-read") return fmt::format("{:.0f}", effort(manuscript_).minutes / 60);
  if (what == "minutes-to-run") return fmt::format("{:.0f}", effort(manuscript_).seconds / 60);
  problems_.add(place, fmt::format("cannot count {}: only programs, exercises, claims, sampled-claims, "
                                   "hours-to-read, minutes-to-run",
                                   what));
  return "";
}

std::string Weaver::false_alarm() const {
  const double chance = -std::expm1(total(manuscript_, sampled_claims) * std::log1p(-kBeyondFive));
  if (chance <= 0) return "0";
  return fmt::format("{}, once in {} runs of the whole book", significant(chance, 2).html(),
                     significant(1 / chance, 2).html());
}

/// One section of the lectures, given as its number and our words for it: its programs, each with its claims.
std::string Weaver::section(const std::string& argument, const Place&) {
  const std::string number = argument.substr(0, argument.find(' '));
  const auto lists = [&](const std::string& lecture) {
    return std::ranges::count(split(lecture, ','), number) > 0;
  };
  sections_.push_back(number);
  std::string html;
  for (const auto& program : manuscript_.programs()) {
    if (!program.ledger) continue;
    ClaimsOfPrograms claims;
    for (const auto& claim : program.ledger->claims)
      if (lists(claim.lecture)) claims.emplace_back(&program, &claim);
    if (claims.empty() && !lists(program.ledger->lecture)) continue;
    html += fmt::format("<h3 id=\"section-{}-{}\">{}</h3>\n{}", number, program.page(),
                        link_to(program.page(), to_html(program.title)),
                        claims.empty() ? "" : brief_claims(claims));
  }
  return html.empty() ? ""
                      : fmt::format("<h2 id=\"section-{}\">§{}</h2>\n", number, to_html(argument)) + html;
}

void Weaver::check_sections(const Place& place) {
  const auto require = [&](const std::string& sections, const std::string& name) {
    for (const auto& number : split(sections, ','))
      if (!std::ranges::count(sections_, number))
        problems_.add(place,
                      fmt::format("lecture section {} of {} is missing here: add @section", number, name));
  };
  for (const auto& program : manuscript_.programs()) {
    if (!program.ledger) continue;
    require(program.ledger->lecture, program.name);
    for (const auto& claim : program.ledger->claims) require(claim.lecture, program.name);
  }
  for (const auto& exercise : manuscript_.exercises()) require(exercise.section, exercise.name);
}

/// All claims in one table; what fails comes first.
std::string Weaver::all_claims() const {
  ClaimsOfPrograms claims;
  for (const auto& program : manuscript_.programs())
    if (program.ledger)
      for (const auto& claim : program.ledger->claims) claims.emplace_back(&program, &claim);
  std::ranges::stable_sort(claims, {}, [](const auto& pair) { return pair.second->holds; });
  return indexed_claims(claims);
}

/// Every figure with its question, in the order of the book.
std::string Weaver::atlas() const {
  std::string html;
  for (const auto& chapter : manuscript_.chapters()) {
    html += fmt::format("<h2 id=\"figures-of-{}\">{}</h2>\n<div class=\"atlas\">", chapter.name,
                        to_html(chapter.title));
    for (const auto* program : chapter.programs)
      if (program->ledger)
        for (const auto& figure : program->ledger->figures) html += thumbnail(figure, *program);
    html += "</div>\n";
  }
  return html;
}

/// One room of the library, given as its folder ("." for what all share) and our words for it: its headers.
std::string Weaver::room(const std::string& argument, const Place&) {
  const std::string name = argument.substr(0, argument.find(' ')), words = argument.substr(name.size());
  rooms_.push_back(name);
  const fs::path directory = (manuscript_.root() / "common/fieldbook" / name).lexically_normal();
  std::vector<fs::path> headers;
  if (fs::is_directory(directory))
    for (const auto& entry : fs::directory_iterator(directory))
      if (entry.path().extension() == ".hpp") headers.push_back(entry.path());
  if (headers.empty()) return "";
  std::ranges::sort(headers);
  const std::string title = name == "." ? "fieldbook" : name;
  std::string list =
      raw_html(fmt::format("<h2 id=\"room-{0}\"><code>{0}</code></h2>\n<p>{1}</p>", title, to_html(words)));
  for (const auto& header : headers)
    list += fmt::format(
        "- \\ref {} \"{}\" {}\n", header.lexically_relative(manuscript_.root() / "common").string(),
        header.filename().string(),
        raw_span(fmt::format("<span class=\"about\">{}</span>", to_html(first_sentence(header)))));
  return list;
}

void Weaver::check_rooms(const Place& place) {
  const fs::path library = manuscript_.root() / "common" / "fieldbook";
  if (!fs::is_directory(library)) return;
  for (const auto& entry : fs::directory_iterator(library))
    if (const auto name = entry.path().filename().string();
        entry.is_directory() && !std::ranges::count(rooms_, name))
      problems_.add(place, fmt::format("room {0} of the library is missing here: add @room {0}", name));
}

/// What the last calibration found; its picture is copied beside the pages.
std::string Weaver::calibration_part(const std::string& part, const Place& place) try {
  if (part == "picture")
    write_if_changed(output_ / "site" / "record" / "calibration.svg",
                     read_file(calibration_picture(manuscript_)));
  const std::string html = calibration(manuscript_, part);
  if (html.empty()) problems_.add(place, "the calibration has no part called " + part);
  return html;
} catch (const std::exception& error) {
  problems_.add(place, fmt::format("{}: make it with ./fieldbook calibrate --record", error.what()));
  return "";
}

/// What the last planted faults were caught by.
std::string Weaver::mutation(const Place& place) try {
  return mutation_table(manuscript_);
} catch (const std::exception& error) {
  problems_.add(place, fmt::format("{}: make it with ./fieldbook mutate --record", error.what()));
  return "";
}

/// How a trial went when it was last put on record.
std::string Weaver::trial(const std::string& name, const Place& place) try {
  return trial_tables(manuscript_, name);
} catch (const std::exception& error) {
  problems_.add(place, fmt::format("{0}: make it with ./fieldbook trial {1} --record", error.what(), name));
  return "";
}

/// How all long checks went.
std::string Weaver::trials(const Place& place) try {
  return trials_table(manuscript_);
} catch (const std::exception& error) {
  problems_.add(place, error.what());
  return "";
}

/// The side navigation, for the header of every page.
void Weaver::navigation() {
  const auto item = [](const std::string& address, const std::string& html) {
    return "<li>" + link_to(address, html) + "</li>\n";
  };
  const auto items = [&](const std::vector<std::pair<std::string, std::string>>& pages) {
    std::string html;
    for (const auto& [name, title] : pages)
      for (const auto& [file, page] : Manuscript::front_matter())
        if (page == name && fs::exists(manuscript_.root() / "book" / file)) html += item(name, title);
    return html;
  };
  std::string html =
      "<ul>\n" + items({{"index", "Front page"}, {"ideas", "The ideas"}, {"reading_path", "A reading path"}});
  for (const auto& chapter : manuscript_.chapters()) {
    html += fmt::format("<li class=\"chapter\">{}\n<ul>\n", link_to(chapter.name, to_html(chapter.title)));
    for (const auto* program : chapter.programs)
      if (program->ledger) html += item(program->page(), to_html(program->title));
    html += navigation_exercises(chapter) + "</ul></li>\n";
  }
  html += "<li class=\"chapter\"><span>Look up</span>\n<ul>\n" + items({{"exercises", "Exercises"},
                                                                        {"sections", "Lecture sections"},
                                                                        {"results", "Results"},
                                                                        {"atlas", "All figures"},
                                                                        {"claims", "All claims"},
                                                                        {"papers", "Papers"},
                                                                        {"notation", "Notation"},
                                                                        {"library", "The library"},
                                                                        {"calibration", "Honest errors"},
                                                                        {"mutation", "Planted bugs"},
                                                                        {"trials", "Trials"},
                                                                        {"times", "How long it takes"},
                                                                        {"benchmarks", "How fast it is"}});
  write_if_changed(output_ / "navigation.html", html + "</ul></li>\n</ul>\n");
}

}  // namespace book
