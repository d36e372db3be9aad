#pragma once

#include <cmath>

// Under the tilted law $4b-4u-4\lambda b+8\lambda^2u$ is Gaussian with variance $v=16(1-\lambda)^2u$, and the weighted product has the
// relative variance $e^v-1$. The error bar is honest when the sample sees the values that make up its own variance: for 2000
// draws $v=1$ is fine, $v=4$ is not. Hence $1-\lambda=1/4\sqrt u$. With $\lambda=1$ every draw is $e^{4u}$ exactly: the change of
// variables has done the integral, and no statistics is left.

/// The tilt lambda for coinciding points with u = s |x|^2.
inline double tilt(double u) { return 1 - 1 / (4 * std::sqrt(u)); }
