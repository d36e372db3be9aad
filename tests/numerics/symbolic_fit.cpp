#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/formula.hpp>
#include <fieldbook/numerics/symbolic_fit.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>

using namespace fieldbook;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(formulas)

BOOST_AUTO_TEST_CASE(they_are_read_as_written) {
  const double pi = std::numbers::pi;
  const std::vector<double> x{0.3, -0.7, 2};
  BOOST_TEST(std::abs(Formula{"exp(sin(pi*x1)+x2^2)"}(x)-std::exp(std::sin(pi * 0.3) + 0.49)) < 1e-15);
  BOOST_TEST(std::abs(Formula{"-x^2 + log(x3)/2"}(x) - (-0.09 + std::log(2.) / 2)) < 1e-15);
  BOOST_TEST(Formula{"abs(y)"}(x) == 0.7);
  BOOST_TEST(Formula{"x1+x3"}.variables() == 3);
  BOOST_TEST(Formula{"2"}.variables() == 0);
  BOOST_CHECK_THROW(Formula{"x1+x3"}(std::vector{1., 2.}), std::invalid_argument);
  BOOST_TEST(!std::isfinite(Formula{"sqrt(x2)"}(x)));
}

BOOST_AUTO_TEST_CASE(what_is_no_formula_is_refused) {
  for (const char* text : {"", "sin(", "x1+", "x10", "foo(x1)", "x1,x2", "2 x1"})
    BOOST_CHECK_THROW(Formula{text}, std::invalid_argument);
  BOOST_CHECK_EXCEPTION(Formula{"z+1"}, std::invalid_argument, [](const auto& error) {
    return std::string{error.what()}.find("\"z\"") != std::string::npos;
  });
  BOOST_CHECK_THROW(Formula{"x3"}(std::vector<double>{1, 2}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(symbolic_fitting)

BOOST_AUTO_TEST_CASE(every_function_is_called_by_its_name) {
  const VectorXd x = VectorXd::LinSpaced(401, -1, 3);
  for (const NamedFunction& g : named_functions()) {
    const bool positive = g.name == "sqrt" || g.name == "log";
    const double a = positive ? 1 : 0.9, b = positive ? 1.4 : -0.2;
    const VectorXd y = x.unaryExpr([&](double at) { return 0.7 * g.value(a * at + b) - 3; });
    const auto fits = symbolic_fits(x, y);
    BOOST_TEST_CONTEXT(g.name) {
      BOOST_REQUIRE(!fits.empty());
      BOOST_TEST(fits[0].function->name == g.name);
      BOOST_TEST(fits[0].unexplained < 1e-12);
      BOOST_TEST(is_named(fits, 1e-6, 100));
      for (const double at : {-1., 0.2, 3.})
        BOOST_TEST(std::abs(fits[0](at) - (0.7 * g.value(a * at + b) - 3)) < 1e-6);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_frequency_of_a_sine) {
  const VectorXd x = VectorXd::LinSpaced(401, -1, 1), y = (std::numbers::pi * x.array() + 0.3).sin();
  BOOST_TEST(std::abs(std::abs(symbolic_fits(x, y)[0].a) - std::numbers::pi) < 1e-9);
}

BOOST_AUTO_TEST_CASE(the_guard_against_false_names) {
  const VectorXd x = VectorXd::LinSpaced(401, -1, 1);
  // tanh in its tail is almost exp, sin with a tiny a almost x^2: neither may win or come close
  const auto of_exp = symbolic_fits(x, x.array().exp());
  BOOST_TEST(of_exp[0].function->name == "exp");
  BOOST_TEST(of_exp[1].unexplained > 1e-6);
  const auto of_square = symbolic_fits(x, x.array().square());
  BOOST_TEST(of_square[0].function->name == "x^2");
  BOOST_TEST(of_square[1].unexplained > 1e-6);
  // A function that is not in the library has no name
  const VectorXd bessel = x.unaryExpr([](double at) { return std::cyl_bessel_j(0, 6 * std::abs(at)); });
  BOOST_TEST(!is_named(symbolic_fits(x, bessel), 1e-6, 100));
}

BOOST_AUTO_TEST_CASE(bad_points_are_refused) {
  const VectorXd x = VectorXd::LinSpaced(20, -1, 1);
  BOOST_CHECK_THROW(symbolic_fits(x, VectorXd::Ones(20)), std::invalid_argument);
  BOOST_CHECK_THROW(symbolic_fits(x, VectorXd::Zero(19)), std::invalid_argument);
  BOOST_CHECK_THROW(symbolic_fits(x.head(5), x.head(5)), std::invalid_argument);
  VectorXd y = x;
  y[3] = std::numeric_limits<double>::infinity();
  BOOST_CHECK_THROW(symbolic_fits(x, y), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
