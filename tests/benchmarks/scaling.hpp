#pragma once

#include <string>
#include <vector>

namespace bench {

/// The time of networks against one of their sizes, the others fixed.
struct Scaling {
  std::string size;
  std::vector<int> values;
  std::vector<double> nanoseconds;  ///< for a neuron at a point, the median of interleaved rounds
};

/// Outputs of cos networks against samples, width and points.
std::vector<Scaling> measure_scaling();

/// The memory, in MiB, that an ensemble of `samples` networks with four-point functions adds to the process.
double memory_of_ensemble(int samples);

}  // namespace bench
