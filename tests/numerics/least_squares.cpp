#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/least_squares.hpp>

#include <Eigen/SVD>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>
#include <utility>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Columns = LeastSquares::Columns;

namespace {

/// A matrix with known singular values and vectors.
struct Known {
  MatrixXd u, v;
  VectorXd s;
  MatrixXd x = u * s.asDiagonal() * v.transpose();

  Known(Eigen::Index rows, Eigen::Index columns, VectorXd values)
      : u{orthonormal_columns({3, "u"}, 0, rows, values.size())},
        v{orthonormal_columns({3, "v"}, 0, columns, values.size())},
        s{std::move(values)} {}

  /// The sum over the first r directions.
  VectorXd solution(const VectorXd& y, Eigen::Index r) const {
    return v.leftCols(r) * (u.leftCols(r).transpose() * y).cwiseQuotient(s.head(r));
  }
};

/// Orthonormal columns are the only ones of this space, whatever their order and sign.
double distance_of_ranges(const MatrixXd& a, const MatrixXd& b) {
  return (a * a.transpose() - b * b.transpose()).norm();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(least_squares)

BOOST_AUTO_TEST_CASE(minimal_norm_is_the_pseudo_inverse) {
  for (const auto& [rows, columns, rank] :
       {std::tuple{9, 4, 4}, {4, 9, 4}, {6, 6, 6}, {7, 8, 3}, {30, 8, 5}, {7, 4, 2}}) {
    const Known known{rows, columns, VectorXd::LinSpaced(rank, 3, 1)};
    const VectorXd y = gaussian_matrix({3, "y"}, 0, rows, 1);
    const LeastSquares fit{known.x};
    BOOST_TEST(fit.rank() == rank);
    BOOST_TEST((fit.solve(y) - known.solution(y, rank)).norm() < 1e-13);
    BOOST_TEST(distance_of_ranges(fit.range(), known.u) < 1e-13);
    BOOST_TEST((fit.range().transpose() * fit.range() - MatrixXd::Identity(rank, rank)).norm() < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(the_cutoff_decides_what_is_noise) {
  for (const Eigen::Index rows : {12, 5}) {  // tall and not
    const Known known{rows, 4, VectorXd{{5, 2, 0.1, 1e-11}}};
    const VectorXd y = gaussian_matrix({3, "y"}, 0, rows, 1);
    const LeastSquares all{known.x, Columns::as_given, 1e-14}, some{known.x, Columns::as_given, 1e-8},
        few{known.x, Columns::as_given, 0.1};
    BOOST_TEST(all.rank() == 4);
    BOOST_TEST(some.rank() == 3);
    BOOST_TEST(few.rank() == 2);
    BOOST_TEST((some.solve(y) - known.solution(y, 3)).norm() < 1e-8);
    BOOST_TEST(distance_of_ranges(some.range(), known.u.leftCols(3)) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(columns_of_norm_one_forget_their_scales) {
  for (const Eigen::Index rows : {12, 6}) {
    const Known known{rows, 5, VectorXd{{3, 2.5, 2, 1.5, 1}}};
    const MatrixXd y = gaussian_matrix({3, "y"}, 0, rows, 2);
    const VectorXd scale{{1e-160, 1, 1e8, 3, 1e-3}};
    const LeastSquares scaled{known.x * scale.asDiagonal(), Columns::of_norm_one},
        given{known.x * scale.asDiagonal()};
    BOOST_TEST(scaled.rank() == 5);
    BOOST_TEST(given.rank() == 4);
    for (const int target : {0, 1})
      BOOST_TEST(
          (scale.asDiagonal() * scaled.solve(y).col(target) - known.solution(y.col(target), 5)).norm() <
          1e-13);
  }
}

BOOST_AUTO_TEST_CASE(dead_and_repeated_features_do_not_count) {
  for (const Eigen::Index rows : {12, 6}) {
    MatrixXd x = gaussian_matrix({3, "x"}, 0, rows, 5);
    x.col(1).setZero();
    x.col(4) = 7 * x.col(0) - x.col(2);
    const VectorXd y = gaussian_matrix({3, "y"}, 0, rows, 1);
    const LeastSquares fit{x, Columns::of_norm_one};
    BOOST_TEST(fit.rank() == 3);
    BOOST_TEST(fit.solve(y)(1, 0) == 0);
    BOOST_TEST((x.transpose() * (y - x * fit.solve(y))).norm() < 1e-12);
  }
  const LeastSquares nothing{MatrixXd::Zero(3, 2), Columns::of_norm_one};
  BOOST_TEST(nothing.rank() == 0);
  BOOST_TEST(nothing.range().cols() == 0);
  BOOST_TEST(nothing.solve(VectorXd::Ones(3)).norm() == 0);
}

// Of two coefficients with 2 b_1 + b_2 = 5 the smallest are (2, 1); with scaled columns (2 b_1, b_2) shall be small
BOOST_AUTO_TEST_CASE(smallest_refers_to_the_columns_chosen) {
  const MatrixXd x{{2, 1}};
  const VectorXd y{{5}};
  BOOST_TEST((LeastSquares{x}.solve(y) - VectorXd{{2, 1}}).norm() < 1e-14);
  BOOST_TEST((LeastSquares{x, Columns::of_norm_one}.solve(y) - VectorXd{{1.25, 2.5}}).norm() < 1e-14);
}

BOOST_AUTO_TEST_CASE(both_gram_matrices_give_the_ridge_solution) {
  for (const auto& [rows, columns] : {std::pair{9, 4}, {4, 9}, {5, 5}}) {
    const MatrixXd x = MatrixXd::Random(rows, columns);
    const VectorXd y = VectorXd::Random(rows), b = ridge_regression(x, y, 0.3);
    // The gradient of |y - x b|^2 + 0.3 |b|^2 vanishes
    BOOST_TEST((x.transpose() * (x * b - y) + 0.3 * b).norm() < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(sizes_cutoffs_and_penalties_are_checked) {
  const MatrixXd x = MatrixXd::Random(3, 2);
  BOOST_CHECK_THROW(LeastSquares{x}.solve(VectorXd::Zero(2)), std::invalid_argument);
  BOOST_CHECK_THROW((LeastSquares{x, Columns::as_given, 0}), std::invalid_argument);
  BOOST_CHECK_THROW((LeastSquares{x, Columns::as_given, 1}), std::invalid_argument);
  BOOST_CHECK_THROW(LeastSquares{MatrixXd(3, 0)}, std::invalid_argument);
  BOOST_CHECK_THROW(LeastSquares{MatrixXd::Constant(3, 2, std::numeric_limits<double>::quiet_NaN())},
                    std::domain_error);
  BOOST_CHECK_THROW(ridge_regression(x, VectorXd::Zero(2), 1), std::invalid_argument);
  BOOST_CHECK_THROW(ridge_regression(x, VectorXd::Zero(3), 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
