#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/files.hpp>

#include <fmt/format.h>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fieldbook {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ostringstream text;
  std::error_code unknown;
  if (fs::is_regular_file(file, unknown)) text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

void write_file(const fs::path& file, const std::string& text) {
  errno = 0;
  std::ofstream stream{file, std::ios::binary};
  stream << text;
  stream.close();
  if (!stream) fail_to_write(file);
}

void fail_to_write(const fs::path& file) {
  const std::string why =
      errno == ENOSPC || errno == EDQUOT ? "the disk is full" : std::system_category().message(errno);
  throw MachineFailure{
      fmt::format("cannot write {}: {}; --out chooses another place", file.filename().string(), why)};
}

}  // namespace fieldbook
