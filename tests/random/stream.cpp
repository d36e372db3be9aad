#define BOOST_TEST_DYN_LINK
#include <fieldbook/elementary/logarithm.hpp>
#include <fieldbook/elementary/trigonometric.hpp>
#include <fieldbook/elementary/uniform.hpp>
#include <fieldbook/random/stream.hpp>

#include <Random123/philox.h>

#include <algorithm>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

using fieldbook::Stream;

namespace {

constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();

std::uint32_t reference_word(std::uint64_t seed, std::uint32_t id, std::uint64_t draw,
                             std::uint64_t element) {
  const philox4x32_ctr_t counter{{static_cast<std::uint32_t>(element / 4), static_cast<std::uint32_t>(draw),
                                  static_cast<std::uint32_t>(draw >> 32), id}};
  const philox4x32_key_t key{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  return philox4x32(counter, key)[element % 4];
}

/// p-value of Pearson's chi-square for 100 equally likely cells.
template <class Law>
double uniformity(const Law& law, const std::vector<double>& sample) {
  std::vector<int> count(100);
  for (const double x : sample) ++count[static_cast<std::size_t>(std::min(99., 100 * cdf(law, x)))];
  const double expected = static_cast<double>(sample.size()) / 100;
  double sum = 0;
  for (const int c : count) sum += (c - expected) * (c - expected) / expected;
  return cdf(complement(boost::math::chi_squared(99), sum));
}

/// Correlation of two samples in units of its standard error.
double correlation_z(const std::vector<double>& a, const std::vector<double>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb) * std::sqrt(static_cast<double>(a.size()));
}

std::vector<double> normals(std::uint64_t seed, const char* name, std::uint64_t draw, std::size_t size) {
  std::vector<double> x(size);
  Stream{seed, name}.normals(draw, x);
  return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(streams)

BOOST_AUTO_TEST_CASE(words_are_those_of_random123) {
  std::vector<std::uint32_t> words(1001);
  for (const std::uint64_t seed :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x123456789abcdef0}, top})
    for (const std::uint64_t draw : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{0xffffffff},
                                     std::uint64_t{0x100000000}, std::uint64_t{0xfedcba9876543210}, top})
      for (const std::uint64_t first :
           {std::uint64_t{0}, std::uint64_t{4}, std::uint64_t{4000}, (std::uint64_t{1} << 33) - 1004}) {
        const Stream stream{seed, "weights"};
        stream.words(draw, words, first);
        for (std::size_t i = 0; i < words.size(); ++i)
          if (words[i] != reference_word(seed, stream.id(), draw, first + i))
            BOOST_FAIL("word " << i << " of draw " << draw << " from " << first << " differs from Random123");
      }
}

BOOST_AUTO_TEST_CASE(a_draw_may_be_made_in_pieces) {
  const Stream stream{3, "pieces"};
  const auto check = [&](auto draw) {
    std::vector<typename decltype(draw)::value_type> piece(13);
    stream.normals(5, draw);
    for (const std::size_t first : {0, 4, 60, 64, 68, 80}) {
      stream.normals(5, piece, first);
      BOOST_TEST(std::equal(piece.begin(), piece.end(), draw.begin() + static_cast<std::ptrdiff_t>(first)));
    }
  };
  check(std::vector<float>(100));
  check(std::vector<double>(100));
}

BOOST_AUTO_TEST_CASE(bad_positions_are_refused) {
  std::vector<float> x(8);
  BOOST_CHECK_THROW((Stream{1, "a"}.normals(0, x, 2)), std::invalid_argument);
  BOOST_CHECK_THROW((Stream{1, "a"}.normals(0, x, (std::uint64_t{1} << 33) - 4)), std::invalid_argument);
}

// Twenty p-values of each law: with a threshold of 1e-6 for each the whole suite cries wolf once in 6000 runs of new seeds
BOOST_AUTO_TEST_CASE(laws_have_their_distributions) {
  std::vector<float> x(100000);
  std::vector<double> y(100000);
  const auto check = [&](const auto& law, auto fill) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      fill(Stream{seed, "law"}, std::span<float>{x});
      BOOST_TEST(uniformity(law, {x.begin(), x.end()}) > 1e-6);
      fill(Stream{seed, "law in double"}, std::span<double>{y});
      BOOST_TEST(uniformity(law, y) > 1e-6);
    }
  };
  check(boost::math::uniform(), [](const Stream& s, auto out) { s.uniforms(2, out); });
  check(boost::math::normal(), [](const Stream& s, auto out) { s.normals(2, out); });
  check(boost::math::exponential(), [](const Stream& s, auto out) { s.exponentials(2, out); });
  check(boost::math::cauchy(), [](const Stream& s, auto out) { s.cauchys(2, out); });
}

