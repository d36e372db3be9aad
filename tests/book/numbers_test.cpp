// Numbers with their errors, and ledgers

#include <boost/test/unit_test.hpp>

#include <limits>

#include "copy.hpp"
#include "ledger.hpp"
#include "numbers.hpp"

using namespace book;

BOOST_AUTO_TEST_CASE(errors_stand_in_the_last_digit) {
  BOOST_TEST(rounded(0.31791234, 0.0002).plain() == "0.3179(2)");
  BOOST_TEST(rounded(0.31791234, 0.000134).plain() == "0.31791(13)");
  BOOST_TEST(rounded(-2.98, 0.013).plain() == "-2.980(13)");
  BOOST_TEST(rounded(-2.98, 0.013).html() == "−2.980(13)");
  BOOST_TEST(rounded(0.5, 0.0097).plain() == "0.500(10)");
  BOOST_TEST(rounded(0.5, 0.00196).plain() == "0.500(2)");
  BOOST_TEST(rounded(1.23456e-7, 2e-10).plain() == "1.235(2)e-07");
  BOOST_TEST(rounded(1.23456e-7, 2e-10).html() == "1.235(2)×10<sup>−7</sup>");
  BOOST_TEST(rounded(12345, 678).plain() == "1.23(7)e+04");
  BOOST_TEST(rounded(12345, 6).plain() == "12345(6)");
  BOOST_TEST(rounded(0, 0.03).plain() == "0.00(3)");
  BOOST_TEST(rounded(0.001, 3.0).plain() == "0(3)");
}

BOOST_AUTO_TEST_CASE(without_error_six_digits_remain) {
  BOOST_TEST(rounded(0.318309886).plain() == "0.31831");
  BOOST_TEST(rounded(2).plain() == "2");
  BOOST_TEST(rounded(1e-12).html() == "1×10<sup>−12</sup>");
  BOOST_TEST(rounded(std::numeric_limits<double>::quiet_NaN(), 1.0).plain() == "NaN");
}

BOOST_AUTO_TEST_CASE(each_kind_says_how_it_was_decided) {
  const Ledger moon = read_ledger(std::filesystem::path(FIXTURE) / "record/tides/moon/ledger.json");
  BOOST_TEST(criterion(*moon.claim("height-of-the-tide")).plain == "z = -0.44");
  BOOST_TEST(criterion(*moon.claim("tiny")).plain == "|Δ|/|p| 0 ≤ 1e-09");
  BOOST_TEST(criterion(*moon.claim("slope")).plain == "|Δ| 0.02 ≤ 0.085");
  BOOST_TEST(criterion(*moon.claim("below")).plain == "margin 0.2");
  BOOST_TEST(side(*moon.claim("below")) + predicted(*moon.claim("below")).plain() == "≤ 0.5");
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_never_holds) {
  const Copy copy;
  copy.replace("record/tides/moon/ledger.json", "\"measured\": 0.31791234", "\"measured\": null");
  const Ledger ledger = read_ledger(copy.record() / "tides/moon/ledger.json");
  BOOST_TEST(!ledger.claim("height-of-the-tide")->holds);
  BOOST_TEST(ledger.failing_first().front().id == "height-of-the-tide");
}

BOOST_AUTO_TEST_CASE(peculiar_runs_say_so_and_how_to_replay_them) {
  const Copy copy;
  const std::string file = "record/tides/moon/ledger.json";
  BOOST_TEST(read_ledger(copy.root() / file).peculiarities() == "");
  copy.replace(file, "\"mass\": 1.0", "\"mass\": 2.5");
  copy.replace(file, "[1, 2]", "[1, 3]");
  const Ledger ledger = read_ledger(copy.root() / file);
  BOOST_TEST(ledger.peculiarities() == "--mass 2.5, --phases 1,3");
  BOOST_TEST(ledger.replay() == "./fieldbook run tides/moon --seed 1 --mass 2.5 --phases 1,3");
}

BOOST_AUTO_TEST_CASE(damaged_ledgers_are_refused_by_name) {
  const Copy copy;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"schema\": 1", "\"schema\": 2"},
                                                        {"\"exact\"", "\"exactly\""},
                                                        {"}", ""},
                                                        {"\"side\": \"below\"", "\"side\": \"\""}}) {
    const Copy damaged;
    damaged.replace("record/tides/moon/ledger.json", from, to);
    BOOST_CHECK_EXCEPTION(read_ledger(damaged.record() / "tides/moon/ledger.json"), LedgerError,
                          [](const auto& error) {
                            return std::string(error.what()).find("moon/ledger.json") != std::string::npos;
                          });
  }
  BOOST_CHECK_THROW(read_ledgers(copy.root() / "chapters"), LedgerError);
}

BOOST_AUTO_TEST_CASE(sections_are_ordered_by_their_numbers) {
  BOOST_TEST(section_before("2.1", "3"));
  BOOST_TEST(section_before("3.2", "3.10"));
  BOOST_TEST(in_section("3.1", "3"));
  BOOST_TEST(!in_section("3.10", "3.1"));
}
