#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/formula.hpp>
#include <fieldbook/training/formula_reading.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::MatrixXd;

namespace {

/// Edges of [2, 1, 1] set by hand, with a scale and a shift of the middle node that the formula must not show.
KolmogorovArnold made_by_hand(double (*first)(double)) {
  KolmogorovArnold network{{2, 1, 1}, 60};
  network.fit_edge(0, 0, 0, [&](double x) { return -3 * first(x) + 0.5; });
  network.fit_edge(0, 0, 1, [](double y) { return -3 * y * y; });
  network.set_interval(1, 0, -6, 4);
  network.fit_edge(1, 0, 0, [](double h) { return 2 * std::exp((h - 0.5) / -3) + 1; });
  return network;
}

MatrixXd inputs() {
  MatrixXd x(2, 500);
  Stream{1, "inputs"}.uniforms(0, {x.data(), static_cast<std::size_t>(x.size())});
  return 2 * x.array() - 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reading_of_formulas)

BOOST_AUTO_TEST_CASE(the_formula_is_that_of_the_edges) {
  const auto network = made_by_hand([](double x) { return std::sin(2 * x); });
  // In the user's units x1 = 10 + 2 u1
  const auto reading = read_formula(network, inputs(), {10, 0}, {2, 1}, 1e-6, 100);
  BOOST_REQUIRE(reading.is_complete());
  BOOST_TEST(reading.edges[0].rank_of("sin") == 0);
  BOOST_TEST(reading.edges[2].rank_of("exp") == 0);
  const Formula formula{reading.text};
  for (const auto& [u, v] : {std::pair{0.3, -0.2}, {-0.8, 0.9}, {0., 0.}}) {
    const double expected = 2 * std::exp(std::sin(2 * u) + v * v) + 1;
    BOOST_TEST(std::abs(formula(std::vector<double>{10 + 2 * u, v}) - expected) < 1e-4);
  }
}

// y = sin(2 x1) - x2^2/2 + 3 by two hidden nodes that are added as they are
BOOST_AUTO_TEST_CASE(what_is_added_as_it_is_needs_no_name) {
  KolmogorovArnold network{{2, 2, 1}, 60};
  network.fit_edge(0, 0, 0, [](double x) { return std::sin(2 * x); });
  network.fit_edge(0, 1, 1, [](double x) { return x * x; });
  network.fit_edge(1, 0, 0, [](double h) { return h + 3; });
  network.fit_edge(1, 0, 1, [](double h) { return -h / 2; });
  const auto reading = read_formula(network, inputs(), {0, 0}, {1, 1}, 1e-6, 100);
  BOOST_REQUIRE(reading.is_complete());
  const Formula formula{reading.text};
  BOOST_TEST(formula.variables() == 2);
  for (const auto& [u, v] : {std::pair{0.3, -0.2}, {-0.8, 0.9}, {0., 0.}})
    BOOST_TEST(std::abs(formula(std::vector<double>{u, v}) - (std::sin(2 * u) - v * v / 2 + 3)) < 1e-4);
}

BOOST_AUTO_TEST_CASE(a_curve_without_a_name_is_not_given_one) {
  const auto network = made_by_hand([](double x) { return std::cyl_bessel_j(0, 6 * std::abs(x)); });
  const auto reading = read_formula(network, inputs(), {0, 0}, {1, 1}, 1e-6, 100);
  BOOST_TEST(!reading.is_complete());
  BOOST_TEST(!reading.edges[0].is_named);
  BOOST_TEST(reading.edges[1].is_named);
  BOOST_TEST(reading.text.find("s(x1)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_matter_is_a_constant) {
  const auto reading =
      read_formula(made_by_hand([](double) { return 0.25; }), inputs(), {0, 0}, {1, 1}, 1e-6, 100);
  BOOST_TEST(reading.edges[0].is_constant);
  BOOST_TEST(reading.is_complete());
  BOOST_TEST(reading.text.find("x1") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
