#pragma once

#include <memory>
#include <span>
#include <string>

namespace fieldbook {

/// A formula as a user types it: numbers, + - * / ^, parentheses, pi, sin cos tan asin acos atan sinh cosh tanh exp log (natural) sqrt
/// abs, comparisons with cond ? a : b, and the variables x1, x2, ..., x9 (x and y may stand for x1 and x2). Parsed by muParser.
///
/// Not to be evaluated by several threads at a time.
class Formula {
 public:
  /// std::invalid_argument with what is wrong and where.
  explicit Formula(const std::string& text);
  Formula(Formula&&) noexcept;
  ~Formula();

  /// The largest number of a variable that occurs; 0 for a constant.
  int variables() const { return variables_; }

  /// The value at x; not finite where the formula has none. std::invalid_argument for fewer x than variables.
  double operator()(std::span<const double> x) const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  int variables_ = 0;
};

}  // namespace fieldbook
