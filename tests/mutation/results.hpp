#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fault.hpp"
#include "workshop.hpp"

namespace mutation {

/// What became of a fault.
struct Result {
  Findings findings;
  double seconds = 0;  ///< to build and run all

  bool caught() const { return !findings.nothing(); }
  bool by_claim() const { return !findings.claims.empty(); }
};

/// What has been found with the present sources, kept in a directory so that an interrupted run goes on where it was.
class Results {
 public:
  /// Keeps results of `root` in `directory`.
  Results(std::filesystem::path root, std::filesystem::path directory);

  /// The result of a fault, if the library and whatever the fault names are what they were.
  std::optional<Result> find(const Fault& fault) const;
  void add(const Fault& fault, const Result& result) const;
  void forget(const Fault& fault) const;

  /// Whether the unit tests of a room, or a program, pass without any fault.
  bool passes(const std::string& test_or_program) const;
  void passed(const std::string& test_or_program) const;

 private:
  std::filesystem::path root_, directory_;
  std::string library_;  ///< a digest of common/

  std::string key(const Fault& fault) const;
  std::string key(const std::string& test_or_program) const;
  std::filesystem::path control(const std::string& test_or_program) const;
};

/// One line on a result: caught or survived, by what, in how long.
std::string line(const Fault& fault, const Result& result);

/// The sum of many results in words.
std::string summary(const std::vector<Fault>& faults, const Results& results);

/// The record that the book shows: what has been tried, and with which version.
nlohmann::json record(const std::vector<Fault>& faults, const Results& results, const std::string& version);

}  // namespace mutation
