#pragma once

#include <fieldbook/conductor.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace fieldbook {

/// What a run has found so far, kept in a file, so that an interrupted run can go on.
///
/// The file is one line of text that names the format, one line of JSON that says which run it belongs to, the states of
/// all tasks, and one line with the CRC-64 of everything before. It is replaced as a whole (temporary file, fsync,
/// rename) or not at all. Several processes keep a file each, and read all of them.
class Checkpoint {
 public:
  /// Kept in `directory`, which is made if need be; `owner` says to which run it belongs, `rank`
  /// which of its `ranks` processes this is.
  Checkpoint(std::filesystem::path directory, const nlohmann::ordered_json& owner, int rank, int ranks);

  /// Takes over what an earlier run has kept; false if it has kept nothing. A file that is damaged, or from another
  /// program, build or choice of options, or a newer Fieldbook, is refused with BadOption and left as it is.
  bool resume();

  /// Keeps the state of a task of a stage; from time to time, everything goes to the disk. Safe to call from several
  /// threads.
  void keep(const std::string& stage, std::uint64_t task, TaskState state);

  /// The state of a task, if one was resumed.
  std::optional<TaskState> kept(const std::string& stage, std::uint64_t task);

  /// Writes what is not on the disk yet; is there anything to resume now?
  bool save();

  /// The run is complete: nothing of it needs to be kept.
  void discard();

 private:
  using Key = std::pair<std::string, std::uint64_t>;

  void write();
  std::filesystem::path file_of(int rank) const;
  std::vector<std::filesystem::path> files() const;

  std::filesystem::path directory_;
  int rank_;
  int ranks_;
  std::string owner_;
  std::mutex mutex_;
  std::map<Key, TaskState> states_;
  bool changed_ = false;
  std::chrono::steady_clock::time_point next_write_;
};

/// Reads the states in a checkpoint file that belongs to `owner`; BadOption otherwise, as for Checkpoint::resume.
std::map<std::pair<std::string, std::uint64_t>, TaskState> read_checkpoint(const std::filesystem::path& file,
                                                                           const std::string& owner);

}  // namespace fieldbook
