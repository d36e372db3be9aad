#define BOOST_TEST_DYN_LINK
#include "normality.hpp"

#include <fieldbook/random/stream.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "verdict.hpp"

using namespace calibration;

namespace {

constexpr double few_ulp = 1e-12;

/// How often `p_value` of `n` sampled normal numbers, times `factor`, is below `level`.
double rejected(auto&& p_value, std::size_t n, double factor, double level) {
  constexpr int samples = 20000;
  const fieldbook::Stream stream{1, "calibration"};
  int count = 0;
  for (int sample = 0; sample < samples; ++sample) {
    std::vector<double> z(n);
    stream.normals(static_cast<std::uint64_t>(sample), z);
    for (double& value : z) value *= factor;
    count += p_value(z) < level;
  }
  return static_cast<double>(count) / samples;
}

book::Claim claim(const std::string& kind, double predicted, double measured, std::optional<double> error,
                  std::optional<double> tolerance = {}, bool relative = false, const std::string& side = "") {
  book::Claim made;
  made.kind = kind;
  made.side = side;
  made.predicted = predicted;
  made.measured = measured;
  made.standard_error = error;
  made.tolerance = tolerance;
  made.relative = relative;
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(normality)

BOOST_AUTO_TEST_CASE(means_and_their_errors) {
  const Spread spread = over_seeds({1, 2, 3, 6});
  BOOST_TEST(spread.mean == 3);
  BOOST_TEST(spread.error == std::sqrt(14. / 12), boost::test_tools::tolerance(few_ulp));
}

// By hand: n = 1 gives -1 - ln u - ln(1-u), two symmetric values -2 - [2 ln u + 6 ln(1-u)] / 2
BOOST_AUTO_TEST_CASE(statistic_of_few_values) {
  BOOST_TEST(anderson_darling({0.5}) == 2 * std::log(2) - 1, boost::test_tools::tolerance(few_ulp));
  BOOST_TEST(anderson_darling({0.75, 0.25}) == -2 - std::log(0.25) - 3 * std::log(0.75),
             boost::test_tools::tolerance(few_ulp));
  BOOST_TEST(std::isinf(anderson_darling({0., 0.5})));
}

// M. A. Stephens, J. Am. Stat. Assoc. 69 (1974) 730, table 1A, three digits; the last is of Marsaglia and Marsaglia (2004)
BOOST_AUTO_TEST_CASE(published_critical_values) {
  for (const auto& [critical, p] : {std::pair{1.610, 0.15}, {1.933, 0.10}, {2.492, 0.05}})
    BOOST_TEST(anderson_darling_p_value(critical) == p, boost::test_tools::tolerance(0.02));
  BOOST_TEST(anderson_darling_p_value(3.8781250216053948842) == 0.01, boost::test_tools::tolerance(1e-10));
}

// The limit of the law: e^{-x} √(3x) to leading order far out, where only the first term is left, and 1 near zero
BOOST_AUTO_TEST_CASE(ends_of_the_law) {
  BOOST_TEST(anderson_darling_p_value(0) == 1);
  BOOST_TEST(anderson_darling_p_value(0.0201) == 1, boost::test_tools::tolerance(1e-9));
  const double ratio = anderson_darling_p_value(101) / anderson_darling_p_value(100);
  BOOST_TEST(ratio == std::exp(-1.) * std::sqrt(100. / 101), boost::test_tools::tolerance(1e-3));
  double last = 1;
  for (double x = 0.02; x < 30; x += 0.01) {
    const double p = anderson_darling_p_value(x);
    BOOST_TEST_REQUIRE(p <= last + 1e-10);
    last = p;
  }
}

// 20000 samples tell a level of 0.01 to within 0.0007; the law of 20 values is not quite its limit
BOOST_AUTO_TEST_CASE(levels_and_power) {
  BOOST_TEST(std::abs(rejected(normality_p_value, 20, 1, 0.01) - 0.0103) < 0.0035);
  BOOST_TEST(std::abs(rejected(squares_p_value, 20, 1, 0.01) - 0.01) < 0.0035);
  BOOST_TEST(rejected(normality_p_value, 100, 1.5, 0.01) > 0.9);
  BOOST_TEST(rejected(squares_p_value, 100, 1.5, 1e-5) > 0.9);
  BOOST_TEST(rejected(squares_p_value, 100, 1 / 1.5, 1e-5) > 0.7);
}

BOOST_AUTO_TEST_CASE(far_out_is_no_accident) {
  BOOST_TEST(normality_p_value({0.1, -0.5, 40}) < 0.1);
  BOOST_TEST(normality_p_value(std::vector<double>(20, -40)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(failures) {
  BOOST_TEST(failures_p_value(0, 100, 1e-6) == 1);
  BOOST_TEST(failures_p_value(1, 100, 1e-6) == 1e-4, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(failures_p_value(1, 100, 0) == 0);
}

// The example of Holm's correction: 4p, 3p, 2p, p, never falling
BOOST_AUTO_TEST_CASE(correction) {
  const auto adjusted = holm({0.03, 0.005, 0.04, 0.01});
  const std::vector<double> expected{0.06, 0.02, 0.06, 0.03};
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(adjusted[i] == expected[i], boost::test_tools::tolerance(few_ulp));
  BOOST_TEST(holm({0.9, 0.8}).front() == 1);
}

BOOST_AUTO_TEST_CASE(shares_of_what_is_allowed) {
  const auto near = boost::test_tools::tolerance(few_ulp);
  BOOST_TEST(share_used(claim("statistical", 1, 1.5, 0.2)) == 0.5, near);
  BOOST_TEST(share_used(claim("exact", 2, 2.1, {}, 0.1, true)) == 0.5, near);
  BOOST_TEST(share_used(claim("exact", 2, 2, {}, 0.)) == 0);
  BOOST_TEST(share_used(claim("scaling", 1, 1.3, 0.1, 0.1)) == 0.5, near);
  BOOST_TEST(share_used(claim("bound", 1, 0.5, 0.2, {}, false, "below")) == -0.5, near);
  BOOST_TEST(share_used(claim("bound", 1, 0.5, 0.2, {}, false, "above")) == 0.5, near);
  BOOST_TEST(share_used(claim("bound", 1, 0.8, {}, {}, false, "below")) == 0.8, near);
  BOOST_TEST(share_used(claim("bound", 0.8, 1, {}, {}, false, "above")) == 0.8, near);
  BOOST_TEST(share_used(claim("bound", 1, 1.2, {}, {}, false, "below")) > 1);
}

// By hand: the deviations 0, 1, 2 have the standard deviation 1, and the mean square of 0.5, 1, 1.5 is 7/6
BOOST_AUTO_TEST_CASE(scatter_in_units_of_errors) {
  std::vector<Observation> seen;
  for (const double i : {0., 1., 2.}) {
    Observation one;
    one.kind = "scaling", one.predicted = 5, one.measured = 5 + i, one.standard_error = (1 + i) / 2;
    seen.push_back(one);
  }
  const auto scatter = scatter_of(seen);
  BOOST_TEST_REQUIRE(scatter.has_value());
  BOOST_TEST(scatter->mean == std::sqrt(6. / 7), boost::test_tools::tolerance(few_ulp));
  BOOST_TEST(scatter->error == std::sqrt(6. / 7) / 2, boost::test_tools::tolerance(few_ulp));
  for (auto& one : seen) one.kind = "statistical";
  BOOST_TEST(!scatter_of(seen).has_value());
}

// What runs said before predictions and standard errors were kept must not be thrown away
BOOST_AUTO_TEST_CASE(runs_are_kept_whole) {
  book::Ledger ledger;
  ledger.claims = {claim("scaling", 1, 1.3, 0.1, 0.1), claim("exact", 2, 2, {}, 0.)};
  ledger.claims[0].id = "slope", ledger.claims[1].id = "sum";
  nlohmann::json json = to_json(reduced(ledger));
  const auto slope = run_from_json(json).claims.at("slope"), sum = run_from_json(json).claims.at("sum");
  BOOST_TEST((slope.predicted == 1. && slope.measured == 1.3 && slope.standard_error == 0.1));
  BOOST_TEST((!sum.sampled && !sum.standard_error));
  json["claims"]["slope"].erase("standard_error");
  const auto older = run_from_json(json).claims.at("slope");
  BOOST_TEST((older.sampled && !older.standard_error && older.used == slope.used));
}

BOOST_AUTO_TEST_SUITE_END()
