#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <vector>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

/// Features sqrt(2) cos(w.x + b) of networks of width N at points of the plane, w ~ N(0, s) per component.
struct CosNetworks {
  int width;
  double variance;
  std::vector<std::array<double, 2>> points;
  std::uint64_t seed;

  std::vector<float> features(std::uint64_t draw) const {
    const auto n = static_cast<std::size_t>(width);
    std::vector<double> w(2 * n), b(n);
    Stream{seed, "weights"}.normals(draw, w);
    Stream{seed, "phases"}.uniforms(draw, b);
    std::vector<float> f;
    for (const auto& x : points)
      for (std::size_t i = 0; i < n; ++i)
        f.push_back(static_cast<float>(
            std::sqrt(2.) *
            std::cos(std::sqrt(variance) * (w[i] * x[0] + w[n + i] * x[1]) + 2 * std::numbers::pi * b[i])));
    return f;
  }

  std::array<double, 4> outputs(std::uint64_t draw) const {
    const std::vector<float> f = features(draw);
    std::vector<double> a(static_cast<std::size_t>(width));
    Stream{seed, "output weights"}.normals(draw, a);
    std::array<double, 4> phi{};
    for (std::size_t p = 0; p < 4; ++p)
      for (std::size_t i = 0; i < a.size(); ++i) phi[p] += a[i] * f[p * a.size() + i] / std::sqrt(width);
    return phi;
  }
};

/// The points 0, 0.5, -0.4, 0.9 of the line; there N G4c = 1.2099867 for w ~ N(0, 1).
const std::vector<std::array<double, 2>> on_the_line{{0, 0}, {0.5, 0}, {-0.4, 0}, {0.9, 0}};
constexpr double four_point = 1.2099867;

/// z of an estimator over seeds: its mean and variance must be those of N(0, 1).
template <class Run>
void expect_standard_normal(int seeds, double prediction, Run run) {
  std::vector<double> z;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Estimate estimate = run(static_cast<std::uint64_t>(seed));
    z.push_back((estimate.value - prediction) / estimate.standard_error);
  }
  CentralMoments moments;
  moments.add(z);
  BOOST_TEST(std::abs(moments.mean()) < 4 / std::sqrt(seeds));
  BOOST_TEST(std::abs(k_statistic(2, moments) - 1) < 4 * std::sqrt(2. / seeds));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ensembles)

// All samples of three networks of a law on three networks: the mean of an estimator is what it estimates, to rounding
BOOST_AUTO_TEST_CASE(four_point_functions_have_no_bias) {
  const std::array<double, 4> value[] = {{1, -2, 0.5, 3}, {0.2, 1, 2, -1}, {-1, -1, 0.7, 0.4}};
  const double probability[] = {0.5, 0.3, 0.2};
  const auto mean = [&](auto observable) {
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) sum += probability[i] * observable(value[i]);
    return sum;
  };
  const auto two = [&](std::size_t a, std::size_t b) {
    return mean([=](const auto& phi) { return phi[a] * phi[b]; });
  };
  const double four = mean([](const auto& phi) { return phi[0] * phi[1] * phi[2] * phi[3]; });
  const double pairs = two(0, 1) * two(2, 3) + two(0, 2) * two(1, 3) + two(0, 3) * two(1, 2);
  double naive = 0, conditional = 0;
  for (int sample = 0; sample < 27; ++sample) {
    NaiveFour outputs;
    ConditionalFour features{1.5, 4};
    double weight = 1;
    for (int digit = 0, rest = sample; digit < 3; ++digit, rest /= 3) {
      const auto& phi = value[rest % 3];
      weight *= probability[rest % 3];
      outputs.add(phi);
      features.add(std::vector<float>{phi.begin(), phi.end()});  // one neuron
    }
    naive += weight * outputs.estimate().value;
    conditional += weight * features.estimate().value;
  }
  BOOST_TEST(naive == four - pairs, tt::tolerance(1e-12));
  // Features as outputs of width 1: (mu4 - 3 mu2^2) <1234> + 3 mu2^2 <1234> - mu2^2 sum <12><34>
  BOOST_TEST(conditional == 4 * four - 1.5 * 1.5 * pairs, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(conditional_four_point_function_is_honest) {
  for (const int width : {4, 64})
    expect_standard_normal(60, four_point / width, [&](std::uint64_t seed) {
      ConditionalFour one, other;
      for (std::uint64_t draw = 0; draw < 2000; ++draw)
        (draw % 3 == 0 ? one : other).add(CosNetworks{width, 1, on_the_line, seed}.features(draw));
      one.merge(other);
      return one.estimate();
    });
}

// phi = S^{1/2} phi', S = E ~ Exp(1): G4c = 2 (G4c' + sum KK) - sum KK, with sum KK = 1.6760849
BOOST_AUTO_TEST_CASE(a_shared_factor_makes_an_interaction) {
  expect_standard_normal(60, 2 * (four_point / 16 + 1.6760849) - 1.6760849, [&](std::uint64_t seed) {
    ConditionalFour estimator;
    std::vector<double> factor(1);
    for (std::uint64_t draw = 0; draw < 4000; ++draw) {
      Stream{seed, "factor"}.exponentials(draw, factor);
      estimator.add(CosNetworks{16, 1, on_the_line, seed}.features(draw), factor[0]);
    }
    return estimator.estimate();
  });
}

BOOST_AUTO_TEST_CASE(naive_four_point_function_is_honest) {
  expect_standard_normal(60, four_point / 4, [&](std::uint64_t seed) {
    NaiveFour estimator;
    for (std::uint64_t draw = 0; draw < 4000; ++draw)
      estimator.add(CosNetworks{4, 1, on_the_line, seed}.outputs(draw));
    return estimator.estimate();
  });
}

// N = 5, s = 0.2: G6c = 5.312880e-2 at these points (three times those of the Gauss-net)
BOOST_AUTO_TEST_CASE(conditional_six_point_function_is_honest) {
  const std::vector<std::array<double, 2>> points{{0.9, 0.3}, {-0.6, 1.5},  {1.8, -1.2},
                                                  {0.3, 0.6}, {-1.5, -0.9}, {1.2, 1.2}};
  expect_standard_normal(40, 5.312880e-2, [&](std::uint64_t seed) {
    ConditionalSix estimator;
    for (std::uint64_t draw = 0; draw < 8000; ++draw)
      estimator.add(CosNetworks{5, 0.2, points, seed}.features(draw));
    return estimator.estimate();
  });
}

BOOST_AUTO_TEST_SUITE_END()
