#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fieldbook {

/// What a task of a long computation has reached: the number of steps done, and its state in bytes.
struct TaskState {
  std::uint64_t steps;
  std::string bytes;
};

/// Who conducts a long computation. It says how many threads to use; hears of progress, and may stop the computation by
/// throwing from `advance`; says which tasks this process has (`mine`) and hands what each process has found to all of
/// them (`share`); keeps the states of tasks, and gives back what an interrupted run had kept. A program's Report is
/// one; so is anything else of this shape. `begin` opens a stage, whose name must not occur twice in a run.
template <class C>
concept Conductor = requires(C& conductor, const std::string& stage, double amount, std::uint64_t task,
                             TaskState state, std::vector<std::string> states) {
  { conductor.threads() } -> std::convertible_to<int>;
  conductor.begin(stage, amount);
  conductor.advance(amount);
  { conductor.mine(task) } -> std::convertible_to<bool>;
  { conductor.alone() } -> std::convertible_to<bool>;
  conductor.share(states);
  conductor.keep(stage, task, state);
  { conductor.kept(stage, task) } -> std::same_as<std::optional<TaskState>>;
};

/// The conductor of a computation that is short, or not watched: one thread, one process, nothing is kept.
struct PlainConductor {
  int threads() const { return 1; }
  void begin(const std::string&, double) {}
  void advance(double) {}
  bool mine(std::uint64_t) const { return true; }
  bool alone() const { return true; }
  void share(std::vector<std::string>&) {}
  void keep(const std::string&, std::uint64_t, TaskState) {}
  std::optional<TaskState> kept(const std::string&, std::uint64_t) { return std::nullopt; }
};

}  // namespace fieldbook
