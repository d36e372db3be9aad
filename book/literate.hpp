#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace book {

/// A stretch of a literate program: prose without its `//`, or code as it stands.
struct Block {
  bool prose;
  int line;  ///< of the first line in the file
  std::vector<std::string> lines;
};

/// Cuts a program into prose (lines that start with `//` in column 0) and code (all others, `///` of Doxygen
/// included). Blank lines around code are dropped, and so is code with nothing to read, such as an include guard.
std::vector<Block> split_program(std::string_view source);

}  // namespace book
