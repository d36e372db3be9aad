#pragma once

#include <fieldbook/training/parameterisation.hpp>

#include <Eigen/Core>

#include <cmath>

// The velocity under a steady gradient $g$ is $-(1+\beta+\beta^2+\dots)\,g=-g/(1-\beta)$, so the step must be
// $\varepsilon=(1-\beta)\,\eta$. And $\beta$ counts steps: it has no unit that could depend on $N$, and the rate $1-\beta$ needs the
// power zero. Momentum is linear in the gradients, so whatever power of $N$ a parameter's gradient has, its velocity has too; the
// counting of powers is that of gradient descent, and so is the freedom $W\to N^sW$.

/// The factor beta by which a velocity decays in a step, and the step epsilon that it is multiplied with.
struct HeavyBall {
  double decay;
  double step;
};

/// The heavy ball at width N for the powers (a1, b1, a, b, c, d), with a memory of 1 or more steps.
inline HeavyBall heavy_ball(const fieldbook::AbcdExponents& powers, int width, double gamma0, double eta0,
                            double memory) {
  const double rate = 1 / memory, eta = eta0 * gamma0 * gamma0 * std::pow(width, 2 * powers.d - powers.c);
  return {1 - rate, rate * eta};
}

/// One step: changes parameters and velocity. gradient: dL/dtheta at the parameters before the step.
inline void heavy_ball_step(const HeavyBall& ball, const Eigen::VectorXd& gradient,
                            Eigen::VectorXd& parameters, Eigen::VectorXd& velocity) {
  velocity = ball.decay * velocity - gradient;
  parameters += ball.step * velocity;
}
