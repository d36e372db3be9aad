#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// Running programs as a user does, in a directory of their own that goes away with the test.
namespace programs {

/// What a finished program left.
struct Outcome {
  int status;  ///< exit status, 128 + signal as in a shell
  std::string out;
  std::string err;
};

/// A scratch directory, removed at the end.
struct Scratch {
  std::filesystem::path path;
  Scratch();
  ~Scratch();
};

/// Runs `command` by the shell, with `scratch` for what it prints.
Outcome run(const Scratch& scratch, const std::string& command);

/// The text of a file; empty if there is none.
std::string read(const std::filesystem::path& path);

/// The ledger in a directory.
nlohmann::json ledger(const std::filesystem::path& directory);

/// All files of a directory but timing.json, by name.
std::vector<std::pair<std::string, std::string>> contents(const std::filesystem::path& directory);

/// Number of lines.
long lines(const std::string& text);

/// The lines of a file; none if there is no such file.
std::vector<std::string> lines_of(const std::filesystem::path& path);

/// Shell text: starts `command`, waits until it has written a checkpoint of its own to `directory` (or has ended), and then
/// does `action` to it.
std::string after_a_checkpoint(const std::string& command, const std::string& directory,
                               const std::string& action);

}  // namespace programs