BOOST_AUTO_TEST_CASE(moments_of_normals) {
  // <z>, <z^2>, <z^4>, <z^6> with the exact variances 1, 2, 96, 10170
  const double mean[] = {0, 1, 3, 15}, variance[] = {1, 2, 96, 10170};
  const int power[] = {1, 2, 4, 6};
  const std::vector<double> z = normals(1, "moments", 0, 4000000);
  for (int k = 0; k < 4; ++k) {
    double sum = 0;
    for (const double x : z) sum += std::pow(x, power[k]);
    const double n = static_cast<double>(z.size());
    BOOST_TEST(std::abs(sum / n - mean[k]) < 5 * std::sqrt(variance[k] / n));
  }
}

BOOST_AUTO_TEST_CASE(signs_are_fair) {
  std::vector<float> signs(1000000);
  Stream{1, "signs"}.signs(0, signs);
  double sum = 0;
  for (const float s : signs) {
    BOOST_REQUIRE(std::abs(s) == 1);
    sum += s;
  }
  BOOST_TEST(std::abs(sum) < 5 * 1000);
}

BOOST_AUTO_TEST_CASE(draws_streams_and_seeds_are_independent) {
  const std::size_t n = 200000;
  const auto reference = normals(1, "a", 0, n);
  BOOST_TEST(std::abs(correlation_z(reference, normals(1, "a", 1, n))) < 5);
  BOOST_TEST(std::abs(correlation_z(reference, normals(1, "b", 0, n))) < 5);
  BOOST_TEST(std::abs(correlation_z(reference, normals(2, "a", 0, n))) < 5);
  BOOST_TEST(std::abs(correlation_z(reference, normals(1, "a", std::uint64_t{1} << 32, n))) < 5);
  std::vector<double> shifted{reference.begin() + 1, reference.end()};
  BOOST_TEST(std::abs(correlation_z({reference.begin(), reference.end() - 1}, shifted)) < 5);
  // The first elements of many draws, one network each
  std::vector<double> first, second;
  for (std::uint64_t draw = 0; draw < 20000; ++draw) {
    const auto x = normals(1, "short draws", draw, 2);
    first.push_back(x[0]);
    second.push_back(x[1]);
  }
  BOOST_TEST(uniformity(boost::math::normal(), first) > 1e-6);
  BOOST_TEST(std::abs(correlation_z(first, second)) < 5);
  BOOST_TEST(std::abs(correlation_z({first.begin() + 1, first.end()}, {first.begin(), first.end() - 1})) < 5);
}

BOOST_AUTO_TEST_CASE(uniforms_stay_inside_the_open_interval) {
  using namespace fieldbook::elementary;
  BOOST_TEST(uniform(0u) > 0);
  BOOST_TEST(uniform(~0u) < 1);
  BOOST_TEST(uniform(0u, 0u) == 0x1p-53);
  BOOST_TEST(uniform(~0u, ~0u) == 1 - 0x1p-53);
  BOOST_TEST(fine_uniform(0u) == 0x1p-32f);
  BOOST_TEST(fine_uniform(~0u) <= 1);
}

BOOST_AUTO_TEST_CASE(elementary_functions_are_accurate) {
  using namespace fieldbook;
  std::vector<std::uint32_t> words(100000);
  Stream{1, "elementary"}.words(0, words);
  double worst_log = 0, worst_turn = 0, worst_log_float = 0, worst_turn_float = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const double u = elementary::uniform(words[i], words[i + 1]);
    worst_log = std::max(worst_log, std::abs(elementary::log(u) / std::log(u) - 1));
    const float v = elementary::fine_uniform(words[i]);
    if (v < 0.99f)
      worst_log_float = std::max(worst_log_float, std::abs(elementary::log(v) / std::log(double{v}) - 1));
    const long double k = std::ldexp(static_cast<long double>(words[i]), 21) + (words[i + 1] >> 11);
    const long double angle = 2 * 3.14159265358979323846L * (k + 0.5L) * 0x1p-53L;
    const auto turned = elementary::turn(words[i], words[i + 1]);
    worst_turn = std::max({worst_turn, static_cast<double>(std::abs(turned.cos - std::cos(angle))),
                           static_cast<double>(std::abs(turned.sin - std::sin(angle)))});
    const double coarse = 2 * M_PI * (words[i] + 0.5) * 0x1p-32;
    const auto turned_float = elementary::turn(words[i]);
    worst_turn_float = std::max({worst_turn_float, std::abs(turned_float.cos - std::cos(coarse)),
                                 std::abs(turned_float.sin - std::sin(coarse))});
  }
  BOOST_TEST(worst_log < 1e-15);
  BOOST_TEST(worst_turn < 1e-15);
  BOOST_TEST(worst_log_float < 3e-7);
  BOOST_TEST(worst_turn_float < 3e-7);
}

BOOST_AUTO_TEST_SUITE_END()
