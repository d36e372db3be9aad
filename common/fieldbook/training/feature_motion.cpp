#include <fieldbook/training/feature_motion.hpp>

#include <stdexcept>

namespace fieldbook {

namespace {

Eigen::MatrixXd gram(const Eigen::MatrixXd& features) {
  return features.transpose() * features / static_cast<double>(features.rows());
}

}  // namespace

FeatureMotion follow_features(Mlp<double>& network, const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                              double eta, int steps) {
  if (steps < 1) throw std::invalid_argument{"follow_features: there must be at least one step"};
  const int last = network.shape().hidden_layers;
  GradientDescent<double> descent{network, x, y, Centring::at_the_start};
  const Pass<double>& pass = descent.pass();
  FeatureMotion motion;
  motion.preactivations = network.preactivations(last, pass);
  motion.kernel = gram(pass.features.back());

  const double first_loss = descent.step(eta);
  motion.first_step = y - descent.residual();
  for (int step = 1; step < steps; ++step) descent.step(eta);
  motion.loss_left = descent.residual().squaredNorm() / (2 * static_cast<double>(y.size()) * first_loss);
  motion.preactivations_moved = network.preactivations(last, pass) - motion.preactivations;
  motion.kernel_moved = gram(pass.features.back()) - motion.kernel;
  return motion;
}

Eigen::MatrixXd feature_kernel(const Mlp<double>& network, const Eigen::MatrixXd& x) {
  Pass<double> pass;
  network.forward(x, pass);
  return gram(pass.features.back());
}

void mirror_readout(Mlp<double>& network) {
  if (network.biases(network.shape().hidden_layers + 1).size() > 0)
    throw std::invalid_argument{"mirror_readout: the output must not have a bias"};
  Eigen::VectorXd parameters = network.parameters();
  parameters.tail(network.shape().width) *= -1;
  network.set_parameters(parameters);
}

}  // namespace fieldbook
