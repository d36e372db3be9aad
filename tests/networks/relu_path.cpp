#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/networks/relu_path.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd square() {
  MatrixXd corners(2, 5);
  corners << 1, 0, -1, 0, 1, 0, 1, 0, -1, 0;
  return corners;
}

struct Layer {
  MatrixXd w;
  VectorXd b;
};

std::vector<Layer> layers(int width, int depth, double bias) {
  std::vector<Layer> all;
  for (int l = 0; l < depth; ++l) {
    const auto draw = static_cast<std::uint64_t>(l);
    all.push_back({gaussian_matrix({1, "w"}, draw, width, l == 0 ? 2 : width),
                   bias * gaussian_matrix({1, "b"}, draw, width, 1)});
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(a_path_knows_its_zeros) {
  MatrixXd corners(1, 2);
  corners << -1, 3;
  ReluPath path{corners};
  path.apply(MatrixXd::Constant(2, 1, 2), VectorXd{{0, -4}});  // 2 x and 2 x - 4: zeros at x = 0 and x = 2
  BOOST_TEST(path.rectify() == (std::vector{1, 1}));
  BOOST_TEST(path.parameters() == (std::vector{0., 0.25, 0.75, 1.}));
  MatrixXd expected(2, 4);
  expected << 0, 0, 4, 6, 0, 0, 0, 2;
  BOOST_TEST((path.values() - expected).norm() == 0);
}

BOOST_AUTO_TEST_CASE(a_path_agrees_with_the_network_everywhere) {
  ReluPath path{square()};
  const auto network = layers(7, 3, 0.5);
  for (const auto& [w, b] : network) {
    path.apply(w, b);
    path.rectify();
  }
  const auto& t = path.parameters();
  for (std::size_t k = 0; k + 1 < t.size(); ++k) {
    // In the middle of every piece, where only linearity can have put the value
    const double middle = (t[k] + t[k + 1]) / 2, side = std::min(std::floor(middle), 3.);
    const auto corner = static_cast<Eigen::Index>(side);
    VectorXd h = square().col(corner) + (middle - side) * (square().col(corner + 1) - square().col(corner));
    for (const auto& [w, b] : network) h = (w * h + b).cwiseMax(0).eval();
    const auto column = static_cast<Eigen::Index>(k);
    BOOST_TEST((h - (path.values().col(column) + path.values().col(column + 1)) / 2).norm() <
               1e-12 * (1 + h.norm()));
  }
}

BOOST_AUTO_TEST_CASE(zeros_are_those_of_a_fine_grid) {
  const auto network = layers(5, 3, 0.3);
  ReluPath path{square()}, fine{square()};
  std::vector<int> zeros;
  for (const auto& [w, b] : network) {
    path.apply(w, b);
    zeros = path.rectify();
  }
  std::vector<int> counted(5, 0);
  VectorXd before;
  for (int p = 0; p <= 400000; ++p) {
    const double at = (p + 0.123) / 400001 * 4, side = std::floor(at);
    const auto corner = static_cast<Eigen::Index>(side);
    VectorXd z = square().col(corner) + (at - side) * (square().col(corner + 1) - square().col(corner));
    for (std::size_t l = 0; l < network.size(); ++l) {
      z = (network[l].w * z + network[l].b).eval();
      if (l + 1 < network.size()) z = z.cwiseMax(0).eval();
    }
    for (Eigen::Index i = 0; p > 0 && i < 5; ++i)
      counted[static_cast<std::size_t>(i)] += z[i] * before[i] < 0 ? 1 : 0;
    before = z;
  }
  BOOST_TEST(zeros == counted);
}

BOOST_AUTO_TEST_CASE(a_loop_has_the_length_of_a_circle) {
  BOOST_TEST(ReluPath{square()}.length_on_sphere(3, 0) == 2 * std::numbers::pi,
             boost::test_tools::tolerance(1e-13));
  // A line at distance 1 from the origin, from -1 to 1: a quarter of a circle
  MatrixXd line(1, 2);
  line << -2, 2;
  BOOST_TEST(ReluPath{line}.length_on_sphere(0.5, 1) == std::numbers::pi / 2,
             boost::test_tools::tolerance(1e-13));
  // Through the origin the direction is undefined
  MatrixXd dead = MatrixXd::Zero(2, 3);
  dead(0, 2) = 1;
  BOOST_TEST(ReluPath{dead}.length_on_sphere(1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(sizes_must_fit) {
  BOOST_CHECK_THROW(ReluPath{MatrixXd::Zero(2, 1)}, std::invalid_argument);
  ReluPath path{square()};
  BOOST_CHECK_THROW(path.apply(MatrixXd::Zero(3, 3), VectorXd::Zero(3)), std::invalid_argument);
  BOOST_CHECK_THROW(path.apply(MatrixXd::Zero(3, 2), VectorXd::Zero(2)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
