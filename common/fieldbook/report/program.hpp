#pragma once

#include <fieldbook/estimate.hpp>
#include <fieldbook/report/checkpoint.hpp>
#include <fieldbook/report/claims.hpp>
#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/figure.hpp>
#include <fieldbook/report/options.hpp>
#include <fieldbook/report/output.hpp>
#include <fieldbook/report/progress.hpp>
#include <fieldbook/report/ranks.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fieldbook {

class Report;

/// The frame of a literate program: its options, claims and figures are declared once, then it runs.
///
/// @code
/// int main(int argc, char** argv) {
///   Program program{"statistics/non_gaussian", "3.2", "How Gaussian is a network of finite width?"};
///   const int& width = program.option("width", 16, at_least(1), "neurons in the hidden layer");
///   program.figure("density", "The sampled density leaves the Gaussian first in its tails.");
///   program.claims([&](Claims& claims) {
///     claims.statistical("fourth-cumulant", "NG-1", "the fourth cumulant is $3(...)/N$");
///   });
///   return program.run(argc, argv, [&](Report& report) {
///     report.compare("fourth-cumulant", predicted_fourth_cumulant(width), sampled_fourth_cumulant(report, width));
///     report.draw("density", ...);
///   });
/// }
/// @endcode
class Program {
 public:
  /// `name` is `chapter/program`, `lecture` the section of the lectures, `title` the heading of the program's page.
  Program(std::string name, std::string lecture, std::string title);

  /// A number inside `range`; the reference stays valid and holds the value in force once the program runs.
  template <class Number>
  const Number& option(const std::string& name, Number default_value, Range<Number> range,
                       const std::string& help, const std::string& unit = "") {
    return options_.add(name, default_value, range, help, unit);
  }

  /// A list of numbers, each inside `range`.
  template <class Number>
  const std::vector<Number>& list(const std::string& name, std::vector<Number> default_values,
                                  Range<Number> range, const std::string& help,
                                  const std::string& unit = "") {
    return options_.add_list(name, std::move(default_values), range, help, unit);
  }

  /// One of several words.
  const std::string& choice(const std::string& name, const std::string& default_value,
                            std::vector<std::string> choices, const std::string& help) {
    return options_.add_choice(name, default_value, std::move(choices), help);
  }

  /// Any non-empty subset of several words.
  const std::vector<std::string>& choices(const std::string& name, std::vector<std::string> default_values,
                                          std::vector<std::string> all, const std::string& help) {
    return options_.add_choices(name, std::move(default_values), std::move(all), help);
  }

  /// Any text; `range` says in words what is valid, and `validate` checks it.
  const std::string& text(const std::string& name, const std::string& default_value, const std::string& range,
                          const std::string& help) {
    return options_.add_text(name, default_value, range, help);
  }

  /// The size of the ensemble: `full` draws, or `quick` with --quick, or what --samples says (at least `minimum`).
  /// The reference stays valid and holds the number in force once the program runs.
  const std::int64_t& samples(std::int64_t full, std::int64_t quick, std::int64_t minimum);

  /// Checks that single options cannot express; `check` throws BadOption.
  void validate(std::function<void()> check) { checks_.push_back(std::move(check)); }

  /// Declares a figure; its caption says what to see.
  void figure(const std::string& id, const std::string& caption);

  /// Declares the claims; called once the values of the options are known, before anything is computed.
  void claims(std::function<void(Claims&)> declare) { declare_claims_ = std::move(declare); }

  /// Is this a --quick run? Known inside the callbacks.
  bool quick() const { return quick_; }

  /// Parses the command line, runs the experiment, writes figures and ledger, prints the claims, and returns the exit
  /// status (see ExitStatus; 128 + signal after an interruption).
  int run(int argc, const char* const* argv, const std::function<void(Report&)>& experiment);

 private:
  friend class Report;

