// The page of the trials, from records made by hand

#include <boost/test/unit_test.hpp>

#include "copy.hpp"

using namespace book;

namespace {

std::string woven(const Copy& copy) {
  BOOST_TEST(copy.weave() == "");
  return copy.page("trials");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_trial_says_when_and_where_it_ran) {
  const std::string page = woven(Copy{});
  BOOST_TEST(contains(page, "2 of 3 <code>storms</code> were survived"));
  BOOST_TEST(contains(page,
                      "<code>./fieldbook trial storms</code> took 42 s with Fieldbook 0.1 (2026-01-03, An "
                      "&lt;Abacus&gt;)."));
}

BOOST_AUTO_TEST_CASE(its_cases_are_rows_and_numbers_stand_on_the_right) {
  const std::string page = woven(Copy{});
  BOOST_TEST(
      contains(page, "<th scope=\"row\">gale</th><td class=\"number\">2.5</td><td><code>moon</code></td>"));
  const std::string failed = page.substr(page.rfind("<tr class=\"fails\">"));
  BOOST_TEST(contains(failed, "<th scope=\"row\">a &lt; hurricane</th>"));
}

BOOST_AUTO_TEST_CASE(counts_that_nobody_judges_have_no_verdict) {
  const std::string page = woven(Copy{});
  BOOST_TEST(contains(page, "<tr><th scope=\"row\">January</th><td class=\"number\">3</td></tr>"));
}

BOOST_AUTO_TEST_CASE(all_long_checks_are_in_one_table) {
  const std::string page = woven(Copy{});
  BOOST_TEST(contains(page, "<a href=\"#trial-storms\"><code>./fieldbook trial storms</code></a>"));
  BOOST_TEST(contains(page, "id=\"trial-storms\""));
  BOOST_TEST(contains(page, "<a href=\"calibration.html\"><code>./fieldbook calibrate</code></a>"));
  BOOST_TEST(contains(page, "4 faults; 3 (75.0 %) caught, 1 (25.0 %) by a claim"));
}

BOOST_AUTO_TEST_CASE(missing_and_damaged_records_are_reported) {
  const Copy copy;
  copy.write("figures/trials/storms.json", "{}");
  const std::string damaged = copy.weave();
  BOOST_TEST(contains(damaged, "book/trials.md:3: "));
  std::filesystem::remove(copy.root() / "figures/trials/storms.json");
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, "book/trials.md:5: "));
  BOOST_TEST(contains(problems, "make it with ./fieldbook trial storms --record"));
}
