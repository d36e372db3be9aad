#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/truncated_svd.hpp>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// A matrix with known singular values and vectors.
struct Known {
  MatrixXd u = orthonormal_columns({3, "u"}, 0, 12, 4), v = orthonormal_columns({3, "v"}, 0, 4, 4);
  VectorXd s{{5, 2, 1e-3, 1e-9}};
  MatrixXd x = u * s.asDiagonal() * v.transpose();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(numerics)

BOOST_AUTO_TEST_CASE(truncation_keeps_what_is_above_the_cutoff) {
  const Known known;
  const TruncatedSvd all{known.x, 1e-12}, some{known.x, 1e-6};
  BOOST_TEST(all.rank() == 4);
  BOOST_TEST(some.rank() == 3);
  BOOST_TEST((some.singular_values() - known.s.head(3)).norm() < 1e-13);
  const MatrixXd projector = some.range() * some.range().transpose();
  const MatrixXd expected = known.u.leftCols(3) * known.u.leftCols(3).transpose();
  BOOST_TEST((projector - expected).norm() < 1e-11);
  BOOST_TEST((some.range().transpose() * some.range() - MatrixXd::Identity(3, 3)).norm() < 1e-13);
}

BOOST_AUTO_TEST_CASE(truncated_solutions_are_sums_over_directions) {
  const Known known;
  const VectorXd y = gaussian_matrix({3, "y"}, 0, 12, 1);
  VectorXd expected = VectorXd::Zero(4);
  for (Eigen::Index i = 0; i < 3; ++i) expected += known.u.col(i).dot(y) / known.s[i] * known.v.col(i);
  BOOST_TEST((TruncatedSvd{known.x, 1e-6}.solve(y) - expected).norm() < 1e-9 * expected.norm());
}

BOOST_AUTO_TEST_CASE(truncation_refuses_what_it_cannot_do) {
  BOOST_CHECK_THROW((TruncatedSvd{MatrixXd::Ones(2, 3), 1e-12}), std::invalid_argument);
  BOOST_CHECK_THROW((TruncatedSvd{MatrixXd::Ones(3, 0), 1e-12}), std::invalid_argument);
  BOOST_CHECK_THROW((TruncatedSvd{MatrixXd::Ones(3, 2), 0}), std::invalid_argument);
  BOOST_CHECK_THROW((TruncatedSvd{MatrixXd::Ones(3, 2), 1e-12}.solve(VectorXd::Ones(2))),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
