#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fieldbook {

/// Replaces a file as a whole or not at all: written beside it, forced to the disk, renamed. The directory must exist.
/// MachineFailure if the disk does not take it.
void write_durably(const std::filesystem::path& file, const std::string& text);

/// The directory of a run's results, replaced as a whole or not at all.
///
/// Everything is first written to a staging directory inside it; `publish` then renames the files into place. A run
/// that fails or is interrupted before that leaves the old results as they were, and no trace of its own. One run at a time.
class Output {
 public:
  /// Creates the directory and its staging area; MachineFailure if that is not possible, or if another run writes to it.
  explicit Output(const std::filesystem::path& directory);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Where to write before publishing.
  const std::filesystem::path& staging() const { return staging_; }

  /// Writes one file to the staging area and makes sure that it reached the disk.
  void write(const std::string& name, const std::string& text) const;

  /// Renames what is staged into place, ledger.json last, and removes the `obsolete` files of the previous run.
  void publish(const std::vector<std::string>& obsolete) const;

 private:
  std::filesystem::path directory_;
  std::filesystem::path staging_;
  int lock_ = -1;                               ///< on the directory: one run at a time writes to it
  std::vector<std::filesystem::path> created_;  ///< innermost first
};

}  // namespace fieldbook
