#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/ensembles/histogram.hpp>
#include <fieldbook/ensembles/hotelling.hpp>
#include <fieldbook/random/stream.hpp>

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

using namespace fieldbook;
namespace tt = boost::test_tools;

namespace {

struct Quiet : PlainConductor {
  int count;
  explicit Quiet(int number_of_threads = 1) : count{number_of_threads} {}
  int threads() const { return count; }
};

struct StoppingAtOnce : Quiet {
  void advance(double) { throw std::runtime_error{"stop"}; }
};

CentralMoments sample_moments(int threads, std::int64_t draws) {
  Quiet conductor{threads};
  return merged(
      sample_blocks(conductor, "test", draws, CentralMoments{}, [](Block block, CentralMoments& moments) {
        std::vector<double> x(block.size());
        Stream{1, "moments"}.exponentials(block.first, x);
        moments.add(x);
      }));
}

using Rational = boost::multiprecision::cpp_rational;

}  // namespace

BOOST_AUTO_TEST_SUITE(ensembles)

BOOST_AUTO_TEST_CASE(blocks_cover_the_ensemble_once) {
  for (const std::uint64_t draws : {1u, 2u, 127u, 128u, 129u, 1000003u}) {
    std::uint64_t next = 0;
    for (std::uint64_t index = 0; index < std::min(draws, blocks_of_an_ensemble); ++index) {
      const Block block = block_of(draws, index);
      BOOST_TEST(block.first == next);
      BOOST_TEST(block.size() > 0);
      next = block.last;
    }
    BOOST_TEST(next == draws);
  }
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_threads) {
  const CentralMoments one = sample_moments(1, 100003);
  for (const int threads : {2, 3, 5}) {
    const CentralMoments several = sample_moments(threads, 100003);
    BOOST_TEST(several.count() == one.count());
    BOOST_TEST(several.mean() == one.mean());
    for (int r = 2; r <= 6; ++r) BOOST_TEST(several.moment(r) == one.moment(r));
  }
}

