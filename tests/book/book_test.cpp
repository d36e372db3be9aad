#define BOOST_TEST_MODULE book
#include <boost/test/unit_test.hpp>
