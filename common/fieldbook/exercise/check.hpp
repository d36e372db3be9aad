#pragma once

#include <functional>
#include <string>

namespace fieldbook {

/// What a stub does: the exercise is not done yet, in that line of the answer.
#define EXERCISE_TODO() ::fieldbook::detail::not_done(__FILE__, __LINE__)

namespace detail {
[[noreturn]] void not_done(const char* file, int line);
}

/// The check of an answer: expectations in the terms of the physics, until the first that is wrong.
///
/// @code
/// int main() {
///   return check_answer([](Check& check) {
///     check.expect("kappa_6 of the sum of 10 linear neurons", cumulant_of_sum(6, 120, 10), 0.012, 1e-12);
///   });
/// }
/// @endcode
class Check {
 public:
  /// |got - expected| <= tolerance * max(1, |expected|), or the answer is wrong; `advice` says where to look then.
  void expect(const std::string& what, double got, double expected, double tolerance,
              const std::string& advice = "");

  /// How many expectations have been met.
  int met() const { return met_; }

 private:
  int met_ = 0;
};

/// Runs a check, says on stdout what came out, and returns the exit status: 0 solved; 1 wrong: expected, got, their ratio and
/// an advice; 77 not done yet: file and line of the stub.
int check_answer(const std::function<void(Check&)>& check);

}  // namespace fieldbook
