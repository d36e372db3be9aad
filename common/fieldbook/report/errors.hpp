#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace fieldbook {

/// What a program's exit status says; the contract of every program.
enum class ExitStatus : int { all_claims_hold = 0, some_claim_fails = 1, bad_usage = 2, machine_failed = 3 };

/// An option that cannot be used: one line that names the option, the value and what would be valid.
struct BadOption : std::runtime_error {
  BadOption(std::string_view option, std::string_view value, std::string_view expected)
      : std::runtime_error{"--" + std::string{option} + ": '" + std::string{value} +
                           "' is not valid; expected " + std::string{expected}} {}
  explicit BadOption(const std::string& line) : std::runtime_error{line} {}
};

/// The machine, not the physics, failed (disk full, gnuplot missing); the message says what to do.
struct MachineFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ctrl-C, SIGTERM, SIGHUP or the end of CPU time arrived; nothing of the old results has been touched.
struct Interrupted : std::runtime_error {
  explicit Interrupted(int signal_number, const std::string& addition = "")
      : std::runtime_error{"interrupted; earlier results are untouched" + addition}, signal{signal_number} {}
  int signal;
};

}  // namespace fieldbook
