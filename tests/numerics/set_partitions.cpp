#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/set_partitions.hpp>

#include <boost/test/unit_test.hpp>
#include <numeric>
#include <set>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(numerics)

BOOST_AUTO_TEST_CASE(partitions_of_a_set_are_all_and_different) {
  const std::size_t bell[] = {1, 1, 2, 5, 15, 52, 203, 877, 4140};
  for (int n = 0; n <= 8; ++n) {
    const auto partitions = set_partitions(n);
    BOOST_TEST(partitions.size() == bell[n]);
    BOOST_TEST((std::set<SetPartition>{partitions.begin(), partitions.end()}.size() == partitions.size()));
    for (const SetPartition& partition : partitions) {
      std::set<int> elements;
      for (const auto& block : partition) elements.insert(block.begin(), block.end());
      BOOST_REQUIRE_EQUAL(elements.size(), static_cast<std::size_t>(n));
    }
  }
}

BOOST_AUTO_TEST_CASE(pairings_and_even_partitions) {
  BOOST_TEST(pairings(4).size() == 3u);
  BOOST_TEST(pairings(6).size() == 15u);
  BOOST_TEST(pairings(5).empty());
  BOOST_TEST(even_set_partitions(4).size() == 4u);   // 1 + 3
  BOOST_TEST(even_set_partitions(6).size() == 31u);  // 1 + 15 + 15
}

BOOST_AUTO_TEST_SUITE_END()
