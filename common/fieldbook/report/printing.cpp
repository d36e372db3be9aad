#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/printing.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace fieldbook {

namespace {

/// Is this byte inside a UTF-8 character, not at its beginning?
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::string without_middle(const std::string& text) {
  constexpr std::size_t kept = 500;  // bytes at either end: option and value, and what is valid
  if (text.size() <= 2 * kept) return text;
  std::size_t end = kept, begin = text.size() - kept;
  while (end > 0 && continues(text[end])) --end;
  while (begin < text.size() && continues(text[begin])) ++begin;
  return text.substr(0, end) + " [...] " + text.substr(begin);
}

}  // namespace

void keep_standard_streams_apart() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    // The lowest free descriptor is this one. Nothing can be written to it
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDONLY));
}

void print_out(const std::string& text, const std::string& addition) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw MachineFailure{
      fmt::format("cannot print to stdout: {}{}", std::system_category().message(errno), addition)};
}

void print_error(const std::string& program, const std::string& message) {
  std::fputs(fmt::format("{}: {}\n", program, one_line(message)).c_str(), stderr);
}

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : without_middle(text))
    if (c == '\n')
      line += "\\n";
    else if ((c >= 0 && c < ' ') || c == '\x7f')
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      line += c;
  return line;
}

}  // namespace fieldbook
