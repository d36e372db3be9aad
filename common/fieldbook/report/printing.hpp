#pragma once

#include <string>

namespace fieldbook {

/// Opens standard streams that the caller has closed, so that no file of ours takes their place: what is printed would end
/// up in it. Printing to a closed stdout still fails.
void keep_standard_streams_apart();

/// Prints to stdout at once; MachineFailure, with `addition` at its end, if nobody takes it.
void print_out(const std::string& text, const std::string& addition = "");

/// Prints `message` as one line to stderr, whatever the words in it that came from outside; says nothing if that fails.
void print_error(const std::string& program, const std::string& message);

/// The text with control characters as escapes, and without its middle if it is very long: a line that can be read.
std::string one_line(const std::string& text);

}  // namespace fieldbook
