#pragma once

#include <filesystem>
#include <string>

namespace fieldbook {

/// The text of a file; empty if there is none. A directory or a pipe in its place counts as none.
std::string read_file(const std::filesystem::path& file);

/// Writes a file; MachineFailure, which says why, if that is not possible.
void write_file(const std::filesystem::path& file, const std::string& text);

/// Throws the MachineFailure of a file that cannot be written, with the reason in errno.
[[noreturn]] void fail_to_write(const std::filesystem::path& file);

}  // namespace fieldbook
