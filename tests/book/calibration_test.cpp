// The page of the calibration, from a record made by hand

#include <boost/test/unit_test.hpp>

#include "copy.hpp"

using namespace book;

namespace {

std::string woven(const Copy& copy) {
  copy.weave();
  return copy.page("calibration");
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_verdict_is_summed_up) {
  const Copy copy;
  const std::string page = woven(copy);
  BOOST_TEST(contains(page,
                      "2 programs of Fieldbook 0.1 ran with <code>--quick</code> for each of 20 seeds "
                      "(2026-01-02, An &lt;Abacus&gt;)"));
  BOOST_TEST(
      contains(page, "2 statistical claims were tested, and 1 program makes claims that are not calibrated"));
  BOOST_TEST(
      contains(page, "mean <i>z</i> is 0.01(2), that of <i>z</i>² is 1.3(3), that of <i>z</i>³ is −0.1(3)"));
  BOOST_TEST(contains(page, "claims failed once"));
}

BOOST_AUTO_TEST_CASE(what_is_worst_stands_on_top) {
  const Copy copy;
  const std::string page = woven(copy), programs = page.substr(page.find("Claims tested"));
  BOOST_TEST(programs.find("tides/sun") < programs.find("tides/moon"));
  const std::string claims = page.substr(page.find("Variance of"));
  BOOST_TEST(claims.find("quick-alone") < claims.find("height-of-the-tide"));
}

BOOST_AUTO_TEST_CASE(claims_lead_to_their_rows_where_there_is_one) {
  const Copy copy;
  const std::string page = woven(copy);
  BOOST_TEST(contains(page, "<a href=\"tides-moon.html#claim-below\"><code>below</code></a>"));
  BOOST_TEST(!contains(page, "#claim-quick-alone"));
}

BOOST_AUTO_TEST_CASE(margins_are_counted_by_kind) {
  const Copy copy;
  const std::string page = woven(copy), none = "<td class=\"number\">0</td>",
                    one = "<td class=\"number\">1</td>";
  BOOST_TEST(contains(page, "bound</th>" + none + none + none + none + none + one));
  BOOST_TEST(contains(page, "statistical</th>" + none + none + one + none + none + one));
}

BOOST_AUTO_TEST_CASE(edges_and_what_is_not_tested) {
  const Copy copy;
  const std::string page = woven(copy);
  BOOST_TEST(contains(page,
                      "<td>bound</td><td class=\"number\">−1</td><td class=\"number\">0.95</td><td "
                      "class=\"number\">0 of 20</td>"));
  BOOST_TEST(contains(page, "<code>tides/sun</code></a>: <code>noon</code>"));
}

BOOST_AUTO_TEST_CASE(scatter_is_compared_with_errors) {
  const Copy copy;
  const std::string page = woven(copy);
  BOOST_TEST(contains(page, "Of 1 such claims the one in the middle scatters 2.1(2) times"));
  BOOST_TEST(contains(page, "and 1 scatters significantly more than 1.25 times"));
  BOOST_TEST(contains(page, "<td>bound</td><td class=\"number\">2.1(2)</td>"));
}

BOOST_AUTO_TEST_CASE(records_from_before_scatter_was_kept_say_so) {
  const Copy copy;
  copy.replace("figures/calibration.json", "\"scatter\": 1.25,", "");
  BOOST_TEST(contains(woven(copy), "from before this was kept"));
}

BOOST_AUTO_TEST_CASE(the_picture_is_copied) {
  const Copy copy;
  BOOST_TEST(contains(woven(copy), "src=\"record/calibration.svg\""));
  BOOST_TEST(copy.read("woven/site/record/calibration.svg") == copy.read("figures/calibration.svg"));
}

BOOST_AUTO_TEST_CASE(a_record_that_is_missing_and_a_part_that_does_not_exist_are_reported) {
  expect("book/calibration.md", "@calibration edge", "@calibration edges",
         "the calibration has no part called edges");
  const Copy copy;
  std::filesystem::remove(copy.root() / "figures/calibration.json");
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, "book/calibration.md:3: "));
  BOOST_TEST(contains(problems, "make it with ./fieldbook calibrate --record"));
}
