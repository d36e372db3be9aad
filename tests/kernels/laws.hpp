#pragma once

#include <fieldbook/kernels/tangent_kernel.hpp>

// The laws of deep networks that tests of this room look at
const fieldbook::DeepLaw relu_law{fieldbook::Activation::relu, 2, 0},
    erf_law{fieldbook::Activation::erf, 2.25, 0.1};
