#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/levenberg_marquardt.hpp>
#include <fieldbook/numerics/uniform_spline.hpp>

#include <boost/math/special_functions/bernoulli.hpp>
#include <boost/math/special_functions/cardinal_b_spline.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>

using namespace fieldbook;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(uniform_splines)

BOOST_AUTO_TEST_CASE(they_are_those_of_boost) {
  const UniformSplines splines{-1, 2, 7};
  for (double x = -1; x <= 2; x += 0.037) {
    const SplineValues at = splines.at(x);
    for (int m = 0; m < splines.functions(); ++m) {
      // B_m has its middle at low + (m - 1) h
      const double u = (x + 1) / splines.cell_width() - (m - 1);
      const int k = m - at.first;
      const bool here = k >= 0 && k < 4;
      BOOST_TEST(std::abs((here ? at.values[k] : 0) - boost::math::cardinal_b_spline<3>(u)) < 1e-14);
      BOOST_TEST(std::abs((here ? at.slopes[k] * splines.cell_width() : 0) -
                          boost::math::cardinal_b_spline_prime<3>(u)) < 1e-13);
    }
  }
}

BOOST_AUTO_TEST_CASE(cubic_polynomials_are_reproduced_and_go_on_outside) {
  const UniformSplines splines{0, 1, 4};
  const auto cubic = [](double x) { return 1 - 2 * x + 3 * x * x - 4 * x * x * x; };
  const VectorXd x = VectorXd::LinSpaced(40, 0, 1);
  const VectorXd c = splines.fit(x, x.unaryExpr(cubic));
  for (const double at : {-0.5, -0.01, 0., 0.3, 0.99, 1., 1.2, 3.})
    BOOST_TEST(std::abs(splines.value(c, at) - cubic(at)) < 1e-11);
}

BOOST_AUTO_TEST_CASE(the_constant_of_strang_and_fix) {
  const double expected = std::sqrt(-boost::math::bernoulli_b2n<double>(4) / 40320);
  BOOST_TEST(std::abs(cubic_spline_constant / expected - 1) < 1e-6);
  // And by experiment: a fine fit of sin 6x
  const UniformSplines splines{0, std::numbers::pi, 64};
  const VectorXd x = VectorXd::LinSpaced(20001, 0, std::numbers::pi), y = (6 * x.array()).sin();
  const VectorXd c = splines.fit(x, y);
  double sum = 0;
  for (Eigen::Index k = 0; k < x.size(); ++k) sum += std::pow(splines.value(c, x[k]) - y[k], 2);
  const double rms = std::sqrt(sum / 20001), fourth = std::pow(6, 4) / std::sqrt(2);
  BOOST_TEST(std::abs(rms / (expected * std::pow(splines.cell_width(), 4) * fourth) - 1) < 0.05);
}

BOOST_AUTO_TEST_CASE(bad_grids_and_data_are_refused) {
  BOOST_CHECK_THROW((UniformSplines{1, 1, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((UniformSplines{0, 1, 0}), std::invalid_argument);
  BOOST_CHECK_THROW((UniformSplines{0, std::numeric_limits<double>::quiet_NaN(), 3}), std::invalid_argument);
  const UniformSplines splines{0, 1, 4};
  BOOST_CHECK_THROW(splines.fit(VectorXd::Zero(3), VectorXd::Zero(2)), std::invalid_argument);
  const VectorXd left = VectorXd::LinSpaced(50, 0, 0.4);  // nothing in the last two cells
  BOOST_CHECK_THROW(splines.fit(left, left), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(levenberg_marquardt)

BOOST_AUTO_TEST_CASE(rows_add_up_to_the_dense_product) {
  const Eigen::MatrixXd j{{1, 0, 2}, {0, -1, 3}};
  const VectorXd r{{0.5, -2}};
  NormalEquations equations{3};
  const std::vector<int> first{0, 2}, second{1, 2};
  const std::vector<double> a{1, 2}, b{-1, 3};
  equations.add(first, a, 0.5);
  equations.add(second, b, -2);
  const Eigen::MatrixXd expected = (j.transpose() * j).triangularView<Eigen::Lower>();
  BOOST_TEST((equations.gram() - expected).norm() < 1e-15);
  BOOST_TEST((equations.gradient() - j.transpose() * r).norm() < 1e-15);
  BOOST_TEST(equations.squared_error() == 4.25);
  NormalEquations full{3};
  full.add(j, r);
  BOOST_TEST((full.gram() - expected).norm() < 1e-15);
  BOOST_TEST((full.gradient() - equations.gradient()).norm() < 1e-15);
  BOOST_TEST(full.squared_error() == 4.25);
  BOOST_TEST(full.rows() == 2);
}

// Rosenbrock's valley as a least-squares problem: r = (1 - x, 10 (y - x^2))
BOOST_AUTO_TEST_CASE(the_valley_of_rosenbrock) {
  const auto error = [](const VectorXd& t) {
    return std::pow(1 - t[0], 2) + 100 * std::pow(t[1] - t[0] * t[0], 2);
  };
  const auto linearise = [](const VectorXd& t, NormalEquations& equations) {
    const std::vector<int> one{0}, two{0, 1};
    const std::vector<double> a{1}, b{20 * t[0], -10};
    equations.add(one, a, 1 - t[0]);
    equations.add(two, b, 10 * (t[1] - t[0] * t[0]));
  };
  VectorXd theta{{-1.2, 1}};
  const Minimised end = minimise({200, 1e-2}, theta, linearise, error);
  BOOST_TEST(end.squared_error < 1e-20);
  BOOST_TEST((theta - VectorXd::Ones(2)).norm() < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_start_that_is_not_finite_is_returned) {
  VectorXd theta{{std::numeric_limits<double>::quiet_NaN()}};
  const Minimised end = minimise(
      {}, theta, [](const VectorXd&, NormalEquations&) {}, [](const VectorXd& t) { return t[0]; });
  BOOST_TEST(!std::isfinite(end.squared_error));
  BOOST_TEST(end.steps == 0);
}

BOOST_AUTO_TEST_SUITE_END()
