#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/bytes.hpp>
#include <fieldbook/ensembles/n_point_functions.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

constexpr int points = 11, networks = 77;

std::vector<double> outputs() {
  std::vector<double> phi(points * networks);
  Stream{1, "n-point"}.normals(0, phi);
  return phi;
}

double plain_mean(const std::vector<double>& phi, const Indices& indices) {
  double sum = 0;
  for (int n = 0; n < networks; ++n) {
    double product = 1;
    for (const int i : indices) product *= phi[static_cast<std::size_t>(n * points + i)];
    sum += product;
  }
  return sum / networks;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ensembles)

BOOST_AUTO_TEST_CASE(all_indices_are_there_once) {
  BOOST_TEST(all_indices(32, 4).size() == 52360u);
  BOOST_TEST((all_indices(3, 2) == std::vector<Indices>{{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}}));
}

BOOST_AUTO_TEST_CASE(n_point_functions_are_means_of_products) {
  const std::vector<double> phi = outputs();
  for (int n = 1; n <= 5; ++n) {
    const auto combinations = all_indices(points, n);
    NPointFunctions functions{points, combinations};
    functions.add(phi);
    BOOST_TEST(functions.count() == networks);
    BOOST_REQUIRE(functions.size() == combinations.size());
    for (std::size_t i = 0; i < combinations.size(); ++i)
      BOOST_REQUIRE_CLOSE(1 + functions.mean(i), 1 + plain_mean(phi, combinations[i]), 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(only_what_is_asked_for) {
  const std::vector<Indices> combinations{
      {0, 0, 1, 9}, {0, 0, 1, 10}, {0, 3, 3, 3}, {2, 3, 4, 10}, {10, 10, 10, 10}};
  NPointFunctions functions{points, combinations};
  const std::vector<double> phi = outputs();
  functions.add(phi);
  for (std::size_t i = 0; i < combinations.size(); ++i)
    BOOST_TEST(functions.mean(i) == plain_mean(phi, combinations[i]), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(grouping_changes_no_bit_and_states_travel) {
  const std::vector<double> phi = outputs();
  NPointFunctions whole{points, all_indices(points, 4)}, parts = whole, copy = whole;
  whole.add(phi);
  const std::span<const double> all{phi};
  for (std::size_t n = 0; n < networks; n += 7) parts.add(all.subspan(n * points, 7 * points));
  from_bytes(to_bytes(parts), copy);
  for (std::size_t i = 0; i < whole.size(); ++i) BOOST_REQUIRE(copy.mean(i) == whole.mean(i));
  parts.merge(whole);
  BOOST_TEST(parts.count() == 2 * networks);
  BOOST_TEST(parts.mean(5) == whole.mean(5), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(indices_out_of_order_or_range_are_refused) {
  for (const Indices& bad : {Indices{1, 0}, Indices{0, points}, Indices{-1, 0}, Indices{}, Indices(9, 0)})
    BOOST_CHECK_THROW((NPointFunctions{points, {bad}}), std::invalid_argument);
  BOOST_CHECK_THROW((NPointFunctions{points, {{0, 1}, {0}}}), std::invalid_argument);
  BOOST_CHECK_THROW((NPointFunctions{0, {{0}}}), std::invalid_argument);
  BOOST_CHECK_THROW((NPointFunctions{points, {}}), std::invalid_argument);
  NPointFunctions functions{points, {{0, 1}}};
  BOOST_CHECK_THROW(functions.add(std::vector<double>(points + 1)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
