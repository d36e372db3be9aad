#include "input.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>

namespace fuzzing {

std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

InputFile::InputFile(std::string_view content) : descriptor_{::memfd_create("input", 0)} {
  require(::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
          "a file in memory can be written");
}

InputFile::~InputFile() { ::close(descriptor_); }

std::filesystem::path InputFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

void require(bool condition, const char* what) {
  if (condition) return;
  fmt::print(stderr, "does not hold: {}\n", what);
  std::abort();
}

}  // namespace fuzzing
