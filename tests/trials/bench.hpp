#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "../programs/refusals.hpp"
#include "inventory.hpp"
#include "trial.hpp"

namespace trials {

using programs::Outcome;
using programs::shell_word;

/// A shell command that runs `command` with a tmpfs of its own at `directory`, both as the shell reads them; see mount(8) for the
/// options.
std::string mounted(const std::string& options, const std::string& directory, const std::string& command);

/// Files of a directory and what is in them.
using Contents = std::vector<std::pair<std::string, std::string>>;

/// A program in a place of its own, with the results of an earlier run there, which nothing that goes wrong may touch.
class Bench {
 public:
  /// Runs the program `name` once, as small as it goes.
  Bench(const Place& place, const std::string& name);

  const std::string& name() const { return name_; }
  const nlohmann::json& ledger() const { return ledger_; }
  const programs::Scratch& scratch() const { return scratch_; }

  /// A path in the scratch directory, as a word of the shell.
  std::string in(const std::string& file) const { return shell_word((scratch_.path / file).string()); }

  /// The program, as a word of the shell.
  std::string program() const { return shell_word(executable_.string()); }

  /// The program with options of a run that is as small as it goes, on one thread, and not the run of the earlier results.
  std::string small_run() const { return program() + smallest_ + " --seed 3"; }

  /// The directory of the earlier results, and the option that names it.
  std::filesystem::path old() const { return scratch_.path / "old"; }
  std::string to_old() const { return " --out " + in("old"); }

  /// Runs a command of the shell, for two minutes at most; Interrupted if Ctrl-C has ended it.
  Outcome run(const std::string& command) const;

  /// Does the machine let a user mount file systems in a name space?
  bool can_mount() const { return run(mounted("ro", in(""), "true")).status == 0; }

  /// Runs a command that must give up with an exit status, one line with all `words`, and the earlier results untouched. What is
  /// wrong about the way it does; empty if nothing is.
  std::string objection(const std::string& command, int status, const std::vector<std::string>& words) const;

  /// What has happened to the earlier results; empty if nothing has. A checkpoint beside them is no harm.
  std::string harm() const;

  /// Puts the earlier results back.
  void restore() const;

 private:
  std::string name_;
  std::filesystem::path executable_;
  programs::Scratch scratch_;
  std::string smallest_;
  nlohmann::json ledger_;
  Contents contents_;
};

}  // namespace trials
