#include "results.hpp"

#include <fieldbook/report/machine.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "text.hpp"

namespace mutation {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string digest(const std::string& text) { return fmt::format("{:016x}", std::hash<std::string>{}(text)); }

/// A source without its lines of comment: prose changes nothing.
std::string code(const fs::path& file) {
  std::string kept;
  for (const auto& line : book::split_lines(book::read_file(file)))
    if (!book::trim(line).starts_with("//")) kept += line + "\n";
  return kept;
}

/// The code of all files below a path, in a fixed order, as one text.
std::string contents(const fs::path& path) {
  if (!fs::is_directory(path)) return code(path);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{path})
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  std::string all;
  for (const auto& file : files) all += file.filename().string() + "\n" + code(file);
  return all;
}

json to_json(const Result& result) {
  return {{"claims", result.findings.claims},
          {"tests", result.findings.tests},
          {"stopped", result.findings.stopped},
          {"seconds", result.seconds}};
}

Result from_json(const json& kept) {
  return {{kept.at("claims"), kept.at("tests"), kept.at("stopped")}, kept.at("seconds")};
}

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100. * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Results::Results(fs::path root, fs::path directory)
    : root_{std::move(root)}, directory_{std::move(directory)}, library_{digest(contents(root_ / "common"))} {
  fs::create_directories(directory_ / "control");
}

std::string Results::key(const std::string& test_or_program) const {
  const bool program = test_or_program.find('/') != std::string::npos;
  return library_ + digest(contents(program ? root_ / "chapters" / (test_or_program + ".cpp")
                                            : root_ / "tests" / test_or_program));
}

std::string Results::key(const Fault& fault) const {
  std::string all = fault.file + "\n" + fault.before + "\n" + fault.after + "\n";
  for (const auto& room : fault.tests) all += key(room);
  for (const auto& program : fault.programs) all += key(program);
  return digest(all);
}

std::optional<Result> Results::find(const Fault& fault) const {
  const fs::path file = directory_ / (fault.name + ".json");
  if (!fs::exists(file)) return std::nullopt;
  const json kept = json::parse(book::read_file(file), nullptr, false);
  if (!kept.is_object() || kept.value("key", "") != key(fault)) return std::nullopt;
  return from_json(kept);
}

void Results::add(const Fault& fault, const Result& result) const {
  json kept = to_json(result);
  kept["key"] = key(fault);
  book::write_if_changed(directory_ / (fault.name + ".json"), kept.dump() + "\n");
}

void Results::forget(const Fault& fault) const { fs::remove(directory_ / (fault.name + ".json")); }

fs::path Results::control(const std::string& test_or_program) const {
  return directory_ / "control" / book::replace_all(test_or_program, "/", "-");
}

bool Results::passes(const std::string& test_or_program) const {
  const fs::path file = control(test_or_program);
  return fs::exists(file) && book::read_file(file) == key(test_or_program);
}

void Results::passed(const std::string& test_or_program) const {
  book::write_if_changed(control(test_or_program), key(test_or_program));
}

std::string line(const Fault& fault, const Result& result) {
  std::vector<std::string> by;
  for (const auto& [program, claims] : result.findings.claims)
    by.push_back(fmt::format("{}: {}", program, fmt::join(claims, ", ")));
  for (const auto& room : result.findings.tests) by.push_back("tests of " + room);
  for (const auto& program : result.findings.stopped) by.push_back(program + " stops");
  const std::string why = result.caught()        ? fmt::format("by {}", fmt::join(by, "; "))
                          : fault.reason.empty() ? "UNEXPLAINED"
                                                 : fault.reason;
  return fmt::format("{} {} ({:.0f} s): {}", result.caught() ? "caught  " : "SURVIVED", fault.name,
                     result.seconds, why);
}

std::string summary(const std::vector<Fault>& faults, const Results& results) {
  std::size_t tried = 0, caught = 0, by_claim = 0;
  for (const auto& fault : faults)
    if (const auto result = results.find(fault)) {
      ++tried;
      caught += result->caught();
      by_claim += result->by_claim();
    }
  return fmt::format("{} of {} faults tried: {} caught ({:.1f} %), {} of them by a claim ({:.1f} %)", tried,
                     faults.size(), caught, percent(caught, tried), by_claim, percent(by_claim, tried));
}

json record(const std::vector<Fault>& faults, const Results& results, const std::string& version) {
  json tried = json::array();
  for (const auto& fault : faults)
    if (const auto result = results.find(fault)) {
      json entry = to_json(*result);
      entry["seconds"] = std::round(10 * result->seconds) / 10;
      entry["name"] = fault.name;
      entry["what"] = fault.what;
      entry["file"] = fault.file;
      if (!result->caught()) entry["reason"] = fault.reason;
      tried.push_back(std::move(entry));
    }
  return {{"schema", 1},
          {"version", version},
          {"date", fieldbook::today()},
          {"processor", fieldbook::processor_name()},
          {"planted", faults.size()},
          {"faults", tried}};
}

}  // namespace mutation
