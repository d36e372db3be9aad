// What guides readers: the index of results and the reading path

#include <boost/test/unit_test.hpp>

#include "copy.hpp"
#include "reading_path.hpp"

using namespace book;

namespace {

const std::string kResults = "book/results.md";
const std::string kPath = "book/reading_path.md";

}  // namespace

BOOST_AUTO_TEST_CASE(results_lead_to_program_claims_and_code) {
  const Copy copy;
  BOOST_TEST(copy.weave() == "");
  const std::string page = copy.page("results");
  for (const std::string link :
       {"<h3 id=\"the-height-of-the-tide\">", "href=\"sections.html#section-3.1\">§3.1</a>",
        "href=\"tides-moon.html#what-theory-says\">How high",
        "href=\"tides-moon.html#claim-height-of-the-tide\"",
        "href=\"tides-moon.html#claim-neap\">TI-5 <code>neap</code>", "\\ref fieldbook::tide \"tide\"",
        "\\ref fieldbook::Program \"Program\"", "href=\"tides-sun.html\">Is the sun"})
    BOOST_TEST(contains(page, link), link);
  BOOST_TEST(contains(copy.read("woven/site/book_index.js"), "results.html#the-height-of-the-tide"));
}

BOOST_AUTO_TEST_CASE(what_results_name_must_exist) {
  expect(kResults, "@result moon", "@result mars", "unknown program mars");
  expect(kResults, "#what-theory-says", "#what-we-say",
         "tides/moon has no heading #what-we-say (there are: the-model");
  expect(kResults, "height-of-the-tide neap", "hight-of-the-tide neap",
         "unknown claim hight-of-the-tide of tides/moon");
  expect(kResults, "@result tides/sun | half", "@result tides/sun", "a result has a place and claims");
  expect(kResults, "@result tides/sun | half", "@result tides/sun | half | tide | x",
         "a result has a place and claims");
}

BOOST_AUTO_TEST_CASE(the_reading_path_counts_time) {
  const Copy copy;
  // 300 words, ten formulas, two displayed formulas and two names make 402 words; 40 lines of code follow
  std::string program = "// # A title\n//\n// ";
  for (int i = 0; i < 298; ++i) program += "word - ";
  for (int i = 0; i < 10; ++i) program += "$x y z$ ";
  for (const char* rest : {"`a`", "`b c`", "$$ x $$", "$$ y $$"}) program += std::string("\n// ") + rest;
  program += '\n';
  for (int i = 0; i < 40; ++i) program += "int i;\n\n";
  copy.write("chapters/tides/moon.cpp", program);
  Problems problems;
  const Manuscript manuscript(copy.root(), copy.record(), kFixture, problems);
  const Effort moon = effort(*manuscript.find("moon"));
  BOOST_TEST(moon.minutes == 402 / 150.0 + 40 / 20.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(moon.seconds == 2.5);
  BOOST_TEST(effort(*manuscript.find("sun")).seconds == 0, "the fixture has no times of the sun");
  BOOST_TEST(effort(manuscript).minutes == moon.minutes + effort(*manuscript.find("sun")).minutes);
}

BOOST_AUTO_TEST_CASE(the_reading_path_puts_first_what_it_names) {
  const Copy copy;
  copy.replace("record/tides/sun/ledger.json", "\"lecture\": \"3.2\"", "\"lecture\": \"3.1\"");
  copy.replace("chapters/tides/sun.cpp", "§3.2", "§3.1");
  copy.replace(kPath, "@reading-path 3.1 moon\n@reading-path 3.2 sun", "@reading-path 3.1 sun");
  BOOST_TEST(copy.weave() == "");
  const std::string page = copy.page("reading_path");
  BOOST_TEST(page.find(">First<") < page.find("<code>tides/sun</code>"));
  BOOST_TEST(page.find("<code>tides/sun</code>") < page.find(">Later<"));
  BOOST_TEST(page.find(">Later<") < page.find("<code>tides/moon</code>"));
  BOOST_TEST(contains(page, "<b>Together</b>"));
  BOOST_TEST(contains(page, "At 150 words of prose a minute"));
  BOOST_TEST(contains(page,
                      "<p class=\"path\"><b>A morning &amp; no more</b> <a "
                      "href=\"tides-moon.html\"><code>moon</code></a>, <a "
                      "href=\"tides-sun.html\"><code>sun</code></a>"));
}

BOOST_AUTO_TEST_CASE(what_the_reading_path_names_must_exist) {
  expect(kPath, "3.1 moon", "3.1 mars", "unknown program mars");
  expect(kPath, "3.1 moon", "3.1 moon sun", "tides/sun does not belong to section 3.1");
  expect(kPath, "3.1 moon", "3.1", "section 3.1 needs a program to be read first");
  expect(kPath, "@reading-path 3.1 moon\n", "", "lecture section 3.1 of tides/moon is missing here", 1);
  expect(kPath, "more: moon", "more moon", "a path has a name: @path NAME: PROGRAM ...");
  expect(kPath, ": moon", ": mars", "unknown program mars");
}
