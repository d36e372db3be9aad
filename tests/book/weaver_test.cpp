// The whole weaver on a small book, whole and damaged

#include <boost/test/unit_test.hpp>

#include <thread>

#include "copy.hpp"
#include "parts.hpp"

using namespace book;

namespace {

const std::string kMoon = "chapters/tides/moon.cpp";
const std::string kReadme = "chapters/tides/README.md";
const std::string kLedger = "record/tides/moon/ledger.json";

}  // namespace

BOOST_AUTO_TEST_CASE(the_fixture_is_in_order) {
  const Copy copy;
  BOOST_TEST(copy.weave() == "");
  for (const char* page :
       {"index", "tides", "tides-moon", "tides-sun", "source-tides-moon", "sections", "claims", "atlas",
        "times", "notation", "library", "ideas", "reading_path", "results", "papers"})
    BOOST_TEST(std::filesystem::exists(copy.root() / "woven/pages" / (std::string(page) + ".md")), page);
  for (const char* file : {"ledger.json", "height.svg", "height.csv", "height.gp", "moon.cpp"})
    BOOST_TEST(std::filesystem::exists(copy.root() / "woven/site/record/tides/moon" / file), file);
}

BOOST_AUTO_TEST_CASE(a_page_shows_the_ledger) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("tides-moon");
  BOOST_TEST(contains(page,
                      "The height is <a class=\"value\" "
                      "href=\"tides-moon.html#claim-height-of-the-tide\">0.3179(2)</a>, theory says 0.318."));
  BOOST_TEST(contains(page, "4 claims, all hold"));
  BOOST_TEST(contains(page, "alt=\"Height h_1/h_2 over |x| &lt; σ_w^2; lines are theory.\""));
  BOOST_TEST(contains(page, "<code>neap</code> (TI-5): no prediction"));
  BOOST_TEST(contains(page, "χ² = 11.2"));
  BOOST_TEST(contains(page, "<code>--mass</code>"));
  BOOST_TEST(contains(page, "rel=\"next\" href=\"tides-sun.html\""));
}

BOOST_AUTO_TEST_CASE(failing_claims_come_first_and_peculiar_runs_say_so) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("tides-sun");
  BOOST_TEST(page.find("claim-broken") < page.find("claim-half"));
  BOOST_TEST(contains(page, "✗ fails"));
  BOOST_TEST(contains(page, "1 of 2 claims fails"));
  BOOST_TEST(contains(page, "a run with --quick, seed 7,"));
}

BOOST_AUTO_TEST_CASE(the_index_of_claims_has_them_all_with_what_fails_on_top) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("claims");
  for (const char* claim :
       {"tides-moon.html#claim-tiny", "tides-moon.html#claim-below", "tides-sun.html#claim-half"})
    BOOST_TEST(contains(page, claim), claim);
  BOOST_TEST(page.find("tides-sun.html#claim-broken") <
             page.find("tides-moon.html#claim-height-of-the-tide"));
}

BOOST_AUTO_TEST_CASE(the_atlas_leads_from_each_figure_to_its_place) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("atlas");
  for (const std::string figure : {"height", "depth"})
    BOOST_TEST(contains(page, "<a class=\"picture\" href=\"tides-moon.html#figure-" + figure +
                                  "\"><img src=\"record/tides/moon/" + figure + ".svg\" alt=\""));
  BOOST_TEST(contains(page, "<h2 id=\"figures-of-tides\">"));
}

BOOST_AUTO_TEST_CASE(the_times_are_those_of_the_record) {
  const Copy copy;
  copy.weave();
  const std::string page = copy.page("times");
  BOOST_TEST(contains(page, "<p>2026-11-26, Abacus &lt;3&gt;</p>"));
  BOOST_TEST(
      contains(page,
               "<code>tides/moon</code></a></th><td class=\"number\">2.5</td><td class=\"number\">2</td>"
               "<td class=\"number\">12</td>"));
  BOOST_TEST(!contains(page, "tides/sun"), "a program without times is not listed");
}

BOOST_AUTO_TEST_CASE(pages_that_do_not_change_are_not_written) {
  const Copy copy;
  copy.weave();
  const auto page = copy.root() / "woven/pages/tides-moon.md";
  const auto before = std::filesystem::last_write_time(page);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  copy.weave();
  BOOST_TEST((std::filesystem::last_write_time(page) == before));
}

BOOST_AUTO_TEST_CASE(pages_of_programs_that_are_gone_are_removed) {
  const Copy copy;
  copy.weave();
  copy.write("woven/pages/tides-mars.md", "old");
  copy.weave();
  BOOST_TEST(!std::filesystem::exists(copy.root() / "woven/pages/tides-mars.md"));
}

