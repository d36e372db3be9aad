#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/gradient_descent.hpp>
#include <fieldbook/training/line_data.hpp>
#include <fieldbook/training/weighted_particles.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

namespace {

/// Points with a last coordinate of 1, whose weight is the bias.
MatrixXd with_ones(const MatrixXd& x) {
  MatrixXd both(x.rows() + 1, x.cols());
  both << x, MatrixXd::Ones(1, x.cols());
  return both;
}

}  // namespace

// Both descend the same loss with the same step, but with other code: the network in the mean-field form of mu-P, its biases as weights of
// a constant input.
BOOST_AUTO_TEST_CASE(particles_are_a_network_in_mup) {
  const Eigen::Index width = 37, points = 6;
  const VectorXd y = VectorXd::LinSpaced(points, -1, 1.5);
  for (const Activation activation : {Activation::erf, Activation::sin, Activation::gelu})
    for (const int inputs : {1, 3}) {
      const MatrixXd x = MatrixXd::Random(inputs, points);
      const NetworkShape shape{inputs + 1, static_cast<int>(width), 1};
      const double gamma0 = 0.7, dt = 0.3;
      Mlp<double> network{activation, abcd_parameterisation(shape, AbcdExponents::mup(0), gamma0), 5, "mu-P"};
      const MatrixXd scaled = std::sqrt(inputs + 1.) * with_ones(x);
      GradientDescent<double> descent{network, scaled, y, Centring::at_the_start};
      WeightedParticles particles{activation, gamma0, x, y};
      particles.start({VectorXd::Constant(width, 1. / static_cast<double>(width)), network.weights(2).row(0),
                       network.weights(1).col(inputs), network.weights(1).leftCols(inputs)});
      for (int step = 0; step < 30; ++step) {
        particles.step(dt);
        descent.step(abcd_step(shape, AbcdExponents::mup(0), gamma0, dt));
      }
      BOOST_TEST_INFO(name(activation) << ", " << inputs << " inputs");
      BOOST_TEST((particles.residual() - descent.residual()).cwiseAbs().maxCoeff() < 1e-12);
      BOOST_TEST((particles.residual() - y).norm() > 0.1);
      BOOST_TEST((particles.neurons().w - network.weights(1).leftCols(inputs)).norm() < 1e-11);
    }
}

// Two neurons of weight q are one of weight 2q, and a neuron without weight is not there.
BOOST_AUTO_TEST_CASE(weights_count_neurons) {
  const MatrixXd x = MatrixXd::Random(1, 4);
  const VectorXd y = VectorXd::Random(4);
  const Neurons few{VectorXd{{0.5, 0.5, 0}}, VectorXd{{1, -1, 3}}, VectorXd{{0.1, 0.2, 0.3}},
                    MatrixXd{{1}, {2}, {-1}}};
  const Neurons many{VectorXd{{0.25, 0.5, 0.25}}, VectorXd{{1, -1, 1}}, VectorXd{{0.1, 0.2, 0.1}},
                     MatrixXd{{1}, {2}, {1}}};
  WeightedParticles first{Activation::tanh, 0.5, x, y}, second{Activation::tanh, 0.5, x, y};
  first.start(few);
  second.start(many);
  for (int step = 0; step < 10; ++step) {
    first.step(0.3);
    second.step(0.3);
  }
  BOOST_TEST((first.outputs() - second.outputs()).norm() < 1e-14);
  BOOST_TEST((first.feature_kernel() - second.feature_kernel()).norm() < 1e-14);
  BOOST_TEST(first.outputs().norm() > 0.05);
  BOOST_TEST(std::abs(first.loss() - (y - first.outputs()).squaredNorm() / 8) < 1e-15);
}

