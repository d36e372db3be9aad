// Gives every file of a directory to a target, without a fuzzer: what once was found stays found. Usage: replay-TARGET DIRECTORY
#include "input.hpp"

#include <fmt/format.h>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  int inputs = 0;
  if (argc == 2)
    for (const auto& entry : std::filesystem::directory_iterator{argv[1]}) {
      std::ifstream file{entry.path(), std::ios::binary};
      const std::string content{std::istreambuf_iterator<char>{file}, {}};
      fmt::print("{}\n", entry.path().filename().string());
      std::fflush(stdout);  // the last name before a crash is the one that matters
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
      ++inputs;
    }
  fmt::print("{} inputs\n", inputs);
  return inputs > 0 ? 0 : 2;
}
