#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/least_squares.hpp>

#include <Eigen/SVD>
#include <boost/test/unit_test.hpp>
#include <utility>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(least_squares)

BOOST_AUTO_TEST_CASE(minimal_norm_is_the_pseudo_inverse) {
  for (const auto& [rows, columns, rank] : {std::tuple{9, 4, 4}, {4, 9, 4}, {6, 6, 6}, {7, 8, 3}}) {
    const MatrixXd x = MatrixXd::Random(rows, rank) * MatrixXd::Random(rank, columns);
    const VectorXd y = VectorXd::Random(rows);
    const Eigen::JacobiSVD<MatrixXd> svd{x, Eigen::ComputeThinU | Eigen::ComputeThinV};
    VectorXd expected = VectorXd::Zero(columns);
    for (int k = 0; k < rank; ++k)
      expected += svd.matrixV().col(k) * svd.matrixU().col(k).dot(y) / svd.singularValues()[k];
    BOOST_TEST((least_squares_of_minimal_norm(x, y) - expected).norm() < 1e-11 * (1 + expected.norm()));
  }
}

BOOST_AUTO_TEST_CASE(both_gram_matrices_give_the_ridge_solution) {
  for (const auto& [rows, columns] : {std::pair{9, 4}, {4, 9}, {5, 5}}) {
    const MatrixXd x = MatrixXd::Random(rows, columns);
    const VectorXd y = VectorXd::Random(rows), b = ridge_regression(x, y, 0.3);
    // The gradient of |y - x b|^2 + 0.3 |b|^2 vanishes
    BOOST_TEST((x.transpose() * (x * b - y) + 0.3 * b).norm() < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(sizes_and_penalties_are_checked) {
  const MatrixXd x = MatrixXd::Random(3, 2);
  BOOST_CHECK_THROW(least_squares_of_minimal_norm(x, VectorXd::Zero(2)), std::invalid_argument);
  BOOST_CHECK_THROW(ridge_regression(x, VectorXd::Zero(2), 1), std::invalid_argument);
  BOOST_CHECK_THROW(ridge_regression(x, VectorXd::Zero(3), 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
