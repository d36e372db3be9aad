#pragma once

#include <fieldbook/training/gradient_descent.hpp>

#include <Eigen/Core>

namespace fieldbook {

/// What gradient descent does to one network, and to the features of its last hidden layer, at the data.
struct FeatureMotion {
  Eigen::MatrixXd preactivations;        ///< h^L before training, N x P
  Eigen::MatrixXd preactivations_moved;  ///< by how much training has changed them, N x P
  Eigen::MatrixXd kernel;                ///< Phi = sigma(h^L)^T sigma(h^L) / N before training, P x P
  Eigen::MatrixXd kernel_moved;          ///< by how much training has changed it, P x P
  Eigen::VectorXd first_step;            ///< by how much the first step has changed f, P
  double loss_left = 1;                  ///< the loss after training over that before
};

/// Trains the network, from where it stands, for `steps` >= 1 steps of size eta on f - f_0 (see GradientDescent), and
/// leaves it trained. x: D x P, y: P, not zero. std::invalid_argument for less than one step.
FeatureMotion follow_features(Mlp<double>& network, const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                              double eta, int steps);

/// Phi(x, x') = sigma(h^L(x)) . sigma(h^L(x')) / N, the kernel of the features of the last hidden layer. x: D x P.
Eigen::MatrixXd feature_kernel(const Mlp<double>& network, const Eigen::MatrixXd& x);

/// Reverses the sign of the readout W^{L+1}, for a network without biases. In centred training this is the same as
/// reversing that of gamma0: f -> -f with the same features at the start, equally likely, and the features move the other
/// way to first order. Half the sum of both motions is what a network learns for sure, half the difference is an accident
/// of its draw. std::invalid_argument if the output has a bias.
void mirror_readout(Mlp<double>& network);

}  // namespace fieldbook