// On the grid, sums are Gaussian averages: of 1, w^2, b^4 and the kernel of erf (Williams 1997).
BOOST_AUTO_TEST_CASE(a_grid_is_a_gaussian_law) {
  const Neurons grid = Neurons::on_a_grid(0.15, 7);
  BOOST_TEST(grid.q.size() == 2 * 95 * 95);
  BOOST_TEST(std::abs(grid.q.sum() - 1) < 1e-11);
  BOOST_TEST(std::abs(grid.q.dot(grid.w.col(0).cwiseAbs2()) - 1) < 1e-9);
  BOOST_TEST(std::abs(grid.q.dot(grid.b.array().square().square().matrix()) - 3) < 1e-7);
  BOOST_TEST(std::abs(grid.q.dot(grid.a)) < 1e-15);
  WeightedParticles particles{Activation::erf, 1, MatrixXd{{-0.4, 1}}, VectorXd::Zero(2)};
  particles.start(grid);
  const MatrixXd kernel = particles.feature_kernel();
  const double pi = 3.14159265358979324;
  BOOST_TEST(std::abs(kernel(0, 1) - 2 / pi * std::asin(2 * 0.6 / std::sqrt((1 + 2 * 1.16) * 5))) < 1e-10);
  BOOST_TEST(std::abs(kernel(1, 1) - 2 / pi * std::asin(4 / 5.)) < 1e-10);
}

BOOST_AUTO_TEST_CASE(sampled_neurons_are_a_function_of_their_number) {
  const Neurons neurons = Neurons::sampled(5000, 2, 3, "neurons", 8);
  BOOST_TEST((neurons.w - Neurons::sampled(5000, 2, 3, "neurons", 8).w).norm() == 0);
  BOOST_TEST((neurons.w - Neurons::sampled(5000, 2, 3, "neurons", 9).w).norm() > 1);
  BOOST_TEST(std::abs(neurons.q.sum() - 1) < 1e-12);
  BOOST_TEST((neurons.a.array().abs() - 1).matrix().norm() == 0);
  BOOST_TEST(std::abs(neurons.a.mean()) < 5 / std::sqrt(5000.));
  BOOST_TEST(std::abs(neurons.w.squaredNorm() / 1e4 - 1) < 5 * std::sqrt(2e-4));
  BOOST_TEST(std::abs(neurons.b.dot(neurons.w.col(0)) / 5000) < 5 / std::sqrt(5000.));
  const Neurons part = neurons.part(1000, 2500);
  BOOST_TEST(std::abs(part.q.sum() - 1) < 1e-12);
  BOOST_TEST(part.w(3, 1) == neurons.w(1003, 1));
}

BOOST_AUTO_TEST_CASE(training_records_what_happens) {
  const LineData data = LineData::five();
  WeightedParticles particles{Activation::tanh, 0.8, data.x, data.targets()};
  const ParticlePath path = train(particles, Neurons::sampled(30, 1, 2, "path", 0), 0.2, 4);
  BOOST_TEST(path.outputs.col(0).norm() == 0);
  BOOST_TEST((path.outputs.col(4) - particles.outputs()).norm() == 0);
  BOOST_TEST(std::abs(path.losses[0] - data.targets().squaredNorm() / 10) < 1e-15);
  BOOST_TEST(path.losses[4] < path.losses[0]);
  BOOST_TEST((path.features_after - particles.feature_kernel()).norm() == 0);
  BOOST_TEST(path.feature_change() > 0);
  // A residual of zero moves nothing
  const MatrixXd w = particles.neurons().w;
  particles.drive(VectorXd::Zero(5), 0.2);
  BOOST_TEST((particles.neurons().w - w).norm() == 0);
  BOOST_TEST((path.outputs.col(4) - particles.outputs()).norm() == 0);
}

BOOST_AUTO_TEST_CASE(particles_check_their_border) {
  const MatrixXd x = MatrixXd::Random(1, 4);
  BOOST_CHECK_THROW((WeightedParticles{Activation::erf, 1, x, VectorXd::Zero(3)}), std::invalid_argument);
  BOOST_CHECK_THROW((WeightedParticles{Activation::erf, 0, x, VectorXd::Zero(4)}), std::invalid_argument);
  WeightedParticles particles{Activation::erf, 1, x, VectorXd::Zero(4)};
  BOOST_CHECK_THROW(particles.start(Neurons::sampled(8, 2, 1, "n", 0)), std::invalid_argument);
  BOOST_CHECK_THROW(Neurons::on_a_grid(0, 7), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
