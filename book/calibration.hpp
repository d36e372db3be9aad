#pragma once

#include <filesystem>
#include <string>

#include "long_check.hpp"
#include "manuscript.hpp"

namespace book {

/// The verdict of `./fieldbook calibrate`, as it was put on record in figures/.
std::filesystem::path calibration_record(const Manuscript& manuscript);
std::filesystem::path calibration_picture(const Manuscript& manuscript);

/// A part of that verdict as HTML: its `summary`, `picture` (to be found as record/calibration.svg), `programs`, the `claims` that
/// look least normal, the `margins` that claims leave, those close to their `edge`, or those that are `untested`. Empty for another word. Throws where there
/// is no record, or a damaged one.
std::string calibration(const Manuscript& manuscript, const std::string& part);

/// That verdict in brief. Throws as above.
LongCheck last_calibration(const Manuscript& manuscript);

}  // namespace book
