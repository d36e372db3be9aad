#pragma once

#include <fieldbook/kernels/tangent_kernel.hpp>

#include <Eigen/Dense>

#include <cmath>

/// lim sqrt N <change of tr Theta in a step> / tr Theta for one hidden layer of ReLU, rate = eta / P. inputs: P x 2, one point of
/// the circle |x|^2 = 2 a row, no two alike; y: P.
inline double gate_flip_mean(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& y, double weight_variance,
                             double bias_variance, double rate) {
  // K^2 and Theta at infinite width: tangent_kernel({Activation::relu, weight_variance, bias_variance}, 1, inputs)
  (void)inputs, (void)y, (void)weight_variance, (void)bias_variance, (void)rate;
  EXERCISE_TODO();
}
