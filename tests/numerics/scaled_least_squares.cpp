#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/scaled_least_squares.hpp>

#include <Eigen/SVD>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(scaled_least_squares)

BOOST_AUTO_TEST_CASE(scales_of_features_do_not_matter) {
  const MatrixXd x = MatrixXd::Random(12, 5), y = MatrixXd::Random(12, 2);
  VectorXd scale(5);
  scale << 1e-9, 1, 1e8, 3, 1e-3;
  const ScaledFit plain = fit_scaled_columns(x, y), scaled = fit_scaled_columns(x * scale.asDiagonal(), y);
  const MatrixXd exact = x.jacobiSvd(Eigen::ComputeThinU | Eigen::ComputeThinV).solve(y);
  BOOST_TEST(plain.rank == 5);
  BOOST_TEST(scaled.rank == 5);
  BOOST_TEST((plain.coefficients - exact).norm() < 1e-12);
  BOOST_TEST((scale.asDiagonal() * scaled.coefficients - exact).norm() < 1e-12);
  for (int target = 0; target < 2; ++target)
    BOOST_TEST(std::abs(plain.residuals[target] - (y - x * exact).col(target).norm()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(dead_and_repeated_features_do_not_count) {
  MatrixXd x = MatrixXd::Random(9, 5);
  x.col(1).setZero();
  x.col(4) = 7 * x.col(0) - x.col(2);
  const VectorXd y = VectorXd::Random(9);
  const ScaledFit fit = fit_scaled_columns(x, y);
  BOOST_TEST(fit.rank == 3);
  BOOST_TEST(fit.coefficients(1, 0) == 0);
  BOOST_TEST((x.transpose() * (y - x * fit.coefficients)).norm() < 1e-12);
  BOOST_TEST(fit_scaled_columns(MatrixXd::Zero(3, 2), VectorXd::Ones(3)).rank == 0);
}

BOOST_AUTO_TEST_CASE(the_cutoff_decides_what_is_noise) {
  MatrixXd x = MatrixXd::Random(20, 3);
  x.col(2) = x.col(0) + 1e-6 * x.col(2);
  const VectorXd y = VectorXd::Random(20);
  BOOST_TEST(fit_scaled_columns(x, y, 1e-9).rank == 3);
  BOOST_TEST(fit_scaled_columns(x, y, 1e-4).rank == 2);
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW(fit_scaled_columns(MatrixXd::Zero(3, 2), VectorXd::Zero(2)), std::invalid_argument);
  BOOST_CHECK_THROW(fit_scaled_columns(MatrixXd::Constant(3, 2, std::numeric_limits<double>::quiet_NaN()),
                                       VectorXd::Zero(3)),
                    std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
