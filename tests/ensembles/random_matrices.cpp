#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;

BOOST_AUTO_TEST_SUITE(random_matrices)

BOOST_AUTO_TEST_CASE(gaussian_matrices_are_the_stream_by_columns) {
  const Stream stream{7, "matrix"};
  std::vector<double> numbers(6);
  stream.normals(3, numbers);
  const MatrixXd matrix = gaussian_matrix(stream, 3, 2, 3);
  BOOST_TEST(matrix(1, 0) == numbers[1]);
  BOOST_TEST(matrix(0, 2) == numbers[4]);
}

BOOST_AUTO_TEST_CASE(columns_are_orthonormal_and_uniform) {
  const Stream stream{5, "frames"};
  Averages moments{3};
  for (std::uint64_t draw = 0; draw < 4000; ++draw) {
    const MatrixXd q = orthonormal_columns(stream, draw, 4, 2);
    BOOST_REQUIRE((q.transpose() * q - MatrixXd::Identity(2, 2)).norm() < 1e-13);
    // Haar: <q^2> = 1/n, <q^4> = 3/(n(n+2)), and no preferred sign
    moments.add(Eigen::Vector3d{q(0, 0), q(0, 0) * q(0, 0), std::pow(q(3, 1), 4)});
  }
  const double expected[] = {0, 1. / 4, 3. / 24};
  for (int i = 0; i < 3; ++i) {
    const Estimate mean = moments.mean(i);
    BOOST_TEST(std::abs(mean.value - expected[i]) < 5 * mean.standard_error);
  }
  BOOST_CHECK_THROW(orthonormal_columns(stream, 0, 2, 3), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
