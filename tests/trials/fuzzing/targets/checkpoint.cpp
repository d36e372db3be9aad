// Input: a letter, then the rest. r: a whole checkpoint file; s: the states in one whose head and checksum are right; o: what stands
// between format and checksum
#include <fieldbook/report/checkpoint.hpp>
#include <fieldbook/report/errors.hpp>

#include <fmt/format.h>
#include <boost/crc.hpp>
#include <string>

#include "../input.hpp"

namespace {

constexpr std::string_view head = "fieldbook checkpoint 2\n";
constexpr std::string_view owner =
    R"({"program":"statistics/nngp","version":"0.1.0","build":"1f","options":{"seed":1,"widths":[8,16]}})";

std::string sealed(const std::string& text) {
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, true, true> crc;
  crc.process_bytes(text.data(), text.size());
  return text + fmt::format("crc64 {:016x}\n", crc.checksum());
}

std::string content(std::string_view input) {
  if (input.empty()) return {};
  const std::string rest{input.substr(1)};
  switch (input.front()) {
    case 's':
      return sealed(fmt::format("{}{}\n{}", head, owner, rest));
    case 'o':
      return sealed(fmt::format("{}{}", head, rest));
    default:
      return rest;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzzing::InputFile file{content(fuzzing::text(data, size))};
  try {
    fieldbook::read_checkpoint(file.path(), std::string{owner});
  } catch (const fieldbook::BadOption&) {
  }
  return 0;
}
