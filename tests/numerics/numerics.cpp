#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/dot.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>
#include <fieldbook/numerics/moments.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(numerics)

BOOST_AUTO_TEST_CASE(inverse_powers_are_recovered_exactly) {
  const std::vector<double> n{8, 16, 32, 64};
  std::vector<Estimate> data;
  for (const double x : n) data.push_back({3 - 2 / x + 5 / (x * x), 0.01});
  const Fit fit = fit_inverse_powers(n, data, 2);
  BOOST_TEST(fit[0].value == 3, tt::tolerance(1e-10));
  BOOST_TEST(fit[1].value == -2, tt::tolerance(1e-9));
  BOOST_TEST(fit[2].value == 5, tt::tolerance(1e-8));
  BOOST_TEST(fit.degrees == 1);
  BOOST_TEST(fit.chi_square < 1e-15);
}

BOOST_AUTO_TEST_CASE(error_of_a_constant_is_the_error_of_a_weighted_mean) {
  const std::vector<double> x{1, 2};
  const std::vector<Estimate> data{{1, 1}, {2, 2}};
  const Estimate mean = fit_inverse_powers(x, data, 0)[0];
  BOOST_TEST(mean.value == (1 + 2 / 4.) / (1 + 1 / 4.), tt::tolerance(1e-14));
  BOOST_TEST(mean.standard_error == 1 / std::sqrt(1 + 1 / 4.), tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(fits_refuse_what_cannot_be_fitted) {
  const std::vector<double> x{1, 2};
  BOOST_CHECK_THROW(fit_inverse_powers(x, std::vector<Estimate>{{1, 1}, {2, 1}}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(fit_inverse_powers(x, std::vector<Estimate>{{1, 0}, {2, 1}}, 0), std::invalid_argument);
  BOOST_CHECK_THROW(fit_inverse_powers(x, std::vector<Estimate>{{1, NAN}, {2, 1}}, 0), std::invalid_argument);
}

// z-scores of the exponent over 400 noisy power laws: mean 0(5 %), variance 1(7 %)
BOOST_AUTO_TEST_CASE(power_law_has_honest_errors) {
  const std::vector<double> x{1, 4, 16, 64};
  double sum = 0, squares = 0;
  for (std::uint64_t draw = 0; draw < 400; ++draw) {
    std::vector<double> noise(x.size());
    Stream{1, "power law"}.normals(draw, noise);
    std::vector<Estimate> data;
    for (std::size_t i = 0; i < x.size(); ++i)
      data.push_back({6 * std::pow(x[i], -1) + 0.02 * noise[i], 0.02});
    const Estimate exponent = fit_power_law(x, data)[1];
    const double z = (exponent.value + 1) / exponent.standard_error;
    sum += z;
    squares += z * z;
  }
  BOOST_TEST(std::abs(sum / 400) < 0.25);
  BOOST_TEST(std::abs(squares / 400 - 1) < 0.36);
}

BOOST_AUTO_TEST_CASE(data_that_are_no_power_law_have_no_exponent) {
  const std::vector<double> x{8, 16, 32};
  BOOST_TEST(
      std::isnan(fit_power_law(x, std::vector<Estimate>{{-0.1, 0.01}, {0.1, 0.01}, {-0.3, 0.01}})[1].value));
  BOOST_TEST(
      std::isnan(fit_power_law(x, std::vector<Estimate>{{-0.1, 0.01}, {-0.2, 0.01}, {1, 0.01}})[1].value));
}

BOOST_AUTO_TEST_CASE(gaussian_averages_of_kinks_and_exponentials) {
  const double v = 1.7;
  BOOST_TEST(gaussian_average([](double) { return 1.; }, v) == 1, tt::tolerance(1e-13));
  BOOST_TEST(gaussian_average([](double z) { return std::abs(z); }, v) == std::sqrt(2 * v / M_PI),
             tt::tolerance(1e-12));
  BOOST_TEST(gaussian_average([](double z) { return std::exp(z); }, v) == std::exp(v / 2),
             tt::tolerance(1e-12));
  const auto identity = [](double z) { return z; };
  BOOST_TEST(gaussian_average(identity, identity, 2, 3, -1.2) == -1.2, tt::tolerance(1e-12));
  BOOST_TEST(gaussian_average(identity, identity, 2, 2, 2) == 2, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(cumulants_of_the_exponential_law) {
  std::vector<double> moments{1};
  for (int r = 1; r <= 8; ++r) moments.push_back(moments.back() * r);
  const auto kappa = cumulants_from_moments(moments);
  double factorial = 1;
  for (std::size_t r = 1; r <= 8; factorial *= static_cast<double>(r), ++r)
    BOOST_TEST(kappa[r] == factorial, tt::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(dot_products_of_any_length) {
  for (const std::size_t n : {0, 1, 15, 16, 17, 100}) {
    std::vector<float> a(n), b(n);
    Stream{1, "a"}.normals(n, a);
    Stream{1, "b"}.normals(n, b);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += double{a[i]} * b[i];
    BOOST_TEST(std::abs(dot(a, b) - sum) < 1e-5);
  }
}

BOOST_AUTO_TEST_SUITE_END()
