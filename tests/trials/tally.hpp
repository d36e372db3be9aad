#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "trial.hpp"

namespace trials {

/// A kind of case, and what should come of it.
struct Kind {
  std::string name;
  std::string expected;
};

/// Counts cases by kind and by program, and remembers those that failed. Any thread may add to it.
class Tally {
 public:
  explicit Tally(std::vector<Kind> kinds) : kinds_{std::move(kinds)} {}

  /// Notes one case, `what` in short; it failed if there is an objection. The kind must be one of those declared.
  void add(const std::string& kind, const std::string& program, const std::string& what,
           const std::string& objection);

  /// Notes that cases of a kind cannot be tried on this machine, and why.
  void leave_out(const std::string& kind, const std::string& why);

  std::size_t cases() const;
  std::size_t failures() const { return failures_.size(); }
  /// The smallest number of cases of a program.
  std::size_t fewest() const;

  /// Kinds, with how many cases and of how many programs; programs; and, if there are any, the cases that failed.
  std::vector<Table> tables() const;

 private:
  struct Failure {
    std::string program, kind, what, objection;
    auto operator<=>(const Failure&) const = default;
  };

  std::size_t failures(const std::string Failure::*field, const std::string& value) const;
  Table kinds() const;
  Table programs() const;
  Table failed() const;

  std::vector<Kind> kinds_;
  std::map<std::string, std::map<std::string, std::size_t>> counts_;  ///< by kind, then by program
  std::map<std::string, std::string> left_out_;
  std::vector<Failure> failures_;
  std::mutex mutex_;
};

}  // namespace trials
