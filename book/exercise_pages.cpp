#include <fmt/format.h>

#include <algorithm>

#include "literate.hpp"
#include "parts.hpp"
#include "text.hpp"
#include "weaver.hpp"

/// Pages of the exercises and of their solutions.
namespace book {
namespace {

namespace fs = std::filesystem;

std::string chips(const Chapter& chapter) {
  return "<nav class=\"page-links\" aria-label=\"Around this exercise\">" +
         link_to(chapter.name, to_html(chapter.title)) + " " + link_to("exercises", "All exercises") +
         "</nav>\n";
}

/// How one starts the exercise and finds out whether it is solved.
std::string commands(const Exercise& exercise) {
  return raw_html("<h2 id=\"start-and-check\">Start and check</h2>") +
         fmt::format(
             "\nThe first command copies the stub to `answers/{0}.hpp`. Fill in what is missing there; the\n"
             "second says what it expected and what it got, the third does so whenever you save.\n\n"
             "```\n"
             "./fieldbook exercise start {0}\n"
             "./fieldbook exercise check {0}\n"
             "./fieldbook exercise watch {0}\n"
             "```\n",
             exercise.stem());
}

/// Where a solution is, for those who ask for it.
std::string solution_link(const Exercise& exercise) {
  if (!exercise.solved) return "";
  return "<details class=\"solution\"><summary>A solution</summary>\n<p>" +
         link_to(exercise.solution_page(), "One way to do it") +
         ", worked out. It is worth more after an hour of your own.</p></details>\n";
}

}  // namespace

std::string Weaver::stub(const Exercise& exercise) {
  return raw_html("<h2 id=\"what-to-fill-in\">What to fill in</h2>") +
         code_box(required_lines(exercise.directory / "answer.hpp", problems_));
}

/// Hints that unfold one by one, each by its title.
std::string Weaver::hints(const Exercise& exercise, Page& page) {
  const fs::path file = exercise.directory / "hints.md";
  std::string text = raw_html("<h2 id=\"hints\">Hints</h2>");
  int number = 0;
  for (const auto& hint : read_hints(file, problems_))
    text += raw_html(fmt::format("<details class=\"hint\"><summary>{}. {}</summary>", ++number,
                                 page.inline_html(hint.title, {file, hint.line}))) +
            page.prose(hint.lines, {file, hint.line + 1}) + raw_html("</details>");
  return text;
}

void Weaver::exercise_page(const Exercise& exercise) {
  const fs::path statement = exercise.statement();
  auto page = page_for({});
  const std::string rest =
      stub(exercise) + commands(exercise) + hints(exercise, page) +
      raw_html(solution_link(exercise) + pager("Neighbouring exercises",
                                               link_if(manuscript_.neighbour(exercise, -1)),
                                               link_if(manuscript_.neighbour(exercise, 1))));
  auto lines = required_lines(statement, problems_);
  std::string opening =
      fmt::format("<h1 class=\"page-title\">{}</h1>\n", page.inline_html(exercise.title, {statement}));
  if (!lines.empty()) lines.front().clear();
  if (const auto found = std::ranges::find_if(lines, is_lecture_line); found != lines.end()) {
    opening += lecture_line(read_lecture_line(*found), manuscript_);
    found->clear();
  }
  const auto& chapter = *std::ranges::find(manuscript_.chapters(), exercise.chapter(), &Chapter::name);
  const std::string top = raw_html(opening + chips(chapter));
  const std::string text = page.prose(lines, {statement});
  write_page(exercise.page(), doxygen_page(exercise.page(), exercise.title, top + text + rest));
  index_page("exercise", exercise.title, exercise.page(),
             fmt::format("§{} {}, {}", exercise.section, exercise.stem(), exercise.level), page.headings());
}

/// One way to solve an exercise, prose and code, on a page of its own.
void Weaver::solution_page(const Exercise& exercise) {
  const fs::path file = exercise.solution();
  auto page = page_for({});
  const std::string title = "A solution: " + exercise.title;
  std::string text = raw_html(fmt::format(
      "<h1 class=\"page-title\">{}</h1>\n<nav class=\"page-links\" aria-label=\"This solution\">{}</nav>",
      page.inline_html(title, {file}), link_to(exercise.page(), "The exercise")));
  for (const Block& block : split_program(read_file(file)))
    text += block.prose ? page.prose(block.lines, {file, block.line}) + '\n' : code_box(block.lines);
  write_page(exercise.solution_page(), doxygen_page(exercise.solution_page(), title, text));
  index_page("solution", title, exercise.solution_page(), exercise.stem(), page.headings());
}

}  // namespace book