BOOST_AUTO_TEST_CASE(what_prose_names_must_exist) {
  expect(kMoon, "@figure height", "@figure hight", "unknown figure hight (there are: height, depth)");
  expect(kMoon, "@value tiny", "@value tinny", "unknown claim tinny (there are: height-of-the-tide, tiny");
  expect(kMoon, "@predicted height", "@predicted hight", "unknown claim hight-of-the-tide");
  expect(kMoon, "@claims", "@claim",
         "unknown directive @claim (here: @claims @figure @options @predicted @value)");
  expect(kMoon, "`--mass`", "`--masses`", "unknown option --masses");
  expect(kMoon, "--mass 2", "--masses 2", "unknown option --masses");
  expect(kMoon, "](sun.cpp)", "](mars.cpp)", "broken link: there is no mars.cpp");
  expect(kMoon, "](sun.cpp)", "](../dynamics/ntk.cpp)", "broken link: there is no ../dynamics/ntk.cpp");
  expect(kMoon, "](sun.cpp)", "](../../record/tides/sun/ledger.json)",
         "../../record/tides/sun/ledger.json is not part of the book");
}

BOOST_AUTO_TEST_CASE(what_the_ledger_has_must_be_shown) {
  expect(kMoon, "// @figure depth\n", "", "figure depth is never shown: add @figure depth", 1);
  expect(kMoon, "// @claims\n", "", "the claims (height-of-the-tide, tiny, slope, below) are never shown", 1);
  expect(kMoon, "// @options\n", "", "the options are never shown: add @options", 1);
  expect(kMoon, "@figure depth", "@figure height", "figure height is shown twice");
}

BOOST_AUTO_TEST_CASE(blanks_around_the_parts_of_a_lecture_line_do_not_count) {
  for (const std::string line : {"Lecture §3.1", "Lecture §3.1 \t", "Lecture §3.1\r"})
    BOOST_TEST(read_lecture_line(line).section == "3.1");
  const LectureLine read = read_lecture_line("Lecture §3.1  ·  easy  · after moon \r");
  BOOST_TEST(read.section == "3.1");
  BOOST_TEST(read.rest == (std::vector<std::string>{"easy", "after moon"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(page_and_ledger_must_agree) {
  expect(kMoon, "# How high", "# How deep", "the page's title is \"How deep is the tide");
  expect(kMoon, "// # How", "// How", "the first line is not a title");
  expect(kMoon, "§3.1", "§3.2", "the page says lecture §3.2, but the program says §3.1");
  expect(kMoon, "Lecture §3.1", "In §3.1", "after the title comes a line such as", 2);
  expect(kLedger, "agree\"", "agree to $x\"", "a formula opens here with $", 1);
  expect(kLedger, "\"program\": \"tides/moon\"", "\"program\": \"tides/mars\"",
         "this is the ledger of tides/mars, not of tides/moon", 1);
}

BOOST_AUTO_TEST_CASE(chapters_link_their_programs_in_order) {
  expect(kReadme, "[The moon](moon.cpp)", "The moon", "tides/moon is not linked", 1);
  expect(kReadme, "(moon.cpp) is near, [the sun *is* heavy](sun.cpp)",
         "(sun.cpp) is near, [the sun *is* heavy](moon.cpp)",
         "the programs are not linked in their order: tides/moon, tides/sun", 1);
  expect(kReadme, "# Tides", "Tides", "the first line is not a title", 1);
}

BOOST_AUTO_TEST_CASE(front_matter_is_checked_too) {
  expect("book/front_page.md", "@count claims", "@count chapters", "cannot count chapters");
  expect("book/front_page.md", "(sections.md)", "(section.md)", "broken link: there is no section.md");
  expect("book/sections.md", "@section 3.2 The sun\n", "", "lecture section 3.2 of tides/sun is missing here",
         1);
  expect("book/notation.md", "`tide`", "`height`", "there is no height in the library or the programs");
  expect("book/library.md", "@room report", "@room reports", "room report of the library is missing here", 1);
}

BOOST_AUTO_TEST_CASE(missing_and_damaged_ledgers_are_reported) {
  const Copy copy;
  std::filesystem::remove(copy.root() / kLedger);
  std::filesystem::remove(copy.record() / "tides/sun/ledger.json");
  copy.write("record/tides/sun/ledger.json", "{");
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, kMoon + ":1: no ledger"));
  BOOST_TEST(contains(problems, "chapters/tides/sun.cpp:1: damaged ledger"));
}

BOOST_AUTO_TEST_CASE(missing_figures_are_reported) {
  const Copy copy;
  std::filesystem::remove(copy.record() / "tides/moon/height.csv");
  BOOST_TEST(contains(copy.weave(), kLedger + ":1: figure height lacks height.csv"));
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_reported_at_once) {
  const Copy copy;
  copy.replace(kMoon, "@figure height", "@figure hight");
  copy.replace(kMoon, "`--mass`", "`--masses`");
  copy.replace(kReadme, "$h < R$", "$h < R");
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, "unknown figure hight"));
  BOOST_TEST(contains(problems, "unknown option --masses"));
  BOOST_TEST(contains(problems, kReadme + ":1: a formula opens here"));
}
