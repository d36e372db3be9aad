#pragma once

#include <string>

#include "manuscript.hpp"

namespace book {

/// The last outcome of `./fieldbook trial NAME --record`: a summary, then its tables of cases.
/// Throws std::exception where figures/trials/NAME.json is missing or damaged.
std::string trial_tables(const Manuscript& manuscript, const std::string& name);

/// All long checks on record, with command, outcome, version and date: calibration, planted faults and the trials.
/// Throws std::exception where a record is damaged.
std::string trials_table(const Manuscript& manuscript);

}  // namespace book
