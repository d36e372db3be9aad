#pragma once

#include <string>

#include "manuscript.hpp"

namespace book {

/// What a run says about itself beside its ledger; zeros where there is no record of it.
struct Timing {
  double seconds = 0, memory = 0;  ///< memory in MiB
  int threads = 0;
  std::string when_and_where;
};

/// The last run of a program that has a ledger.
Timing read_timing(const Program& program);

/// How long each program of the book ran, with how many threads and how much memory, chapter by chapter with sums, and when and on
/// which machine that was.
std::string times_table(const Manuscript& manuscript);

}  // namespace book
