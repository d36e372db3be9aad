#pragma once

#include <filesystem>
#include <string>

#include "../programs/refusals.hpp"

namespace trials {

using programs::shell_word;

/// How a command of the shell ended.
struct Ended {
  int status = 0;      ///< exit status, 128 + signal as in a shell
  std::string output;  ///< stdout, then stderr
  double seconds = 0;
};

/// Runs a command of the shell; fieldbook::Interrupted if Ctrl-C or SIGTERM ended it.
Ended run(const std::string& command);

/// Runs a command that has to succeed; otherwise std::runtime_error with its last lines and `advice`.
void must_run(const std::string& command, const std::string& advice);

/// The ends of commands, kept on disk, so that an interrupted trial goes on where it was.
class Kept {
 public:
  explicit Kept(std::filesystem::path directory);

  /// Runs `command`, unless it has ended before with the same `executable`; `name` is its file.
  Ended run(const std::string& name, const std::string& command,
            const std::filesystem::path& executable) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace trials
