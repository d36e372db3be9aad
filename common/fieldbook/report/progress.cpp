#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/progress.hpp>

#include <fmt/format.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdio>

namespace fieldbook {

namespace {

std::atomic<int> asked_to_stop{0};
static_assert(std::atomic<int>::is_always_lock_free);  // or a signal handler could not touch it

extern "C" void ask_to_stop(int signal) {
  if (asked_to_stop != 0) ::_exit(128 + signal);
  asked_to_stop = signal;
}

}  // namespace

void listen_for_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGXCPU, &action, nullptr);
  // A terminal that is closed, unless nohup has said that it may be
  if (::signal(SIGHUP, SIG_IGN) != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
  // A gnuplot that dies, or a file that grows beyond its limit, shows as a failed write, not as our death
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

void stop_if_asked() {
  if (asked_to_stop != 0) throw Interrupted{asked_to_stop};
}

Progress::Progress() : shown_{::isatty(STDERR_FILENO) != 0}, start_{Clock::now()}, last_{start_} {}

Progress::~Progress() { clear(); }

void Progress::begin(std::string stage, double total) {
  stop_if_asked();
  const std::lock_guard lock{mutex_};
  stage_ = std::move(stage);
  total_ = total;
  done_ = 0;
  start_ = last_ = Clock::now();
}

void Progress::advance(double amount) {
  stop_if_asked();
  const std::lock_guard lock{mutex_};
  done_ += amount;
  const Clock::time_point now = Clock::now();
  if (!shown_ || now - last_ < std::chrono::milliseconds{200} || done_ <= 0) return;
  last_ = now;
  on_screen_ = true;
  const double left = std::chrono::duration<double>(now - start_).count() * (total_ / done_ - 1);
  std::fputs(fmt::format("\r\033[K{}: {:.0f} %, {:.0f} s left", stage_, 100 * done_ / total_, left).c_str(),
             stderr);
  std::fflush(stderr);
}

void Progress::clear() {
  const std::lock_guard lock{mutex_};
  if (on_screen_) std::fputs("\r\033[K", stderr);
  on_screen_ = false;
}

}  // namespace fieldbook
