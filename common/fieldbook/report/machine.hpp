#pragma once

#include <string>

namespace fieldbook {

/// What the machine calls its processor, as far as the system tells.
std::string processor_name();

/// The most memory that this process has taken so far, in MiB.
double peak_memory_in_mib();

/// Today, as year-month-day in UTC.
std::string today();

}  // namespace fieldbook
