#pragma once

#include <string>

#include "long_check.hpp"
#include "manuscript.hpp"

namespace book {

/// The last run of `./fieldbook mutate --record`: a summary, then every planted fault with what caught it, by source.
/// Throws std::exception where figures/mutation.json is missing or damaged.
std::string mutation_table(const Manuscript& manuscript);

/// That run in brief; passed if 95 % of the faults were caught, and 75 % by a claim. Throws as above.
LongCheck last_mutation(const Manuscript& manuscript);

}  // namespace book
