// Exercises: their pages, whole and damaged

#include <boost/test/unit_test.hpp>

#include "copy.hpp"

using namespace book;

namespace {

const std::string kExercise = "chapters/tides/exercises/high_tide/";

const std::string kSolution =
    "#pragma once\n\n#include <cmath>\n\n// ## The third power\n//\n// The *tidal* force: call it the "
    "undertow, "
    "$d^{-3}$.\n\n/// The height h_1 of <the> tide, in units of $a @thing.\n"
    "inline double height(double mass, double distance) { return mass * undertow(distance, -3); }\n";

/// The fixture with a solution, which exports of the repository may come without.
struct Solved : Copy {
  Solved() { write(kExercise + "solution.hpp", kSolution); }
};

/// The fixture as a lecturer's build weaves it.
Contents without_solutions() {
  Contents contents = kFixture;
  contents.solutions = false;
  return contents;
}

/// Files of the woven book in which a text stands.
std::vector<std::string> files_with(const Copy& copy, const std::string& text) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(copy.root() / "woven"))
    if (entry.is_regular_file() && contains(read_file(entry.path()), text))
      files.push_back(entry.path().filename().string());
  return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exercises)

BOOST_AUTO_TEST_CASE(a_page_has_statement_stub_commands_and_hints) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("exercise-high_tide");
  BOOST_TEST(contains(page, "<h1 class=\"page-title\">How high is the tide at \\(x_1\\)?</h1>"));
  BOOST_TEST(contains(page, "\\f[ h_1 = \\frac{m_1}{d^3}. \\f]"));
  BOOST_TEST(contains(page, "~~~{.cpp}\n" + copy.read(kExercise + "answer.hpp") + "~~~\n"));
  for (const char* action : {"start", "check", "watch"})
    BOOST_TEST(contains(page, std::string("\n./fieldbook exercise ") + action + " high_tide\n"), action);
  BOOST_TEST(contains(page, "<summary>1. A question about \\(d_1\\)</summary>"));
  BOOST_TEST(contains(page, "What falls as \\f$d^{-2}\\f$"));
  BOOST_TEST(page.find("2. Where to start") < page.find("3. The common mistake"));
  BOOST_TEST(std::ranges::count(split_lines(page), "</details>") == 3);
}

BOOST_AUTO_TEST_CASE(a_page_leads_to_its_chapter_and_its_programs) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("exercise-high_tide");
  BOOST_TEST(contains(page,
                      "<a href=\"sections.html#section-3.1\">Lecture §3.1</a> · easy · after the program "
                      "<a href=\"tides-moon.html\">moon</a>, and <a href=\"tides-sun.html\">sun</a></p>"));
  BOOST_TEST(contains(page, "<a href=\"tides.html\">Tides &amp; their causes"));
}

BOOST_AUTO_TEST_CASE(chapter_program_navigation_and_search_know_the_exercise) {
  const Copy copy;
  BOOST_TEST(copy.weave() == "");
  const std::string title = "<a href=\"exercise-high_tide.html\">How high is the tide at \\(x_1\\)?</a>";
  const std::string row = "<td class=\"section\">§3.1</td><th scope=\"row\">" + title +
                          "<br/><code>high_tide</code></th><td>easy</td>";
  const std::string chapter = copy.page("tides");
  BOOST_TEST(contains(chapter, row));
  BOOST_TEST(chapter.find("programs-of-this-chapter") < chapter.find("exercises-of-this-chapter"));
  BOOST_TEST(contains(copy.page("exercises"), "There is 1."));
  BOOST_TEST(contains(copy.page("exercises"), row));
  for (const char* program : {"tides-moon", "tides-sun"})
    BOOST_TEST(contains(copy.page(program), "Exercises that the machine checks: " + title + " (easy)."),
               program);
  BOOST_TEST(contains(copy.read("woven/navigation.html"), "<li>" + title + "</li>"));
  BOOST_TEST(
      contains(copy.read("woven/navigation.html"), "<li><a href=\"exercises.html\">Exercises</a></li>"));
  BOOST_TEST(contains(
      copy.read("woven/site/book_index.js"),
      R"(["exercise","How high is the tide at x_1?","exercise-high_tide.html","§3.1 high_tide, easy"])"));
}

