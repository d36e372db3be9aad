#define BOOST_TEST_DYN_LINK
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/networks/activate.hpp>

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>
#include <type_traits>
#include <vector>

using namespace fieldbook;

namespace {

/// sigma'(z) by libm, with the conventions at kinks that activate_with_slope states.
double slope_value(Activation activation, double z) {
  switch (activation) {
    case Activation::relu:
      return z > 0 ? 1 : 0;
    case Activation::relu_squared:
      return 2 * std::max(z, 0.);
    case Activation::step:
      return 0;
    case Activation::abs:
      return z > 0 ? 1 : (z < 0 ? -1 : 0);
    case Activation::erf:
      return 2 / std::sqrt(std::numbers::pi) * std::exp(-z * z);
    case Activation::tanh:
      return std::pow(std::cosh(std::min(std::abs(z), 300.)), -2);
    case Activation::sin:
      return std::cos(z);
    case Activation::cos:
      return -std::sin(z);
    case Activation::exp:
      return std::exp(z);
    case Activation::gelu: {
      const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
      return std::erfc(-z / std::numbers::sqrt2) / 2 + (density > 0 ? z * density : 0);
    }
    case Activation::linear:
      return 1;
    case Activation::leaky:
      return z > 0 ? 1 : leaky_slope;
  }
  throw std::invalid_argument{"slope_value: unknown activation"};
}

/// Where networks live, and every finite magnitude and sign by random bits.
template <class Real>
std::vector<Real> arguments() {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  std::vector<Real> z{Real(0), Real(-0.)};
  for (int i = -200000; i <= 200000; ++i) z.push_back(static_cast<Real>(i) * Real(1e-4));
  std::mt19937_64 engine{3};
  for (int i = 0; i < 200000; ++i) {
    const auto any = std::bit_cast<Real>(static_cast<Bits>(engine()));
    if (std::isfinite(any)) z.push_back(any);
  }
  return z;
}

/// The largest |result - exact| / max(1, |exact|), as far as exact is a finite Real.
template <class Real, class Reference>
double worst_error(const std::vector<Real>& z, const std::vector<Real>& result, Reference reference) {
  double worst = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double exact = reference(static_cast<double>(z[i]));
    if (std::abs(exact) > static_cast<double>(std::numeric_limits<Real>::max()) / 2) continue;
    const double error = std::abs(static_cast<double>(result[i]) - exact) / std::max(1., std::abs(exact));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/// Of activate in float; the left tail of gelu is z times a small difference.
double bound_in_float(Activation activation) { return activation == Activation::gelu ? 1e-6 : 5e-7; }

template <class Real, class Bound>
void check_accuracy(Bound bound_of) {
  const std::vector<Real> z = arguments<Real>();
  for (const Activation activation : all_activations()) {
    std::vector<Real> value = z, with_slope = z, slope(z.size());
    activate(activation, value);
    activate_with_slope(activation, with_slope, slope);
    const double bound = bound_of(activation);
    const auto exact = [&](double x) { return activation_value(activation, x); };
    BOOST_TEST_CONTEXT(name(activation)) {
      BOOST_TEST(worst_error(z, value, exact) < bound);
      BOOST_TEST(worst_error(z, with_slope, exact) < 2 * bound);
      BOOST_TEST(worst_error(z, slope, [&](double x) { return slope_value(activation, x); }) < 2 * bound);
    }
  }
}

template <class Real>
void check_limits() {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  for (const Activation activation : all_activations()) {
    BOOST_TEST_INFO(name(activation));
    // Enough values for the vector code, and some for its scalar rest
    std::vector<Real> nan(37, std::numeric_limits<Real>::quiet_NaN()), plus(37, infinity),
        minus(37, -infinity);
    activate(activation, nan);
    activate(activation, plus);
    activate(activation, minus);
    for (std::size_t i = 0; i < nan.size(); ++i) {
      BOOST_REQUIRE(std::isnan(nan[i]));
      if (activation == Activation::sin || activation == Activation::cos) {
        BOOST_REQUIRE(std::isnan(plus[i]) && std::isnan(minus[i]));
        continue;
      }
      const bool odd = activation == Activation::erf || activation == Activation::tanh;
      const bool bounded = odd || activation == Activation::step;
      BOOST_REQUIRE_EQUAL(plus[i], bounded ? Real(1) : infinity);
      const bool unbounded_below = activation == Activation::linear || activation == Activation::leaky;
      const Real left = unbounded_below ? -infinity : (activation == Activation::abs ? infinity : Real(0));
      BOOST_REQUIRE_EQUAL(minus[i], odd ? Real(-1) : left);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(activations_and_slopes_are_accurate) {
  check_accuracy<float>(bound_in_float);
  check_accuracy<double>([](Activation) { return 2e-15; });
}

BOOST_AUTO_TEST_CASE(activations_of_what_is_not_finite) {
  check_limits<float>();
  check_limits<double>();
}

// One angle that is too large for vector code must not change its neighbours
BOOST_AUTO_TEST_CASE(an_activation_depends_on_its_own_argument_alone) {
  for (const Activation activation : all_activations()) {
    std::vector<float> alone(700);
    for (std::size_t i = 0; i < alone.size(); ++i) alone[i] = 0.37f * static_cast<float>(i) - 200;
    std::vector<float> beside = alone;
    beside[300] = 1e20f;
    activate(activation, alone);
    activate(activation, beside);
    beside[300] = alone[300];
    BOOST_TEST_INFO(name(activation));
    BOOST_TEST((alone == beside));
  }
}

BOOST_AUTO_TEST_CASE(values_and_slopes_come_in_equal_numbers) {
  std::vector<float> z(3), slope(2);
  BOOST_CHECK_THROW(activate_with_slope(Activation::erf, z, slope), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(activations_have_names) {
  for (const Activation activation : all_activations())
    BOOST_TEST((activation_of(name(activation)) == activation));
  BOOST_CHECK_THROW(activation_of("sigmoid"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
