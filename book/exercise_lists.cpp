#include "exercise_lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "markdown.hpp"
#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

std::string link(const Exercise& exercise) { return link_to(exercise.page(), to_html(exercise.title)); }

std::string rows(const Chapter& chapter) {
  std::string html;
  for (const auto* exercise : chapter.exercises)
    html += fmt::format(
        "<tr><td class=\"section\">§{}</td><th scope=\"row\">{}<br/><code>{}</code></th><td>{}</td></tr>\n",
        escape_html(exercise->section), link(*exercise), exercise->stem(), escape_html(exercise->level));
  return html;
}

std::string table(const std::string& bodies) {
  return scrolling("Exercises", bodies, "contents-table exercises");
}

}  // namespace

std::string exercises_table(const Manuscript& manuscript) {
  std::string bodies;
  for (const auto& chapter : manuscript.chapters())
    if (!chapter.exercises.empty())
      bodies += fmt::format(
          "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\" class=\"chapter\">{}</th></tr>\n{}</tbody>\n",
          link_to(chapter.name, to_html(chapter.title)), rows(chapter));
  return table(bodies);
}

std::string chapter_exercises(const Chapter& chapter) {
  if (chapter.exercises.empty()) return "";
  return "<h2 id=\"exercises-of-this-chapter\">The exercises</h2>\n" +
         table("<tbody>" + rows(chapter) + "</tbody>");
}

std::string navigation_exercises(const Chapter& chapter) {
  if (chapter.exercises.empty()) return "";
  std::string items;
  for (const auto* exercise : chapter.exercises) items += "<li>" + link(*exercise) + "</li>\n";
  return "<li><details><summary>Exercises</summary>\n<ul>\n" + items + "</ul></details></li>\n";
}

std::string program_exercises(const Program& program, const Manuscript& manuscript) {
  std::vector<std::string> links;
  for (const auto& exercise : manuscript.exercises())
    if (std::ranges::count(exercise.programs, &program))
      links.push_back(fmt::format("{} ({})", link(exercise), escape_html(exercise.level)));
  if (links.empty()) return "";
  return fmt::format("<p class=\"checked\">Exercises that the machine checks: {}.</p>\n",
                     fmt::join(links, ", "));
}

}  // namespace book
