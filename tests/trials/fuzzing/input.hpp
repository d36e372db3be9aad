#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

/// What every target defines: gives one input to a reader. An exception that the reader does not document ends the program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// What targets of fuzzing share.
namespace fuzzing {

/// Bytes as text.
std::string_view text(const std::uint8_t* data, std::size_t size);

/// A file in memory, for readers that take a path.
class InputFile {
 public:
  explicit InputFile(std::string_view content);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::filesystem::path path() const;

 private:
  int descriptor_;
};

/// Ends the program, saying what should have held for every input.
void require(bool condition, const char* what);

}  // namespace fuzzing
