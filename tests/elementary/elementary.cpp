#define BOOST_TEST_DYN_LINK
#include <fieldbook/elementary/arc.hpp>
#include <fieldbook/elementary/error_function.hpp>
#include <fieldbook/elementary/exponential.hpp>
#include <fieldbook/elementary/logarithm.hpp>
#include <fieldbook/elementary/trigonometric.hpp>

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>
#include <random>
#include <type_traits>
#include <vector>

using namespace fieldbook;
namespace mp = boost::multiprecision;

namespace {

using Exact = mp::cpp_bin_float_50;
/// Wide enough to reduce the largest double modulo 2 pi.
using Wide = mp::number<mp::cpp_bin_float<400>>;

/// Numbers of every magnitude and sign, by random bits, and `count` more that fill [-range, range].
template <class Real>
std::vector<Real> samples(int count, double range) {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  std::mt19937_64 engine{7};
  std::uniform_real_distribution<Real> uniform{static_cast<Real>(-range), static_cast<Real>(range)};
  std::vector<Real> z{0,
                      Real(-0.),
                      std::numeric_limits<Real>::min(),
                      std::numeric_limits<Real>::denorm_min(),
                      std::numeric_limits<Real>::max(),
                      std::numeric_limits<Real>::lowest()};
  for (int i = 0; i < count; ++i) {
    const auto any = std::bit_cast<Real>(static_cast<Bits>(engine()));
    if (std::isfinite(any)) z.push_back(any);
    z.push_back(uniform(engine));
  }
  return z;
}

/// The largest error, relative to max(floor, |exact|) and in units of the last place of 1 where exact is subnormal.
template <class Real, class Function, class Reference>
double worst_error(const std::vector<Real>& z, Function function, Reference reference, double floor) {
  double worst = 0;
  for (const Real x : z) {
    const Real value = function(x);
    const auto exact = reference(x);
    if (mp::abs(Exact{exact}) > std::numeric_limits<Real>::max()) {
      if (std::abs(value) < std::numeric_limits<Real>::max()) return INFINITY;
      continue;
    }
    const Exact scale =
        std::max<Exact>({mp::abs(Exact{exact}), Exact{floor}, Exact{std::numeric_limits<Real>::min()}});
    const auto error = static_cast<double>(mp::abs(Exact{value} - Exact{exact}) / scale);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

template <class Real>
void check_infinities(Real (*function)(Real), Real minus, Real plus) {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const auto same = [](Real a, Real b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  BOOST_TEST(same(function(-infinity), minus));
  BOOST_TEST(same(function(infinity), plus));
  BOOST_TEST(std::isnan(function(std::numeric_limits<Real>::quiet_NaN())));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elementary_functions)

BOOST_AUTO_TEST_CASE(single_precision) {
  const auto small = samples<float>(300000, 12), large = samples<float>(300000, 110);
  const auto exp = [](float x) { return elementary::exp(x); };
  const auto tanh = [](float x) { return elementary::tanh(x); };
  const auto erf = [](float x) { return elementary::erf(x); };
  const auto slope = [](float x) { return elementary::erf_and_slope(x).slope; };
  const auto log = [](float x) { return elementary::log(std::abs(x)); };
  const auto exact_exp = [](double x) { return std::exp(std::min(x, 700.)); };
  const auto exact_tanh = [](double x) { return std::tanh(x); };
  const auto exact_erf = [](double x) { return std::erf(x); };
  const auto exact_slope = [](double x) { return M_2_SQRTPI * std::exp(-x * x); };
  const auto exact_log = [](double x) { return x == 0 ? -INFINITY : std::log(std::abs(x)); };
  BOOST_TEST(worst_error(large, exp, exact_exp, 0) < 2e-7);
  BOOST_TEST(worst_error(small, tanh, exact_tanh, 0) < 4e-7);
  BOOST_TEST(worst_error(small, erf, exact_erf, 0) < 4e-7);
  BOOST_TEST(worst_error(small, slope, exact_slope, 1) < 2e-7);
  BOOST_TEST(worst_error(small, log, exact_log, 0) < 3e-7);
}

BOOST_AUTO_TEST_CASE(double_precision) {
  const auto small = samples<double>(4000, 7), large = samples<double>(4000, 760);
  BOOST_TEST(worst_error(
                 large, [](double x) { return elementary::exp(x); },
                 [](double x) { return mp::exp(Exact{std::min(std::max(x, -800.), 800.)}); }, 0) < 4e-16);
  const auto tanh = [](double x) {
    // e^2x - 1 loses what is left of 50 digits for small x
    if (std::abs(x) < 1e-9) return Exact{Exact{x} - mp::pow(Exact{x}, 3) / 3};
    return Exact{mp::tanh(Exact{std::min(std::max(x, -60.), 60.)})};
  };
  BOOST_TEST(worst_error(
                 small, [](double x) { return elementary::tanh(x); }, tanh, 0) < 1e-15);
  const auto erf = [](double x) {
    if (std::abs(x) < 1e-9)
      return Exact{(Exact{x} - mp::pow(Exact{x}, 3) / 3) * mp::sqrt(4 / mp::acos(Exact{-1}))};
    return Exact{boost::math::erf(Exact{std::min(std::max(x, -10.), 10.)})};
  };
  BOOST_TEST(worst_error(
                 small, [](double x) { return elementary::erf(x); }, erf, 0) < 1e-15);
  const auto gauss = [](double x) {
    return Exact{mp::sqrt(4 / mp::acos(Exact{-1})) * mp::exp(-mp::pow(Exact{std::min(std::abs(x), 40.)}, 2))};
  };
  BOOST_TEST(worst_error(
                 small, [](double x) { return elementary::erf_and_slope(x).slope; }, gauss, 1) < 5e-16);
  const auto log = [](double x) { return x == 0 ? Exact{-INFINITY} : Exact{mp::log(Exact{std::abs(x)})}; };
  BOOST_TEST(worst_error(
                 small, [](double x) { return elementary::log(std::abs(x)); }, log, 0) < 1e-15);
}

BOOST_AUTO_TEST_CASE(arcs) {
  auto x = samples<double>(4000, 1);
  std::erase_if(x, [](double value) { return std::abs(value) > 1; });
  for (int k = 1; k < 53; ++k)
    for (const double sign : {-1., 1.}) x.push_back(sign * (1 - std::ldexp(1, -k)));
  x.push_back(1);
  x.push_back(-1);
  BOOST_TEST(worst_error(
                 x, [](double value) { return elementary::acos(value); },
                 [](double value) { return mp::acos(Exact{value}); }, 0) < 6e-16);
  BOOST_TEST(worst_error(
                 x, [](double value) { return elementary::asin(value); },
                 [](double value) { return mp::asin(Exact{value}); }, 0) < 6e-16);
  for (const double outside : {1 + 0x1p-52, -2., 1e300, double{INFINITY}, double{NAN}}) {
    BOOST_TEST(std::isnan(elementary::acos(outside)));
    BOOST_TEST(std::isnan(elementary::asin(outside)));
  }
}

BOOST_AUTO_TEST_CASE(sine_and_cosine_of_every_angle) {
  const auto wide_sin = [](double x) { return Exact{mp::sin(Wide{x})}; };
  const auto wide_cos = [](double x) { return Exact{mp::cos(Wide{x})}; };
  const auto sin = [](auto x) { return elementary::cos_sin(x).sin; };
  const auto cos = [](auto x) { return elementary::cos_sin(x).cos; };
  // The worst case of reduction in double precision: 2^-62 from a multiple of pi/2
  std::vector<double> hard{0x1.6ac5b262ca1ffp849, 0x1p20, 0x1.0000000000001p20, -0x1p20, 3.14159265358979312};
  for (const double range : {1., 30., 1e6, 2e6, 1e9}) {
    const auto more = samples<double>(100, range);
    hard.insert(hard.end(), more.begin(), more.end());
  }
  // One of the two alone, by one series
  const auto sin_alone = [](auto x) { return elementary::sin(x); };
  const auto cos_alone = [](auto x) { return elementary::cos(x); };
  BOOST_TEST(worst_error(hard, sin, wide_sin, 1) < 4e-16);
  BOOST_TEST(worst_error(hard, cos, wide_cos, 1) < 4e-16);
  BOOST_TEST(worst_error(hard, sin_alone, wide_sin, 1) < 4e-16);
  BOOST_TEST(worst_error(hard, cos_alone, wide_cos, 1) < 4e-16);
  BOOST_TEST(std::abs(elementary::cos_sin(0x1.6ac5b262ca1ffp849).cos / -4.6871659242546277e-19 - 1) < 1e-15);
  std::vector<float> singles;
  for (const double range : {1., 30., 1e4, 1e5, 1e6, 1e9}) {
    const auto more = samples<float>(30, range);
    singles.insert(singles.end(), more.begin(), more.end());
  }
  BOOST_TEST(worst_error(singles, sin, wide_sin, 1) < 1.5e-7);
  BOOST_TEST(worst_error(singles, cos, wide_cos, 1) < 1.5e-7);
  BOOST_TEST(worst_error(singles, sin_alone, wide_sin, 1) < 2e-7);
  BOOST_TEST(worst_error(singles, cos_alone, wide_cos, 1) < 2e-7);
  // libm is exact enough for many more
  auto many = samples<float>(200000, 100);
  const auto around_the_limit = samples<float>(200000, 2 * elementary::near_limit<float>);
  many.insert(many.end(), around_the_limit.begin(), around_the_limit.end());
  BOOST_TEST(worst_error(
                 many, sin, [](double x) { return std::sin(x); }, 1) < 1.5e-7);
  BOOST_TEST(worst_error(
                 many, cos, [](double x) { return std::cos(x); }, 1) < 1.5e-7);
  BOOST_TEST(worst_error(
                 many, sin_alone, [](double x) { return std::sin(x); }, 1) < 2e-7);
  BOOST_TEST(worst_error(
                 many, cos_alone, [](double x) { return std::cos(x); }, 1) < 2e-7);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite) {
  check_infinities<float>([](float x) { return elementary::exp(x); }, 0, INFINITY);
  check_infinities<float>([](float x) { return elementary::tanh(x); }, -1, 1);
  check_infinities<float>([](float x) { return elementary::erf(x); }, -1, 1);
  check_infinities<float>([](float x) { return elementary::log(x); }, NAN, INFINITY);
  check_infinities<float>([](float x) { return elementary::cos_sin(x).sin; }, NAN, NAN);
  check_infinities<double>([](double x) { return elementary::exp(x); }, 0, INFINITY);
  check_infinities<double>([](double x) { return elementary::tanh(x); }, -1, 1);
  check_infinities<double>([](double x) { return elementary::erf(x); }, -1, 1);
  check_infinities<double>([](double x) { return elementary::erf_and_slope(x).slope; }, 0, 0);
  check_infinities<double>([](double x) { return elementary::log(x); }, NAN, INFINITY);
  check_infinities<double>([](double x) { return elementary::cos_sin(x).cos; }, NAN, NAN);
  check_infinities<float>([](float x) { return elementary::sin(x); }, NAN, NAN);
  check_infinities<double>([](double x) { return elementary::cos(x); }, NAN, NAN);
  BOOST_TEST(elementary::log(0.) == -INFINITY);
  BOOST_TEST(std::isnan(elementary::log(-1.f)));
  BOOST_TEST(std::signbit(elementary::erf(-0.)));
  BOOST_TEST(std::signbit(elementary::tanh(-0.)));
  BOOST_TEST(std::signbit(elementary::sin(-0.)));
}

BOOST_AUTO_TEST_SUITE_END()
