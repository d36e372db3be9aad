#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/gradient_descent.hpp>
#include <fieldbook/training/tangent.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

namespace {

const MatrixXd six_inputs = MatrixXd::Random(2, 6);
const VectorXd six_targets = VectorXd::LinSpaced(6, -1, 1);

/// y - (f - f_0) at every step of 50, for the form c of mu-P at width 128.
std::vector<VectorXd> trajectory(double c) {
  const NetworkShape shape{2, 128, 2};
  const AbcdExponents exponents = AbcdExponents::mup(c);
  Mlp<double> network{Activation::erf, abcd_parameterisation(shape, exponents, 1), 6, "mu-P"};
  GradientDescent<double> descent{network, six_inputs, six_targets, Centring::at_the_start};
  std::vector<VectorXd> residuals;
  for (int step = 0; step < 50; ++step) {
    residuals.push_back(descent.residual());
    descent.step(abcd_step(shape, exponents, 1, 1));
  }
  return residuals;
}

}  // namespace

BOOST_AUTO_TEST_CASE(forms_of_mup_have_the_same_trajectory) {
  const std::vector<VectorXd> form = trajectory(0);
  BOOST_TEST(form.back().norm() < 0.5 * form.front().norm());
  for (const double c : {0.3, 1.}) {
    const std::vector<VectorXd> other = trajectory(c);
    double worst = 0;
    for (std::size_t t = 0; t < form.size(); ++t)
      worst = std::max(worst, (form[t] - other[t]).cwiseAbs().maxCoeff());
    BOOST_TEST_INFO("c = " << c);
    BOOST_TEST(worst < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(named_points_have_their_step) {
  const NetworkShape shape{2, 16, 1};
  BOOST_TEST(abcd_step(shape, AbcdExponents::ntk(), 2, 3) == 12);
  BOOST_TEST(abcd_step(shape, AbcdExponents::mup(0), 2, 3) == 12 * 16);
  BOOST_TEST(abcd_step(shape, AbcdExponents::mup(1), 2, 3) == 12);
  BOOST_TEST(abcd_step(shape, AbcdExponents::standard(), 2, 3) == 12);
  BOOST_TEST(abcd_step(shape, AbcdExponents::standard_small_step(), 2, 3) == 12. / 16);
}

BOOST_AUTO_TEST_CASE(a_step_goes_down_the_gradient) {
  for (const int inputs : {2, 6}) {
    const MatrixXd points = MatrixXd::Random(inputs, 6);
    Mlp<double> network{Activation::tanh, ntk_parameterisation({inputs, 9, 2}, 1.5, 0.2), 3, "descent"};
    const VectorXd before = network.parameters();
    const MatrixXd j = jacobian(network, points);
    GradientDescent<double> descent{network, points, six_targets};
    const VectorXd residual = descent.residual();
    descent.step(0.3);
    const VectorXd expected = before + 0.3 / 6 * j.transpose() * residual;
    BOOST_TEST((network.parameters() - expected).cwiseAbs().maxCoeff() < 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(centred_training_starts_from_zero) {
  Mlp<double> network{Activation::tanh, ntk_parameterisation({2, 9, 1}, 1.5, 0.2), 3, "descent"};
  GradientDescent<double> descent{network, six_inputs, six_targets, Centring::at_the_start};
  for (const std::uint64_t number : {4, 0}) {
    network.draw(number);
    descent.restart();
    BOOST_TEST(descent.offset().norm() > 0.1);
    BOOST_TEST((descent.residual() - six_targets).norm() < 1e-14);
    BOOST_TEST(std::abs(descent.step(0.1) - six_targets.squaredNorm() / 12) < 1e-14);
    BOOST_TEST(descent.residual().norm() < six_targets.norm());
  }
}

BOOST_AUTO_TEST_CASE(training_can_be_repeated_in_any_order) {
  Mlp<double> network{Activation::erf, ntk_parameterisation({2, 40, 2}, 2, 0.1), 8, "ensemble"};
  GradientDescent<double> descent{network, six_inputs, six_targets};
  const auto trained = [&](std::uint64_t number) -> VectorXd {
    network.draw(number);
    descent.restart();
    for (int step = 0; step < 5; ++step) descent.step(0.2);
    return network.parameters();
  };
  const VectorXd first = trained(1);
  trained(2);
  BOOST_TEST(trained(1) == first);
}

BOOST_AUTO_TEST_CASE(targets_must_fit) {
  Mlp<double> network{Activation::tanh, ntk_parameterisation({2, 9, 1}, 1.5, 0.2), 3, "descent"};
  BOOST_CHECK_THROW((GradientDescent<double>{network, six_inputs, VectorXd::Zero(5)}), std::invalid_argument);
  BOOST_CHECK_THROW((GradientDescent<double>{network, MatrixXd(2, 0), VectorXd(0)}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
