#pragma once

#include <string>

#include "bench.hpp"
#include "tally.hpp"

namespace trials {

/// A program with a run of some seconds that nothing disturbed, beside which runs are put that something does disturb.
class Subject {
 public:
  Subject(const Place& place, const std::string& name, Tally& tally);

  const Bench& bench() const { return bench_; }
  double seconds() const { return seconds_; }  ///< how long the undisturbed run took

  /// The same run with all formats of figures. Its results go to a directory of the scratch place, "run" if none is named.
  std::string command(const std::string& options = "") const { return command_in("run", options); }
  std::string command_in(const std::string& directory, const std::string& options = "") const;

  /// The same run where the earlier results are.
  std::string over_old(const std::string& options = "") const { return command_in("old", options); }

  /// What is wrong with an outcome that should be a whole run into `directory`, which goes away.
  std::string difference(const Outcome& outcome, const std::string& directory = "run") const;

  /// Notes a case that should give the bytes of the undisturbed run.
  void same_bytes(const std::string& kind, const std::string& what, const std::string& shell) const;

  /// Notes a case that should end with status 3 and one line, or, where the machine has enough of what is short, with the bytes
  /// of the undisturbed run. Its results must go where the earlier ones are. Returns whether the run gave up.
  bool whole_or_not_at_all(const std::string& kind, const std::string& what, const std::string& shell) const;

  void add(const std::string& kind, const std::string& what, const std::string& objection) const {
    tally_.add(kind, bench_.name(), what, objection);
  }
  void leave_out(const std::string& kind, const std::string& why) const { tally_.leave_out(kind, why); }

 private:
  Bench bench_;
  Tally& tally_;
  std::string options_;
  Contents whole_;
  double seconds_ = 0;
};

}  // namespace trials
