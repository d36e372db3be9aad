#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// What the weaver, the claims table and the gallery share: text, ledgers, numbers, pages.
namespace book {

/// The whole of a file; throws std::runtime_error with its name if it cannot be read.
std::string read_file(const std::filesystem::path& file);

/// Writes a file only where its content changes, so that what depends on it is not made again.
/// Creates the directories above it; returns whether it wrote.
bool write_if_changed(const std::filesystem::path& file, std::string_view content);

/// The lines of a text, without their ends.
std::vector<std::string> split_lines(std::string_view text);

/// The parts of a text between separators, each trimmed; empty parts are left out.
std::vector<std::string> split(std::string_view text, char separator);

/// Text without the blanks at both ends.
std::string_view trim(std::string_view text);

/// `&`, `<`, `>` and `"` as character references, for text and attributes of HTML.
std::string escape_html(std::string_view text);

/// A heading as an anchor: lower-case words joined by hyphens, at least "section".
std::string slug(std::string_view heading);

/// Number of characters of a UTF-8 text, for aligning columns.
int width(std::string_view utf8);

/// Every occurrence of `from` replaced.
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// Whether a program, named in full, is what `name` means: `statistics/nngp`, or `nngp` alone.
bool names_program(std::string_view name, std::string_view program);

}  // namespace book
