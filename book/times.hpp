#pragma once

#include <string>

#include "manuscript.hpp"

namespace book {

/// How long each program of the book ran, with how many threads and how much memory, chapter by chapter with sums, and when and on
/// which machine that was.
std::string times_table(const Manuscript& manuscript);

}  // namespace book
