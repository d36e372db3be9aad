// What guides readers: the index of results

#include <boost/test/unit_test.hpp>

#include "copy.hpp"

using namespace book;

namespace {

const std::string kResults = "book/results.md";

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
