#pragma once

#include <cmath>

/// The amplitude A of a Scalar-net in `dimension` dimensions with momenta up to `cutoff` and output weights of standard deviation sigma_a.
inline double scalar_net_amplitude(int dimension, double cutoff, double sigma_a) {
  const double unit_ball = dimension == 1 ? 2 : dimension == 2 ? M_PI : 4 * M_PI / 3;
  const double volume = unit_ball * std::pow(cutoff, dimension);
  return std::sqrt(2 * volume / std::pow(2 * M_PI, dimension)) / (sigma_a * sigma_a);
}
