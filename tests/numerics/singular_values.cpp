#include <fieldbook/numerics/singular_values.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(singular_values_of_a_matrix)

// [3 0; 4 5] has squares 45 and 5; a third column of zeros changes nothing, nor does transposition
BOOST_AUTO_TEST_CASE(known_ones) {
  const Eigen::MatrixXd m{{3, 0, 0}, {4, 5, 0}};
  for (const Eigen::VectorXd& values : {singular_values(m), singular_values(m.transpose())}) {
    BOOST_REQUIRE(values.size() == 2);
    BOOST_TEST(values[0] == std::sqrt(45.), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(values[1] == std::sqrt(5.), boost::test_tools::tolerance(1e-14));
  }
}

// Hilbert's matrix of 40 rows has values from 1.9 down to nothing but rounding; 40 columns are divided and conquered
BOOST_AUTO_TEST_CASE(factors_give_the_matrix_back) {
  const Eigen::Index rows = 60, columns = 40;
  const Eigen::MatrixXd m = Eigen::MatrixXd::NullaryExpr(
      rows, columns, [](Eigen::Index i, Eigen::Index j) { return 1. / static_cast<double>(i + j + 1); });
  const auto [u, values, v] = singular_value_decomposition(m);
  BOOST_TEST(u.rows() == rows);
  BOOST_TEST(v.rows() == columns);
  BOOST_TEST((u * values.asDiagonal() * v.transpose() - m).norm() < 1e-14);
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(columns, columns);
  BOOST_TEST((u.transpose() * u - one).norm() < 1e-13);
  BOOST_TEST((v.transpose() * v - one).norm() < 1e-13);
  BOOST_TEST((values - singular_values(m)).norm() < 1e-14);
}

BOOST_AUTO_TEST_SUITE_END()
