#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fieldbook {

/// The valid values of a number: an interval, closed at both ends unless `open_below` (then min itself is refused).
template <class Number>
struct Range {
  Number min;
  Number max;
  bool open_below = false;

  /// True for a value inside; never for NaN.
  bool contains(Number value) const { return (open_below ? value > min : value >= min) && value <= max; }
};

/// All values from `min` on.
template <class Number>
Range<Number> at_least(Number min) {
  return {min, std::numeric_limits<Number>::max(), false};
}

/// All values greater than `min`.
template <class Number>
Range<Number> greater_than(Number min) {
  return {min, std::numeric_limits<Number>::max(), true};
}

/// All values from `min` to `max`, both included.
template <class Number>
Range<Number> between(Number min, Number max) {
  return {min, max, false};
}

/// How an option is shown: in `--help`, in the ledger and on the program's page.
struct OptionDeclaration {
  std::string name;           ///< without the leading dashes
  std::string type;           ///< integer, number, choice, integers, numbers or flag
  std::string default_value;  ///< as one would type it
  std::string range;          ///< the valid values in words
  std::string unit;           ///< empty where there is none
  std::string help;           ///< one phrase
  bool common = false;        ///< an option that every program has
};

/// The options of a program: each declared once with type, default, range, unit and help.
///
/// Values live as long as the Options object, so a program keeps references to them:
/// @code
///   const int& width = options.add("width", 16, at_least(1), "neurons in the hidden layer");
/// @endcode
class Options {
 public:
  Options();
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  /// A number (int, std::int64_t, std::uint64_t or double) inside `range`.
  template <class Number>
  const Number& add(const std::string& name, Number default_value, Range<Number> range,
                    const std::string& help, const std::string& unit = "", bool common = false);

  /// A list of numbers (int or double), typed as 1,4,16, each inside `range`; empty or repeated values are refused.
  template <class Number>
  const std::vector<Number>& add_list(const std::string& name, std::vector<Number> default_values,
                                      Range<Number> range, const std::string& help,
                                      const std::string& unit = "");

  /// One of `choices`.
  const std::string& add_choice(const std::string& name, const std::string& default_value,
                                std::vector<std::string> choices, const std::string& help);

  /// One or several of `choices`, typed as a,b; repeated values are refused.
  const std::vector<std::string>& add_choices(const std::string& name,
                                              std::vector<std::string> default_values,
                                              std::vector<std::string> choices, const std::string& help,
                                              bool common = false);

  /// True if given.
  const bool& add_flag(const std::string& name, const std::string& help, bool common = false);

  /// Any text that is not empty; in UTF-8, unless the option is `common`: then it may name any file, and no ledger keeps it.
  const std::string& add_text(const std::string& name, const std::string& default_value,
                              const std::string& range, const std::string& help, bool common = false);

  /// Reads the command line; every bad word of it throws BadOption.
  void parse(int argc, const char* const* argv);

  /// Was the option given on the command line?
  bool given(const std::string& name) const;

  /// All declarations, in the order of declaration.
  std::vector<OptionDeclaration> declarations() const;

  /// The values in force of the program's own options, as the ledger shows them.
  nlohmann::ordered_json values() const;

  /// The text of `--help` after the title.
  std::string help() const;

 private:
  struct Option;
  template <class Value>
  struct Typed;

  template <class Value, class Parse>
  const Value& declare(OptionDeclaration declaration, Value default_value, Parse parse);

  std::vector<std::unique_ptr<Option>> options_;
};

}  // namespace fieldbook
