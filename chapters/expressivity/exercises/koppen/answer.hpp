#pragma once

#include <boost/multiprecision/cpp_int.hpp>

/// psi_k(j / gamma^k), exactly, for 0 <= j <= gamma^k.
inline boost::multiprecision::cpp_rational koppen(long j, int k, int gamma) {
  (void)j, (void)k, (void)gamma;
  EXERCISE_TODO();
}
