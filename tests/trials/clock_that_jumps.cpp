// For LD_PRELOAD: every clock jumps to and fro, by up to a day at every look.
#include <dlfcn.h>
#include <sys/time.h>
#include <atomic>
#include <cstdint>
#include <ctime>

namespace {

std::time_t jump() {
  static std::atomic<std::uint64_t> looks{0};
  constexpr std::time_t day = 86400;
  return static_cast<std::time_t>((++looks * 0x9e3779b97f4a7c15U) >> 33) % (2 * day) - day;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* when) noexcept {
  static const auto original =
      reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int status = original(clock, when);
  when->tv_sec += jump();
  return status;
}

int gettimeofday(timeval* when, void*) noexcept {
  timespec now{};
  const int status = clock_gettime(CLOCK_REALTIME, &now);
  *when = {now.tv_sec, now.tv_nsec / 1000};
  return status;
}

std::time_t time(std::time_t* when) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (when != nullptr) *when = now.tv_sec;
  return now.tv_sec;
}
}
