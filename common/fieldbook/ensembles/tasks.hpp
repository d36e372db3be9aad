#pragma once

#include <fieldbook/conductor.hpp>
#include <fieldbook/ensembles/bytes.hpp>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace fieldbook {

/// Calls work(task) for all tasks below `tasks` that are this process's, on the conductor's threads and in any order. What a
/// task throws ends the rest and comes out here.
template <Conductor C, class Work>
void on_threads(C& conductor, std::uint64_t tasks, Work work) {
  std::atomic<std::uint64_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto take_tasks = [&] {
    try {
      for (std::uint64_t task = next++; task < tasks; task = next++)
        if (conductor.mine(task)) work(task);
    } catch (...) {
      next = tasks;
      const std::lock_guard lock{mutex};
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < conductor.threads(); ++i) helpers.emplace_back(take_tasks);
    take_tasks();
  }
  if (failure) std::rethrow_exception(failure);
}

namespace detail {

/// Gives every process the states that only one of them has computed.
template <Conductor C, class State>
void share_states(C& conductor, std::vector<State>& states) {
  if (conductor.alone()) return;
  std::vector<std::string> bytes(states.size());
  for (std::uint64_t task = 0; task < states.size(); ++task)
    if (conductor.mine(task)) bytes[task] = to_bytes(states[task]);
  conductor.share(bytes);
  for (std::uint64_t task = 0; task < states.size(); ++task)
    if (!conductor.mine(task)) from_bytes(bytes[task], states[task]);
}

}  // namespace detail

/// Runs independent tasks, each in `steps` steps, on all threads and processes of the conductor, and returns their final
/// states.
///
/// `step(task, number, state)` takes the state of a task through one step. It is called from several threads at a time
/// and must depend on its arguments alone: so the result does not depend on threads, processes or interruptions. After
/// every step the conductor keeps the state, and a resumed run goes on from what was kept. `units(task)` is how much
/// work a step is, for the display of progress. State needs a default constructor or a copy, and what to_bytes needs.
template <Conductor C, class State, class Units, class Step>
std::vector<State> run_tasks(C& conductor, const std::string& stage, std::vector<State> states,
                             std::uint64_t steps, Units units, Step step) {
  double total = 0;
  for (std::uint64_t task = 0; task < states.size(); ++task)
    if (conductor.mine(task)) total += units(task) * static_cast<double>(steps);
  conductor.begin(stage, total);

  on_threads(conductor, states.size(), [&](std::uint64_t task) {
    std::uint64_t done = 0;
    if (const auto kept = conductor.kept(stage, task)) {
      from_bytes(kept->bytes, states[task]);
      done = kept->steps;
      conductor.advance(units(task) * static_cast<double>(done));
    }
    for (; done < steps; ++done) {
      step(task, done, states[task]);
      conductor.keep(stage, task, {done + 1, to_bytes(states[task])});
      conductor.advance(units(task));
    }
  });
  detail::share_states(conductor, states);
  return states;
}

}  // namespace fieldbook