BOOST_AUTO_TEST_CASE(links_to_a_statement_lead_to_its_page) {
  const Copy copy;
  copy.replace("chapters/tides/moon.cpp", "](sun.cpp)", "](exercises/high_tide/README.md)");
  BOOST_TEST(copy.weave() == "");
  BOOST_TEST(contains(copy.page("tides-moon"), "\"exercise-high_tide.html\""));
  expect("chapters/tides/moon.cpp", "](sun.cpp)", "](exercises/low_tide/README.md)",
         "broken link: there is no exercises/low_tide/README.md");
  expect(kExercise + "README.md", "](../../moon.cpp)", "](../moon.cpp)",
         "broken link: there is no ../moon.cpp");
}

BOOST_AUTO_TEST_CASE(what_an_exercise_lacks_is_reported) {
  for (const char* file : {"README.md", "answer.hpp", "hints.md"}) {
    const Copy copy;
    std::filesystem::remove(copy.root() / kExercise / file);
    BOOST_TEST(copy.weave() ==
               kExercise + file +
                   ":1: this file is missing: an exercise has a statement, a stub and hints\n");
  }
}

BOOST_AUTO_TEST_CASE(mistakes_in_an_exercise_are_reported_with_their_line) {
  expect(kExercise + "README.md", "# How", "How", "the first line is not a title");
  expect(kExercise + "README.md", "Lecture §3.1", "In §3.1", "after the title comes a line such as", 2);
  expect(kExercise + "README.md", "easy", "trivial", "unknown level \"trivial\" (there are: easy, medium,");
  expect(kExercise + "README.md", "moon, and sun", "mars", "the line names no program of the book");
  expect(kExercise + "README.md", "$$ h_1", "$ h_1", "a formula opens here");
  expect(kExercise + "hints.md", "## Where to start", "", "2 hints, ## ..., instead of 3", 1);
  expect(kExercise + "hints.md", "## A question", "A question", "this stands above the first hint", 1);
  expect(kExercise + "hints.md", "## The common mistake\n", "## More\n\n## The common mistake\n",
         "this hint says nothing");
  expect(kExercise + "hints.md", "`gradient`", "[gradient](gradient.md)",
         "broken link: there is no gradient.md");
}

BOOST_AUTO_TEST_CASE(the_section_of_an_exercise_is_one_of_the_lectures) {
  const Copy copy;
  copy.replace(kExercise + "README.md", "§3.1", "§8.8");
  BOOST_TEST(contains(copy.weave(),
                      "book/sections.md:1: lecture section 8.8 of tides/exercises/high_tide is missing"));
}

BOOST_AUTO_TEST_CASE(a_solution_has_a_page_of_its_own) {
  const Solved copy;
  BOOST_TEST(copy.weave() == "");
  const std::string page = copy.page("solution-high_tide");
  BOOST_TEST(contains(page, "A solution: How high is the tide at \\(x_1\\)?</h1>"));
  BOOST_TEST(contains(page, "call it the undertow, \\f$d^{-3}\\f$."));
  BOOST_TEST(
      contains(page, "~~~{.cpp}\n/// The height h_1 of <the> tide, in units of $a @thing.\ninline double"));
  BOOST_TEST(contains(page, "<a href=\"exercise-high_tide.html\">The exercise</a>"));
  const std::string exercise = copy.page("exercise-high_tide");
  BOOST_TEST(exercise.find("3. The common mistake") < exercise.find("<a href=\"solution-high_tide.html\">"));
  BOOST_TEST(contains(copy.read("woven/site/book_index.js"), "[\"section\",\"The third power\""));
  copy.replace(kExercise + "solution.hpp", "*tidal*", "\\tidal");
  BOOST_TEST(contains(copy.weave(), kExercise + "solution.hpp:7: \\tidal outside a formula"));
}

BOOST_AUTO_TEST_CASE(without_solutions_nothing_of_them_is_left) {
  const Solved copy;
  const std::vector<std::string> words{"undertow", "third power", "solution-high_tide", "A solution"};
  copy.weave();
  for (const auto& word : words) BOOST_TEST(!files_with(copy, word).empty(), word);
  BOOST_TEST(copy.weave(without_solutions()) == "");
  for (const auto& word : words) BOOST_TEST(files_with(copy, word) == std::vector<std::string>{}, word);
}

BOOST_AUTO_TEST_CASE(a_tree_without_solutions_is_a_whole_book) {
  const Copy copy;
  std::filesystem::remove(copy.root() / kExercise / "solution.hpp");
  BOOST_TEST(copy.weave() == "");
  BOOST_TEST(files_with(copy, "solution-high_tide").empty());
  BOOST_TEST(contains(copy.page("exercise-high_tide"), "3. The common mistake"));
}

BOOST_AUTO_TEST_SUITE_END()
