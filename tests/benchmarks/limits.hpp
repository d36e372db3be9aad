#pragma once

#include <string>

namespace bench {

/// What one core of this machine can do at most, measured by loops that do nothing else.
struct Limits {
  double
      operations;  ///< float operations per second, not fused: Fieldbook's draws and activations are compiled so
  double multiply_adds;  ///< fused float multiply-adds per second
  double words;          ///< random 32-bit words of Philox4x32-10 per second
  double bandwidth;      ///< bytes written to memory per second
};

Limits measure_limits();

/// The larger of two measurements of each limit.
Limits larger(const Limits& one, const Limits& other);

/// The units per second that a workload could reach on one core if it only did what it cannot avoid: the operations of its
/// activations (counted in their source, a division or root as one), its multiply-adds, its random words, its memory.
double limit_of(const Limits& limits, const std::string& workload);

}  // namespace bench
