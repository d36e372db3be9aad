#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace fieldbook {

/// Installs handlers for Ctrl-C, SIGTERM, SIGHUP and the end of CPU time that ask the program to stop at the next block of work. A second signal
/// ends it at once.
void listen_for_signals();

/// Throws Interrupted if a signal has asked the program to stop.
void stop_if_asked();

/// A line on stderr that says what is being done and how long it will take; silent where stderr is not a terminal.
class Progress {
 public:
  Progress();
  ~Progress();

  /// Starts a stage of `total` units of work.
  void begin(std::string stage, double total);

  /// Notes that `amount` more units are done. Safe to call from several threads; throws Interrupted on request.
  void advance(double amount);

  /// Wipes the line.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::mutex mutex_;
  bool shown_;
  bool on_screen_ = false;
  std::string stage_;
  double total_ = 0;
  double done_ = 0;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace fieldbook
