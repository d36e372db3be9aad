#include "literate.hpp"

#include <algorithm>

#include "text.hpp"

namespace book {
namespace {

bool is_prose(const std::string& line) { return line.starts_with("//") && !line.starts_with("///"); }

bool says_nothing(const std::string& line) { return trim(line).empty() || trim(line) == "#pragma once"; }

std::string without_slashes(const std::string& line) { return line.substr(line.starts_with("// ") ? 3 : 2); }

void trim_blank_lines(Block& block) {
  while (!block.lines.empty() && trim(block.lines.back()).empty()) block.lines.pop_back();
  while (!block.lines.empty() && trim(block.lines.front()).empty()) {
    block.lines.erase(block.lines.begin());
    ++block.line;
  }
}

}  // namespace

std::vector<Block> split_program(std::string_view source) {
  std::vector<Block> blocks;
  int number = 0;
  for (const auto& line : split_lines(source)) {
    ++number;
    const bool prose = is_prose(line);
    if (blocks.empty() || blocks.back().prose != prose) blocks.push_back({prose, number, {}});
    blocks.back().lines.push_back(prose ? without_slashes(line) : line);
  }
  std::erase_if(blocks, [](const Block& block) { return std::ranges::all_of(block.lines, says_nothing); });
  std::ranges::for_each(blocks, trim_blank_lines);
  return blocks;
}

}  // namespace book