  struct FigureRecord {
    std::string id;
    std::string caption;
    std::vector<std::string> files;
    bool skipped = false;
  };

  void parse(int argc, const char* const* argv);
  bool answer_questions() const;
  ExitStatus perform(const Ranks& ranks, const std::function<void(Report&)>& experiment);
  void write_results(const Output& output, double seconds) const;
  ExitStatus judge(double seconds) const;
  nlohmann::ordered_json owner_of_checkpoint() const;
  std::vector<std::string> obsolete_files() const;
  nlohmann::ordered_json ledger() const;
  std::string replay() const;
  void print_choices() const;

  std::string name_;
  std::string lecture_;
  std::string title_;
  Options options_;
  std::vector<std::function<void()>> checks_;
  std::function<void(Claims&)> declare_claims_;
  Claims claims_;
  std::vector<FigureRecord> figures_;
  std::int64_t samples_ = 0;
  std::int64_t quick_samples_ = 0;
  const std::int64_t* samples_option_ = nullptr;
  std::string command_;

  const std::uint64_t& seed_;
  const bool& quick_;
  const int& threads_;
  const std::string& out_;
  const std::vector<std::string>& formats_;
  const bool& no_figures_;
  const bool& resume_;
  const bool& keep_going_;
  const bool& list_claims_;
  const bool& help_;
  const bool& version_;
};

/// What a running experiment sees of its program. It also conducts the engine of `ensembles`: how many threads to use,
/// whom to tell of progress, when to stop, what to keep for a run that goes on later (see Conductor).
class Report {
 public:
  /// Figures go to the directory `staging`; if that is empty, nothing is drawn.
  Report(Program& program, const Ranks& ranks, Checkpoint& checkpoint, std::string staging)
      : program_{program}, ranks_{ranks}, checkpoint_{checkpoint}, staging_{std::move(staging)} {}

  /// The seed of all random streams.
  std::uint64_t seed() const { return program_.seed_; }

  /// Number of threads to use.
  int threads() const { return program_.threads_; }

  /// Starts a stage of `total` units of work; its name must be new.
  void begin(const std::string& stage, double total);

  /// Notes progress from any thread; throws Interrupted after Ctrl-C.
  void advance(double amount) { progress_.advance(amount); }

  /// Is task number `task` for this process, and is this the only process?
  bool mine(std::uint64_t task) const {
    return task % static_cast<std::uint64_t>(ranks_.size()) == static_cast<std::uint64_t>(ranks_.rank());
  }
  bool alone() const { return ranks_.size() == 1; }

  /// Gives every process the states of all tasks.
  void share(std::vector<std::string>& states) const { ranks_.share(states); }

  /// Keeps the state of a task for --resume, and gives back what an interrupted run had kept.
  void keep(const std::string& stage, std::uint64_t task, TaskState state) {
    checkpoint_.keep(stage, task, std::move(state));
  }
  std::optional<TaskState> kept(const std::string& stage, std::uint64_t task) {
    return checkpoint_.kept(stage, task);
  }

  /// Decides a declared claim: theory meets experiment.
  void compare(const std::string& claim, Estimate predicted, Estimate measured) {
    program_.claims_.compare(claim, predicted, measured);
  }

  /// Draws a declared figure (nothing with --no-figures).
  void draw(const std::string& id, const Figure& figure);

  /// The same for a figure that has to be sampled: `make` is called only if figures are wanted.
  template <std::invocable Make>
  void draw(const std::string& id, Make make) {
    if (!program_.no_figures_) draw(id, make());
  }

  /// Says that a declared figure has nothing to show with these options.
  void skip(const std::string& id) { record_of(id).skipped = true; }

 private:
  Program::FigureRecord& record_of(const std::string& id);

  Program& program_;
  const Ranks& ranks_;
  Checkpoint& checkpoint_;
  std::string staging_;
  Progress progress_;
  std::set<std::string> stages_;
};

}  // namespace fieldbook
