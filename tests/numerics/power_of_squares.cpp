#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/numerics/power_of_squares.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;

namespace {

/// The mean of `draws` draws, each the mean square of `terms` normal numbers, of variance x^{2 power}.
MeanSquare sampled(const Stream& stream, std::uint64_t sample, double x, double power, std::int64_t draws,
                   int terms) {
  std::vector<double> normals(static_cast<std::size_t>(draws * terms));
  stream.normals(sample, normals);
  Averages averages{1};
  for (std::size_t draw = 0; draw < static_cast<std::size_t>(draws); ++draw) {
    double sum = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(terms); ++i)
      sum += std::pow(normals[draw * static_cast<std::size_t>(terms) + i], 2);
    averages.add(Eigen::VectorXd::Constant(1, std::pow(x, 2 * power) * sum / terms));
  }
  return {x, averages.mean(0), draws, static_cast<double>(terms)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_of_squares)

// By hand: two draws 1 and 3 have the mean 2 with the error 1, three draws 1, 1, 4 again 2 with the error 1
BOOST_AUTO_TEST_CASE(pooled_spread) {
  const std::vector<MeanSquare> squares{{1, {2, 1}, 2}, {2, {2, 1}, 3}};
  const double spread = 1 * 2 * 0.25 + 2 * 3 * 0.25, square = 1 * 0.75 + 2 * 0.75;
  BOOST_TEST(pooled_relative_variance(squares) == spread / square, boost::test_tools::tolerance(1e-14));
  const std::vector<MeanSquare> of_five{{1, {2, 1}, 2, 5}, {2, {2, 1}, 3, 5}};
  BOOST_TEST(pooled_relative_variance(of_five) == 5 * spread / square, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(an_exact_power_is_found) {
  std::vector<MeanSquare> squares;
  for (const double x : {1., 2., 4., 8.})
    squares.push_back({x, {3 * std::pow(x, -1.5), 0.1 * std::pow(x, -1.5)}, 7});
  BOOST_TEST(power_of_root_mean_square(squares).value == -0.75, boost::test_tools::tolerance(1e-13));
}

// Fewer draws at larger x, four at last, as where wide networks are expensive: the exponent is unbiased and its error honest, for random
// sums (one term at every x) as for averages over ever more terms. 4000 samples tell a variance to 2.2 %.
BOOST_AUTO_TEST_CASE(errors_from_few_draws_are_honest) {
  constexpr int samples = 4000;
  for (const bool averaging : {false, true}) {
    const Stream stream{1, averaging ? "averages" : "sums"};
    double sum = 0, sum_of_squares = 0;
    for (std::uint64_t sample = 0; sample < samples; ++sample) {
      std::vector<MeanSquare> squares;
      for (const int x : {1, 2, 4, 8})
        squares.push_back(
            sampled(stream, 16 * sample + static_cast<std::uint64_t>(x), x, -1, 32 / x, averaging ? x : 1));
      const Estimate exponent = power_of_root_mean_square(squares);
      const double z = (exponent.value + 1) / exponent.standard_error;
      sum += z, sum_of_squares += z * z;
    }
    BOOST_TEST(std::abs(sum / samples) < 0.08);
    BOOST_TEST(std::abs(sum_of_squares / samples - 1) < 0.15);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_spread_is_refused) {
  const std::vector<MeanSquare> single{{1, {2, 1}, 1}, {2, {2, 1}, 3}},
      negative{{1, {-2, 1}, 2}, {2, {2, 1}, 3}}, equal{{1, {2, 0}, 2}, {2, {2, 0}, 3}};
  for (const auto& squares : {single, negative, equal})
    BOOST_CHECK_THROW(power_of_root_mean_square(squares), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
