#include "fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "text.hpp"

namespace mutation {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view before_mark = "--- before\n", after_mark = "\n--- after\n";

[[noreturn]] void refuse(const std::string& fault, const std::string& why) {
  throw BadFault{fmt::format("{}.fault: {}", fault, why)};
}

void require_targets(const Fault& fault, const fs::path& root) {
  for (const auto& room : fault.tests)
    if (!fs::is_directory(root / "tests" / room)) refuse(fault.name, "there are no tests of a room " + room);
  for (const auto& program : fault.programs)
    if (!fs::exists(root / "chapters" / (program + ".cpp")))
      refuse(fault.name, "there is no program " + program);
}

}  // namespace

Fault read_fault(const fs::path& file) {
  Fault fault;
  fault.name = file.stem().string();
  const std::string text = book::read_file(file);
  const auto start = text.find(before_mark), middle = text.find(after_mark, start);
  if (start == std::string::npos || middle == std::string::npos)
    refuse(fault.name, "needs '--- before', a text, '--- after' and a text");
  const std::size_t from = start + before_mark.size();
  fault.before = text.substr(from, middle - std::min(from, middle));
  fault.after = text.substr(middle + after_mark.size());
  if (fault.after.ends_with('\n')) fault.after.pop_back();

  std::map<std::string, std::string> values{
      {"what", ""}, {"file", ""}, {"tests", ""}, {"programs", ""}, {"reason", ""}};
  for (const auto& line : book::split_lines(text.substr(0, start))) {
    const auto colon = std::min(line.find(':'), line.size());
    const auto value = values.find(line.substr(0, colon));
    if (value == values.end() || colon == line.size())
      refuse(fault.name,
             fmt::format("'{}' is not one of the keys what, file, tests, programs and reason", line));
    value->second = book::trim(line.substr(colon + 1));
  }
  fault.what = values["what"];
  fault.file = values["file"];
  fault.reason = values["reason"];
  fault.tests = book::split(values["tests"], ' ');
  fault.programs = book::split(values["programs"], ' ');
  if (fault.what.empty() || fault.file.empty() || fault.before.empty() ||
      (fault.tests.empty() && fault.programs.empty()))
    refuse(fault.name, "needs what, file, a text before, and tests or programs");
  return fault;
}

std::vector<Fault> read_faults(const fs::path& directory) {
  std::vector<Fault> faults;
  for (const auto& entry : fs::directory_iterator{directory})
    if (entry.path().extension() == ".fault") faults.push_back(read_fault(entry.path()));
  std::ranges::sort(faults, {}, &Fault::name);
  return faults;
}

std::string planted(const Fault& fault, const fs::path& root) {
  require_targets(fault, root);
  if (!fs::exists(root / fault.file)) refuse(fault.name, "there is no " + fault.file);
  std::string source = book::read_file(root / fault.file);
  if (fault.before == fault.after) refuse(fault.name, "changes nothing");
  const auto at = source.find(fault.before);
  if (at == std::string::npos) refuse(fault.name, "stale: its text is not in " + fault.file);
  if (source.find(fault.before, at + 1) != std::string::npos)
    refuse(fault.name, "stale: its text is more than once in " + fault.file);
  return source.replace(at, fault.before.size(), fault.after);
}

}  // namespace mutation
