#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/deep_linear.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(deep_linear)

namespace {

const MatrixXd target = MatrixXd::Random(3, 4);

DeepLinear network() {
  return DeepLinear{{MatrixXd::Random(6, 4), MatrixXd::Random(5, 6), MatrixXd::Random(3, 5)}};
}

double loss(const DeepLinear& network) { return (network.product() - target).squaredNorm() / 2; }

}  // namespace

BOOST_AUTO_TEST_CASE(the_product_is_that_of_the_factors) {
  const DeepLinear three = network();
  const auto& w = three.factors();
  BOOST_TEST(three.depth() == 3);
  BOOST_TEST((three.product() - w[2] * w[1] * w[0]).cwiseAbs().maxCoeff() < 1e-14);
  const DeepLinear one{{target}};
  BOOST_TEST((one.product() == target));
}

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_central_differences) {
  DeepLinear moved = network();
  const std::vector<double> start = moved.parameters();
  std::vector<double> gradient;
  for (const MatrixXd& g : moved.gradient(moved.product() - target))
    gradient.insert(gradient.end(), g.data(), g.data() + g.size());
  BOOST_REQUIRE(gradient.size() == start.size());
  constexpr double h = 1e-5;
  for (std::size_t k = 0; k < start.size(); ++k) {
    const auto shifted = [&](double by) {
      std::vector<double> parameters = start;
      parameters[k] += by;
      moved.set_parameters(parameters);
      return loss(moved);
    };
    BOOST_TEST(std::abs((shifted(h) - shifted(-h)) / (2 * h) - gradient[k]) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(a_step_moves_all_factors_at_once) {
  DeepLinear moved = network();
  const DeepLinear start = moved;
  const MatrixXd slope = start.product() - target;
  moved.descend(slope, 0.01);
  const auto &w = start.factors(), &v = moved.factors();
  BOOST_TEST((v[0] - (w[0] - 0.01 * (w[2] * w[1]).transpose() * slope)).norm() < 1e-14);
  BOOST_TEST((v[1] - (w[1] - 0.01 * w[2].transpose() * slope * w[0].transpose())).norm() < 1e-14);
  BOOST_TEST((v[2] - (w[2] - 0.01 * slope * (w[1] * w[0]).transpose())).norm() < 1e-14);
  BOOST_TEST((moved.product() - v[2] * v[1] * v[0]).norm() < 1e-14);

  DeepLinear same = start;
  descend(same, target, 0.01, 1);
  BOOST_TEST(same.parameters() == moved.parameters());
}

BOOST_AUTO_TEST_CASE(balanced_networks_have_no_charge_and_the_singular_values_asked_for) {
  const MatrixXd u = MatrixXd::Identity(5, 3), middle = MatrixXd::Identity(3, 3);
  MatrixXd v = MatrixXd::Zero(4, 3);
  v(1, 0) = v(3, 1) = v(0, 2) = 1;
  const DeepLinear balanced = balanced_network({v, middle, middle, u}, Eigen::Vector3d{8, 1, 0.125});
  BOOST_TEST(balanced.depth() == 3);
  BOOST_TEST(balanced.factors()[1](0, 0) == 2);
  MatrixXd expected = MatrixXd::Zero(5, 4);
  expected(0, 1) = 8;
  expected(1, 3) = 1;
  expected(2, 0) = 0.125;
  BOOST_TEST((balanced.product() - expected).norm() < 1e-14);
  const auto charges = conserved_charges(balanced);
  BOOST_TEST(charges.size() == 2u);
  for (const MatrixXd& charge : charges) BOOST_TEST(charge.norm() < 1e-14);
}

BOOST_AUTO_TEST_CASE(charges_are_those_of_their_definition) {
  const MatrixXd first = (MatrixXd{2, 1} << 1, 2).finished(), second = (MatrixXd{1, 2} << 3, 5).finished();
  const MatrixXd charge = conserved_charges(DeepLinear{{first, second}})[0];
  BOOST_TEST((charge == (MatrixXd{2, 2} << 9 - 1, 15 - 2, 15 - 2, 25 - 4).finished()));
}

BOOST_AUTO_TEST_CASE(two_numbers_flow_as_a_logistic_curve) {
  // w_1 = w_2 = sqrt(s): ds/dt = 2 s (sigma - s)
  const double sigma = 1.5, start = 0.01, t = 1.3;
  const double expected = sigma / (1 + (sigma / start - 1) * std::exp(-2 * sigma * t));
  const DeepLinear pair{{MatrixXd::Constant(1, 1, 0.1), MatrixXd::Constant(1, 1, 0.1)}};
  const MatrixXd m = MatrixXd::Constant(1, 1, sigma);
  DeepLinear fixed = pair;
  flow(fixed, m, t / 200, 200);
  BOOST_TEST(std::abs(fixed.product()(0, 0) - expected) < 1e-8);
  FlowPath path{pair, m, 1e-11};
  BOOST_TEST(path.at(0).product()(0, 0) == 0.01, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::abs(path.at(t).product()(0, 0) - expected) < 1e-8);
}

BOOST_AUTO_TEST_CASE(a_path_can_be_read_inside_its_present_step) {
  FlowPath path{network(), target, 1e-11};
  path.step();
  const auto [from, to] = path.step();
  const double middle = (from + to) / 2;
  BOOST_TEST(from < to);
  DeepLinear fixed = path.at(from);
  flow(fixed, target, (middle - from) / 50, 50);
  BOOST_TEST((path.at(middle).product() - fixed.product()).norm() < 1e-9);
}

BOOST_AUTO_TEST_CASE(shapes_must_fit) {
  BOOST_CHECK_THROW(DeepLinear{std::vector<MatrixXd>{}}, std::invalid_argument);
  BOOST_CHECK_THROW((DeepLinear{{MatrixXd(2, 3), MatrixXd(2, 3)}}), std::invalid_argument);
  BOOST_CHECK_THROW(balanced_network({MatrixXd(2, 2)}, VectorXd::Ones(2)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
