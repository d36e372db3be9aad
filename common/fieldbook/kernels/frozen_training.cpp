#include <fieldbook/kernels/frozen_training.hpp>

#include <utility>

namespace fieldbook {

FrozenTraining::FrozenTraining(TangentKernel kernel, Eigen::VectorXd targets, double relative_step)
    : kernel_{std::move(kernel)},
      targets_{std::move(targets)},
      step_{relative_step / 2 * SpectralPropagator::largest_step(gram())},
      propagator_{gram(), step_} {}

}  // namespace fieldbook
