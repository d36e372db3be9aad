#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/gradient_descent.hpp>
#include <fieldbook/training/linear_mean_field.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

BOOST_AUTO_TEST_CASE(moments_of_a_linear_network_close) {
  for (const int dimension : {1, 3}) {
    const MatrixXd neurons = MatrixXd::Random(20, 1 + dimension) * 1.7;
    const std::vector<double> times{0, 0.2, 1};
    const auto closed = flow({0.8, 1.2}, LinearMoments::of(neurons), times, 1e-12);
    const auto direct = flow_of_neurons({0.8, 1.2}, neurons, times, 1e-12);
    BOOST_TEST(closed.size() == times.size());
    for (std::size_t k = 0; k < times.size(); ++k) {
      BOOST_TEST(std::abs(closed[k].q - direct[k].q) < 1e-10);
      BOOST_TEST((closed[k].u - direct[k].u).norm() < 1e-10);
      BOOST_TEST((closed[k].h - direct[k].h).norm() < 1e-10);
    }
    BOOST_TEST(closed[2].q - closed[0].q > 0.1);
  }
}

// The flow is the limit of gradient descent on whitened inputs, x_p = sqrt(D P) e_p, where f(x_p) = sqrt P beta_p; two step sizes remove
// the first order in the step.
BOOST_AUTO_TEST_CASE(the_flow_is_gradient_descent_of_small_steps) {
  constexpr int dimension = 2, width = 12;
  const double gamma0 = 1.3, y = 0.9, time = 0.5;
  const NetworkShape shape{dimension, width, 1};
  const MatrixXd x = MatrixXd::Identity(dimension, dimension) * dimension;
  const VectorXd targets = VectorXd{{std::sqrt(2.) * y, 0}};
  MatrixXd neurons(width, 1 + dimension);
  const auto descend = [&](int steps) {
    Mlp<double> network{Activation::linear, abcd_parameterisation(shape, AbcdExponents::mup(0), gamma0), 9,
                        "linear"};
    neurons << network.weights(2).transpose(), network.weights(1);
    GradientDescent<double> descent{network, x, targets, Centring::at_the_start};
    for (int step = 0; step < steps; ++step)
      descent.step(abcd_step(shape, AbcdExponents::mup(0), gamma0, time / steps));
    return VectorXd{(targets - descent.residual()) / std::sqrt(2.)};
  };
  const VectorXd extrapolated = 2 * descend(2000) - descend(1000);
  const auto path = flow({gamma0, y}, LinearMoments::of(neurons), {0, time}, 1e-12);
  const VectorXd expected = (path[1].u - path[0].u) / gamma0;
  BOOST_TEST((extrapolated - expected).norm() < 1e-6);
  BOOST_TEST(expected.norm() > 0.3);
}

// In one dimension (Q + H)^2 - 4 u^2 is conserved, and so is Q^2 - u^2 from infinite width.
BOOST_AUTO_TEST_CASE(the_flow_conserves_what_it_should) {
  const MatrixXd neurons = MatrixXd::Random(9, 2);
  for (const LinearMoments& start : {LinearMoments::of(neurons), LinearMoments::infinite_width(1)}) {
    const auto invariant = [](const LinearMoments& m) {
      return std::pow(m.kernel(), 2) - 4 * m.u.squaredNorm();
    };
    const auto path = flow({2, 1}, start, {0, 0.5, 2}, 1e-12);
    BOOST_TEST(std::abs(invariant(path[2]) - invariant(start)) < 1e-9);
    BOOST_TEST(std::abs(path[2].kernel() - start.kernel()) > 0.1);
    BOOST_TEST(std::abs((path[2].u - start.u)[0] / 2 - 1) < 0.2);
  }
  BOOST_CHECK_THROW(flow({2, 1}, LinearMoments::infinite_width(1), {}, 1e-9), std::invalid_argument);
  BOOST_CHECK_THROW(flow({2, 1}, LinearMoments::infinite_width(1), {0}, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
