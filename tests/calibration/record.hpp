#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "observation.hpp"

namespace calibration {

/// What the runs of one program said, seed by seed, kept in a file: more seeds later run only what is missing. A program whose
/// executable has changed since starts again.
class Record {
 public:
  /// `name` is chapter/program; throws std::runtime_error for a file that cannot be read.
  Record(std::string name, std::filesystem::path executable, std::filesystem::path file);

  const std::string& name() const { return name_; }
  const std::filesystem::path& executable() const { return executable_; }
  bool has(int seed) const { return runs_.contains(seed); }

  /// Keeps a run; it is on the disk when this returns.
  void add(int seed, Run run);

  /// The runs of the seeds 1 ... `seeds`, all of which must be there.
  std::vector<const Run*> runs(int seeds) const;

 private:
  std::string name_;
  std::filesystem::path executable_, file_;
  std::string build_;  ///< a hash of the executable
  std::map<int, Run> runs_;
};

/// Runs every program for the seeds 1 ... `seeds` that its record lacks, one program on each core. All programs have had a seed
/// before any gets the next, so that what is there after an interruption is complete for fewer seeds. Throws what `observe` throws.
/// Returns the number of runs that were missing.
std::size_t complete(std::vector<Record>& records, int seeds);

}  // namespace calibration
