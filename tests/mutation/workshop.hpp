#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../programs/run.hpp"
#include "fault.hpp"

namespace mutation {

/// What noticed that something is wrong.
struct Findings {
  std::map<std::string, std::vector<std::string>> claims;  ///< the claims that fail, by program
  std::vector<std::string> tests;                          ///< the rooms whose unit tests fail
  std::vector<std::string> stopped;  ///< programs that end without claims, by an error or not at all

  bool nothing() const { return claims.empty() && tests.empty() && stopped.empty(); }
};

/// The sources do not compile or link, with what the compiler says.
struct BuildFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ctrl-C or SIGTERM.
struct Stopped {
  int status;
};

/// A copy of the sources with a build of its own, kept between runs so that only what depends on a fault is built again.
class Workshop {
 public:
  /// Copies the sources of `root` to `tree` and configures a build there, unless that is done.
  Workshop(std::filesystem::path root, std::filesystem::path tree, const std::string& preset);

  /// The sources as they are, with or without a fault in them.
  void restore() const;
  void plant(const Fault& fault) const;

  /// Builds unit tests and programs; throws BuildFailed.
  void build(const std::vector<std::string>& tests, const std::vector<std::string>& programs) const;

  /// Runs what has been built; programs with --quick and the default seed.
  Findings run(const std::vector<std::string>& tests, const std::vector<std::string>& programs) const;

 private:
  std::filesystem::path root_, tree_;
  programs::Scratch scratch_;

  programs::Outcome command(const std::string& line) const;
  void run_program(const std::string& program, Findings& findings) const;
};

}  // namespace mutation
