#pragma once

#include <fieldbook/training/parameterisation.hpp>

#include <Eigen/Core>

#include <cmath>

/// The factor beta by which a velocity decays in a step, and the step epsilon that it is multiplied with.
struct HeavyBall {
  double decay;
  double step;
};

/// The heavy ball at width N for the powers (a1, b1, a, b, c, d), with a memory of 1 or more steps.
inline HeavyBall heavy_ball(const fieldbook::AbcdExponents& powers, int width, double gamma0, double eta0,
                            double memory) {
  (void)powers, (void)width, (void)gamma0, (void)eta0, (void)memory;
  EXERCISE_TODO();
}

/// One step: changes parameters and velocity. gradient: dL/dtheta at the parameters before the step.
inline void heavy_ball_step(const HeavyBall& ball, const Eigen::VectorXd& gradient,
                            Eigen::VectorXd& parameters, Eigen::VectorXd& velocity) {
  (void)ball, (void)gradient, (void)parameters, (void)velocity;
  EXERCISE_TODO();
}
