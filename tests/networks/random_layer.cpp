#define BOOST_TEST_DYN_LINK
#include <fieldbook/networks/random_layer.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;

BOOST_AUTO_TEST_SUITE(random_layer)

BOOST_AUTO_TEST_CASE(a_wider_layer_begins_with_the_narrow_one) {
  const MatrixXd x = MatrixXd::Random(5, 3);
  const RandomLayer layer{2, 1.5};
  const MatrixXd narrow = layer.pre_activations(1, "layer", 7, x, 4);
  BOOST_TEST((layer.pre_activations(1, "layer", 7, x, 9).leftCols(4) - narrow).norm() < 1e-14);
  BOOST_TEST((layer.pre_activations(1, "layer", 8, x, 4) - narrow).norm() > 0.1);
}

BOOST_AUTO_TEST_CASE(pre_activations_are_affine_with_the_moments_of_their_law) {
  // At 0, e_1 and e_2 the weights and biases can be read off
  MatrixXd x = MatrixXd::Zero(3, 2);
  x(1, 0) = x(2, 1) = 1;
  constexpr int width = 40000;
  const MatrixXd z = RandomLayer{2, 3}.pre_activations(1, "moments", 0, x, width);
  BOOST_TEST(z.row(0).cwiseAbs().maxCoeff() <= 3);
  BOOST_TEST(std::abs(z.row(0).mean()) < 0.05);
  BOOST_TEST(std::abs(z.row(0).squaredNorm() / width - 3) < 0.07);  // 3^2 / 3
  for (const int i : {1, 2}) BOOST_TEST(std::abs((z.row(i) - z.row(0)).squaredNorm() / width - 4) < 0.15);
  BOOST_TEST(std::abs((z.row(1) - z.row(0)).dot(z.row(2) - z.row(0)) / width) < 0.1);
  BOOST_TEST(RandomLayer{2}.pre_activations(1, "moments", 0, x, 5).row(0).norm() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
