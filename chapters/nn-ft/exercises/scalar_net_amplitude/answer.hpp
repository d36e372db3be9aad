#pragma once

#include <cmath>

/// The amplitude A of a Scalar-net in `dimension` dimensions with momenta up to `cutoff` and output weights of standard deviation sigma_a.
inline double scalar_net_amplitude(int dimension, double cutoff, double sigma_a) {
  (void)dimension, (void)cutoff, (void)sigma_a;
  EXERCISE_TODO();
}
