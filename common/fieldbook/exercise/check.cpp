#include <fieldbook/exercise/check.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

namespace fieldbook {

namespace {

constexpr int solved = 0, wrong = 1, not_done_yet = 77;

struct NotDone {
  const char* file;
  int line;
};

struct Wrong {
  std::string message;
};

/// How far off, in the way that points to the mistake: a ratio, where there is one.
std::string compared(double got, double expected) {
  if (!std::isfinite(got)) return "that is no number";
  if (expected == 0) return fmt::format("{:.6g} too {}", std::abs(got), got > 0 ? "much" : "little");
  return fmt::format("{:.6g} times what was expected", got / expected);
}

}  // namespace

void detail::not_done(const char* file, int line) { throw NotDone{file, line}; }

void Check::expect(const std::string& what, double got, double expected, double tolerance,
                   const std::string& advice) {
  if (std::abs(got - expected) <= tolerance * std::max(1., std::abs(expected))) {
    ++met_;
    return;
  }
  throw Wrong{fmt::format("{}\n  expected {:.10g}\n  got      {:.10g}   ({})\n{}", what, expected, got,
                          compared(got, expected), advice.empty() ? "" : "  " + advice + "\n")};
}

int check_answer(const std::function<void(Check&)>& check) {
  Check state;
  try {
    check(state);
  } catch (const NotDone& stub) {
    fmt::print("Not done yet: {}, line {}.\n", stub.file, stub.line);
    return not_done_yet;
  } catch (const Wrong& mistake) {
    fmt::print("Wrong, after {} expectations met: {}", state.met(), mistake.message);
    return wrong;
  } catch (const std::exception& error) {
    fmt::print("Wrong: the answer stopped with an exception: {}\n", error.what());
    return wrong;
  }
  fmt::print("Solved: all {} expectations are met.\n", state.met());
  return solved;
}

}  // namespace fieldbook
