#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/gradient_descent.hpp>
#include <fieldbook/training/tangent.hpp>
#include <fieldbook/training/trained_ensemble.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

namespace {

/// The six points and targets that the dynamics chapter calls C6; inputs one a column.
const CircleData circle = CircleData::six();
const MatrixXd on_circle = circle.inputs().transpose();
const VectorXd circle_targets = circle.targets();

}  // namespace

BOOST_AUTO_TEST_CASE(layer_formula_is_the_square_of_the_jacobian) {
  const MatrixXd x = on_circle, other = inputs_on_circle({0.5, 1, 1.5, 2}).transpose();
  for (const auto& scales : {ntk_parameterisation({2, 20, 2}, 2.25, 0.1),
                             abcd_parameterisation({2, 20, 3}, AbcdExponents::mup(0.3), 0.5)}) {
    Mlp<double> network{Activation::erf, scales, 2, "jacobian"};
    const MatrixXd j = jacobian(network, x);
    BOOST_TEST((tangent_kernel(network, x) - j * j.transpose()).cwiseAbs().maxCoeff() < 1e-12);
    BOOST_TEST(
        (tangent_kernel(network, x, other) - j * jacobian(network, other).transpose()).cwiseAbs().maxCoeff() <
        1e-12);
    // The Jacobian against central differences, parameter by parameter
    const VectorXd theta = network.parameters();
    double worst = 0;
    for (Eigen::Index k = 0; k < theta.size(); ++k) {
      const double h = 1e-5;
      const VectorXd step = h * VectorXd::Unit(theta.size(), k);
      network.set_parameters(theta + step);
      const VectorXd above = outputs(network, x);
      network.set_parameters(theta - step);
      const VectorXd difference = (above - outputs(network, x)) / (2 * h);
      worst = std::max(worst, (difference - j.col(k)).cwiseAbs().maxCoeff());
    }
    BOOST_TEST(worst < 1e-8);
  }
}

// One step changes f by (eta/P) Theta (y - f), and the rest is of second order in eta
BOOST_AUTO_TEST_CASE(one_step_follows_the_tangent_kernel) {
  const MatrixXd x = on_circle;
  Mlp<double> network{Activation::erf, ntk_parameterisation({2, 200, 2}, 2.25, 0.1), 4, "one step"};
  const MatrixXd theta = tangent_kernel(network, x);
  const VectorXd before = outputs(network, x);
  GradientDescent<double> descent{network, x, circle_targets};
  double last = 0;
  for (const double eta : {1e-1, 1e-2, 1e-3, 1e-4}) {
    network.draw(0);
    const double loss = descent.step(eta);
    BOOST_TEST(std::abs(loss - (circle_targets - before).squaredNorm() / 12) < 1e-14);
    const VectorXd expected = before + eta / 6 * theta * (circle_targets - before);
    const double rest = (outputs(network, x) - expected).norm();
    if (eta < 5e-2) {
      BOOST_TEST_INFO("eta " << eta);
      BOOST_TEST(std::abs(std::log10(last / rest) - 2) < 0.1);
    }
    last = rest;
  }
}

BOOST_AUTO_TEST_CASE(mean_kernel_of_one_hidden_layer_is_that_of_infinite_width) {
  const MatrixXd x = inputs_on_circle({0, 0.7}).transpose();
  struct Case {
    Activation activation;
    double weight_variance, bias_variance, diagonal, off_diagonal;
  };
  // Jacot et al. with the dual activations of Cho and Saul, and of Williams
  const double at_one = 1 + 2 * 2.35,
               erf_diagonal =
                   2.25 * 2 / std::numbers::pi * std::asin(2 * 2.35 / at_one) + 0.1 +
                   2.25 * 2.35 * 4 / std::numbers::pi / std::sqrt(at_one * at_one - 4 * 2.35 * 2.35);
  for (const Case& c : {Case{Activation::relu, 2, 0, 4, 2.78781134},
                        Case{Activation::erf, 2.25, 0.1, erf_diagonal, 2.28241129}})
    for (const int width : {8, 64}) {
      Mlp<double> network{c.activation,
                          ntk_parameterisation({2, width, 1}, c.weight_variance, c.bias_variance), 9,
                          "mean kernel"};
      const int networks = 4000;
      VectorXd sum = VectorXd::Zero(2), squares = VectorXd::Zero(2);
      for (int n = 0; n < networks; ++n) {
        network.draw(n);
        const MatrixXd kernel = tangent_kernel(network, x);
        const VectorXd entries = (VectorXd(2) << kernel(0, 0), kernel(0, 1)).finished();
        sum += entries;
        squares += entries.cwiseAbs2();
      }
      const VectorXd mean = sum / networks,
                     error = ((squares / networks - mean.cwiseAbs2()) / networks).cwiseSqrt();
      BOOST_TEST_INFO(name(c.activation) << ", width " << width);
      BOOST_TEST(std::abs(mean[0] - c.diagonal) < 5 * error[0]);
      BOOST_TEST(std::abs(mean[1] - c.off_diagonal) < 5 * error[1]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
