#pragma once

#include <string>

#include "manuscript.hpp"

namespace book {

/// The last run of `./fieldbook mutate --record`: a summary, then every planted fault with what caught it, by source.
/// Throws std::exception where figures/mutation.json is missing or damaged.
std::string mutation_table(const Manuscript& manuscript);

}  // namespace book
