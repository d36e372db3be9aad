#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

/// Faults that are planted on purpose, to see whether a claim or a unit test catches them.
namespace mutation {

/// One fault: a text of the sources, what it is replaced by, and who should notice.
struct Fault {
  std::string name;                   ///< of its file, without .fault
  std::string what;                   ///< the fault in the words of the field
  std::string file;                   ///< the source it is in, from the root
  std::string before, after;          ///< the text that is replaced, and by what
  std::string reason;                 ///< why it may survive; empty if it must not
  std::vector<std::string> tests;     ///< rooms whose unit tests run
  std::vector<std::string> programs;  ///< programs that run with --quick
};

/// A fault that cannot be planted: a damaged file, or a text that the sources have not exactly once.
struct BadFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads a file of lines `key: words` (what and file, then tests, programs and reason where there are some), then `--- before`,
/// `--- after` and the texts; throws BadFault.
Fault read_fault(const std::filesystem::path& file);

/// All faults of a directory by name; throws BadFault.
std::vector<Fault> read_faults(const std::filesystem::path& directory);

/// The source below `root` with the fault in it; throws BadFault unless the text is there exactly once and the room, the file and
/// the programs exist.
std::string planted(const Fault& fault, const std::filesystem::path& root);

}  // namespace mutation
