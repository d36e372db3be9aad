#pragma once

#include <Eigen/Dense>

#include <functional>
#include <vector>

/// Is G(|t|) reflection positive as far as these times, none negative, can tell?
inline bool reflection_positive(const std::function<double(double)>& propagator,
                                const std::vector<double>& times) {
  (void)propagator, (void)times;
  EXERCISE_TODO();
}
