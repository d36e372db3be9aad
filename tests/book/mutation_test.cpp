// The page of the planted faults, from a record made by hand

#include <boost/test/unit_test.hpp>

#include "copy.hpp"

using namespace book;

namespace {

std::string woven(const Copy& copy) {
  copy.weave();
  return copy.page("mutation");
}

}  // namespace

BOOST_AUTO_TEST_CASE(faults_are_summed_up) {
  BOOST_TEST(contains(woven(Copy{}),
                      "4 of 5 faults were tried in Fieldbook 0.1 (2026-01-02, An "
                      "&lt;Abacus&gt;): 3 (75.0 %) were caught, 1 (25.0 %) by a claim."));
}

BOOST_AUTO_TEST_CASE(each_fault_has_what_caught_it) {
  const std::string page = woven(Copy{});
  BOOST_TEST(contains(page,
                      "<a href=\"tides-moon.html#claim-tiny\"><code>tiny</code></a>, "
                      "<code>quick-alone</code> and 2 more<br/>unit tests of <code>report</code></td>"
                      "<td class=\"number\">12</td>"));
  BOOST_TEST(contains(page, "<code>tides/sun</code></a> stops with an error"));
}

BOOST_AUTO_TEST_CASE(a_survivor_has_its_reason) {
  const std::string page = woven(Copy{}), survivor = page.substr(page.find("class=\"fails\""));
  BOOST_TEST(contains(survivor, "a spot less"));
  BOOST_TEST(contains(survivor, "Nothing. The tides do not see"));
}

BOOST_AUTO_TEST_CASE(faults_are_grouped_by_source) {
  const std::string page = woven(Copy{});
  BOOST_TEST(page.find("chapters/tides/sun.cpp") < page.find("common/moon.cpp"));
  BOOST_TEST(page.find("common/moon.cpp") == page.rfind("common/moon.cpp"));
}

BOOST_AUTO_TEST_CASE(a_missing_record_is_reported) {
  const Copy copy;
  std::filesystem::remove(copy.root() / "figures/mutation.json");
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, "book/mutation.md:3: "));
  BOOST_TEST(contains(problems, "make it with ./fieldbook mutate --record"));
}
