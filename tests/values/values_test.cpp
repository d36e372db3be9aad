#define BOOST_TEST_DYN_LINK
#define BOOST_TEST_MODULE values
#include <boost/test/unit_test.hpp>

#include "comparison.hpp"

BOOST_AUTO_TEST_CASE(every_comparison_agrees) {
  for (const auto& comparison : values::all_comparisons())
    BOOST_TEST(comparison.agrees(), comparison.quantity << " (" << comparison.source << ") deviates by "
                                                        << comparison.deviation() << ", tolerance "
                                                        << comparison.tolerance);
}

BOOST_AUTO_TEST_CASE(a_wrong_or_missing_number_is_seen) {
  values::Comparison comparison{"a number", "nobody", 1e-3, {}, {}};
  BOOST_CHECK_THROW(comparison.deviation(), std::logic_error);
  comparison.add(2, 2.001);
  BOOST_TEST(comparison.agrees());
  comparison.add(0.01, 0);
  BOOST_TEST(!comparison.agrees());
  comparison.theirs.back() = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(!comparison.agrees());
}