BOOST_AUTO_TEST_CASE(a_conductor_may_stop_the_work) {
  StoppingAtOnce conductor;
  conductor.count = 3;
  BOOST_CHECK_THROW(sample_blocks(conductor, "test", 1000, CentralMoments{}, [](Block, CentralMoments&) {}),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(merging_equals_adding_at_once) {
  std::vector<double> x(1000);
  Stream{1, "merge"}.exponentials(0, x);
  for (double& value : x) value += 1e6;  // a large mean must not cost digits
  CentralMoments whole, parts, centred;
  whole.add(x);
  const std::span<const double> all{x};
  for (std::size_t first = 0; first < 1000; first += 100) parts.add(all.subspan(first, 100));
  for (double& value : x) value -= 1e6;
  centred.add(x);
  for (int r = 2; r <= 6; ++r) {
    BOOST_TEST(parts.moment(r) == whole.moment(r), tt::tolerance(1e-8));
    BOOST_TEST(parts.moment(r) == centred.moment(r), tt::tolerance(1e-6));
  }
}

// All samples of size eight of a skewed law on three points, as fractions: the mean of every k-statistic is the cumulant,
// for orders up to eight
// in double, and the variances of the first three are those of the formulas. The program central_limit does the same in double.
BOOST_AUTO_TEST_CASE(k_statistics_are_rational_identities) {
  const int value[] = {-1, 0, 2};
  const Rational probability[] = {Rational(1, 2), Rational(3, 10), Rational(1, 5)};
  std::vector<Rational> mean(7), square(7);
  std::vector<double> mean_in_double(9);
  for (int sample = 0; sample < 6561; ++sample) {
    Rational weight = 1, power_sum[7];
    std::vector<int> x;
    for (int digit = 0, rest = sample; digit < 8; ++digit, rest /= 3) {
      x.push_back(value[rest % 3]);
      weight *= probability[rest % 3];
    }
    Rational average = 0;
    for (const int v : x) average += Rational(v, 8);
    for (int r = 2; r <= 6; ++r) {
      for (const int v : x) {
        Rational power = 1;
        for (int k = 0; k < r; ++k) power *= v - average;
        power_sum[r] += power / 8;
      }
    }
    const Rational n = 8, &m2 = power_sum[2], &m3 = power_sum[3], &m4 = power_sum[4];
    const Rational k[] = {0, 0, n * m2 / (n - 1), n * n * m3 / ((n - 1) * (n - 2)),
                          n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))};
    std::vector<double> doubles{x.begin(), x.end()};
    CentralMoments moments;
    moments.add(doubles);
    for (int r = 2; r <= CentralMoments::order; ++r)
      mean_in_double[static_cast<std::size_t>(r)] += static_cast<double>(weight) * k_statistic(r, moments);
    for (int r = 2; r <= 4; ++r) {
      const double reference = static_cast<double>(k[r]);
      BOOST_REQUIRE(std::abs(k_statistic(r, moments) - reference) < 1e-12 * (1 + std::abs(reference)));
      mean[static_cast<std::size_t>(r)] += weight * k[r];
      square[static_cast<std::size_t>(r)] += weight * k[r] * k[r];
    }
  }
  // Cumulants of the law from its moments, as fractions
  std::vector<Rational> moment(9), kappa(9);
  for (std::size_t r = 0; r <= 8; ++r)
    for (int i = 0; i < 3; ++i) {
      Rational power = 1;
      for (std::size_t j = 0; j < r; ++j) power *= value[i];
      moment[r] += probability[i] * power;
    }
  std::vector<double> kappa_double(9);
  for (std::size_t r = 1; r <= 8; ++r) {
    kappa[r] = moment[r];
    Rational binomial = 1;
    for (std::size_t j = 1; j < r; ++j) {
      kappa[r] -= binomial * kappa[j] * moment[r - j];
      binomial = binomial * static_cast<int>(r - j) / static_cast<int>(j);
    }
    kappa_double[r] = static_cast<double>(kappa[r]);
  }
  for (std::size_t r = 2; r <= 8; ++r) BOOST_TEST(mean_in_double[r] == kappa_double[r], tt::tolerance(1e-10));
  for (std::size_t r = 2; r <= 4; ++r) {
    BOOST_TEST(mean[r] == kappa[r]);
    const double variance = static_cast<double>(square[r] - mean[r] * mean[r]);
    BOOST_TEST(k_statistic_variance(static_cast<int>(r), 8, kappa_double) == variance, tt::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(k_statistics_refuse_small_samples) {
  CentralMoments moments;
  moments.add(std::vector<double>{1, 2, 3});
  BOOST_CHECK_NO_THROW(k_statistic(3, moments));
  BOOST_CHECK_THROW(k_statistic(4, moments), std::invalid_argument);
  BOOST_CHECK_THROW(k_statistic(9, moments), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(averages_and_their_covariance) {
  Averages left{2}, right{2}, whole{2};
  std::vector<Eigen::Vector2d> draws{{1, 2}, {3, -1}, {0, 5}, {2, 2}, {-4, 1}};
  for (std::size_t i = 0; i < draws.size(); ++i) {
    (i < 2 ? left : right).add(draws[i]);
    whole.add(draws[i]);
  }
  left.merge(right);
  BOOST_TEST(left.mean(0).value == 0.4, tt::tolerance(1e-14));
  BOOST_TEST((left.covariance() - whole.covariance()).norm() < 1e-13);
  BOOST_TEST(left.covariance()(0, 0) == 7.3, tt::tolerance(1e-14));
  BOOST_TEST(left.mean(0).standard_error == std::sqrt(7.3 / 5), tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(histograms_count_and_interpolate) {
  Histogram histogram{0, 1, 10};
  std::vector<double> x(100000);
  Stream{1, "histogram"}.uniforms(0, x);
  histogram.add(x);
  histogram.add(std::vector<double>{-1, 2, NAN});
  BOOST_TEST(histogram.total() == 100003);
  BOOST_TEST(std::abs(histogram.quantile(0.5) - 0.5) < 5 * 0.5 / std::sqrt(1e5));
  BOOST_TEST(std::isnan(histogram.quantile(0)));
}

// Five inputs of which two are equal and one is dead: the chain survives, and its mean diagonal is exact
BOOST_AUTO_TEST_CASE(gram_chains_take_singular_matrices) {
  GramChain::Matrix first(5, 5);
  Eigen::MatrixXd x(5, 2);
  x << 1, 0, 1, 0, 0.5, 1, 0, 0, -1, 2;
  first = x * x.transpose();
  GramChain chain{Activation::relu, 2, 2, 0, 2, first, 1, "singular"};
  Averages averages{5};
  for (std::uint64_t draw = 0; draw < 50000; ++draw) {
    const auto& gram = chain.sample(draw).back();
    BOOST_REQUIRE(gram.allFinite());
    BOOST_REQUIRE(std::abs(gram(0, 0) - gram(1, 1)) < 1e-4 * (1 + gram(0, 0)));
    BOOST_REQUIRE(gram(3, 3) == 0);
    averages.add(gram.diagonal());
  }
  for (const Eigen::Index i : {0, 2, 4}) {
    const Estimate mean = averages.mean(i);
    BOOST_TEST(std::abs(mean.value - first(i, i)) < 5 * mean.standard_error);
  }
}

BOOST_AUTO_TEST_CASE(gram_chains_refuse_what_they_cannot_hold) {
  const auto chain = [](const Eigen::MatrixXd& first, int width = 4, double variance = 1) {
    GramChain{Activation::relu, width, variance, 0, 1, first, 1, "refused"};
  };
  BOOST_CHECK_NO_THROW(chain(Eigen::MatrixXd::Identity(16, 16)));
  BOOST_CHECK_THROW(chain(Eigen::MatrixXd::Identity(17, 17)), std::invalid_argument);
  BOOST_CHECK_THROW(chain(Eigen::MatrixXd::Identity(2, 3)), std::invalid_argument);
  BOOST_CHECK_THROW(chain(Eigen::MatrixXd::Identity(2, 2), 0), std::invalid_argument);
  BOOST_CHECK_THROW(chain(Eigen::MatrixXd::Identity(2, 2), 4, NAN), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(hotelling_p_values_are_uniform) {
  int below = 0;
  for (std::uint64_t repeat = 0; repeat < 400; ++repeat) {
    Averages averages{3};
    std::vector<double> z(3 * 200);
    Stream{1, "hotelling"}.normals(repeat, z);
    for (std::size_t i = 0; i < 200; ++i)
      averages.add(Eigen::Vector3d{z[3 * i], z[3 * i] + 0.1 * z[3 * i + 1], z[3 * i + 2] - z[3 * i]});
    if (hotelling_p_value(averages, Eigen::Vector3d::Zero()) < 0.25) ++below;
    if (repeat == 0) BOOST_TEST(hotelling_p_value(averages, Eigen::Vector3d{0.1, 0, 0}) < 1e-10);
  }
  BOOST_TEST(std::abs(below - 100) < 5 * std::sqrt(75.));
  Averages too_few{3};
  too_few.add(Eigen::Vector3d::Zero());
  BOOST_CHECK_THROW(hotelling_p_value(too_few, Eigen::Vector3d::Zero()), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
