#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/feature_motion.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

namespace {

const MatrixXd five_inputs{{0.3, -1.2, 2, 0.1, -0.4}, {1.1, 0.4, -0.7, 0.2, -1.5}};
const VectorXd five_targets = VectorXd::LinSpaced(5, -1, 1.5);

Mlp<double> network_with(double gamma0) {
  return {Activation::erf, abcd_parameterisation({2, 30, 2}, AbcdExponents::mup(0.4), gamma0), 4, "motion"};
}

/// sigma(h^2) and f by hand, one column a point.
std::pair<MatrixXd, VectorXd> by_hand(const Mlp<double>& network) {
  const auto activated = [](const MatrixXd& h) -> MatrixXd {
    return h.unaryExpr([](double z) { return std::erf(z); });
  };
  const auto scaled = [&](int layer, const MatrixXd& a) -> MatrixXd {
    return network.scales(layer).weight_multiplier * network.weights(layer) * a;
  };
  const MatrixXd features = activated(scaled(2, activated(scaled(1, five_inputs))));
  return {features, scaled(3, features).transpose()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(features_are_followed_from_before_to_after) {
  Mlp<double> network = network_with(1);
  const auto [features, f] = by_hand(network);
  Mlp<double> once = network;
  const FeatureMotion motion = follow_features(network, five_inputs, five_targets, 3, 7);
  const auto [moved, trained] = by_hand(network);
  BOOST_TEST((motion.kernel - features.transpose() * features / 30).norm() < 1e-13);
  BOOST_TEST((motion.kernel + motion.kernel_moved - moved.transpose() * moved / 30).norm() < 1e-13);
  BOOST_TEST((motion.preactivations.unaryExpr([](double z) { return std::erf(z); }) - features).norm() <
             1e-13);
  const MatrixXd after = motion.preactivations + motion.preactivations_moved;
  BOOST_TEST((after.unaryExpr([](double z) { return std::erf(z); }) - moved).norm() < 1e-13);
  BOOST_TEST(std::abs(motion.loss_left -
                      (five_targets - trained + f).squaredNorm() / five_targets.squaredNorm()) < 1e-13);
  BOOST_TEST(motion.loss_left < 0.9);
  follow_features(once, five_inputs, five_targets, 3, 1);
  BOOST_TEST((motion.first_step - by_hand(once).second + f).norm() < 1e-13);
  BOOST_TEST((feature_kernel(network, five_inputs) - moved.transpose() * moved / 30).norm() < 1e-13);
  BOOST_CHECK_THROW(follow_features(network, five_inputs, five_targets, 3, 0), std::invalid_argument);
}

// gamma0 -> -gamma0 is W^{L+1} -> -W^{L+1}: the even part of the motion is of second order in gamma0, the odd part of first
BOOST_AUTO_TEST_CASE(a_mirrored_readout_is_a_reversed_gamma) {
  double last_even = 0, last_odd = 0;
  for (const double gamma0 : {0.04, 0.02, 0.01}) {
    Mlp<double> network = network_with(gamma0), mirror = network;
    mirror_readout(mirror);
    BOOST_TEST((by_hand(network).second + by_hand(mirror).second).norm() < 1e-12);
    const double eta = 2 * gamma0 * gamma0 * std::pow(30., 0.6);
    const MatrixXd one = follow_features(network, five_inputs, five_targets, eta, 5).kernel_moved,
                   other = follow_features(mirror, five_inputs, five_targets, eta, 5).kernel_moved;
    const double even = (one + other).norm(), odd = (one - other).norm();
    if (last_even > 0) {
      BOOST_TEST(std::abs(std::log2(last_even / even) - 2) < 0.05);
      BOOST_TEST(std::abs(std::log2(last_odd / odd) - 1) < 0.05);
    }
    last_even = even;
    last_odd = odd;
  }
  Mlp<double> biased{Activation::erf, ntk_parameterisation({2, 5, 1}, 1, 0.1), 1, "biased"};
  BOOST_CHECK_THROW(mirror_readout(biased), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
