#include "refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace programs {

namespace {

/// One option as its ledger declares it.
struct Option {
  std::string name, type, range, value;  ///< value: a valid one

  explicit Option(const nlohmann::json& declared)
      : name{declared["name"]}, type{declared["type"]}, range{declared["range"]}, value{declared["default"]} {
    if (name == "threads") value = "1";
  }
  bool list() const { return type.ends_with("s"); }
  bool numeric() const { return type.starts_with("integer") || type.starts_with("number"); }
  /// The valid values of one entry.
  std::string single() const {
    return range.starts_with("each ") ? range.substr(5, range.find(',') - 5) : range;
  }
};

/// Collects what is wrong with one option.
class Collector {
 public:
  Collector(const Option& option, std::vector<Refusal>& all) : option_{option}, all_{all} {}

  void add(const std::string& kind, const std::string& options, std::vector<std::string> words) {
    words.push_back(option_.name);
    all_.push_back({kind, option_.name, options, std::move(words)});
  }
  /// A value that is named in the complaint, and beside it what is valid.
  void value(const std::string& kind, const std::string& value, const std::string& valid) {
    add(kind, "--" + option_.name + " " + shell_word(value), {"--" + option_.name + ": '" + value, valid});
  }

 private:
  const Option& option_;
  std::vector<Refusal>& all_;
};

/// The numbers in a range next to its ends, outside of it.
std::vector<std::string> outside(const Option& option) {
  static const std::regex ends{
      R"(at least (\S+)|greater than (\S+) and at most (\S+)|greater than (\S+)|(\S+) \.\.\. (\S+))"};
  std::smatch match;
  const std::string single = option.single();
  if (!std::regex_match(single, match, ends)) return {};
  const auto beyond = [&](const std::string& end, int side) {
    if (option.type.starts_with("integer")) return fmt::format("{}", std::stoll(end) + side);
    const double number = std::stod(end);
    return fmt::format("{}", number + side * std::max(1e-6 * std::abs(number), 1e-9));
  };
  std::vector<std::string> values;
  for (const int group : {1, 5})
    if (match[group].matched) values.push_back(beyond(match[group], -1));
  for (const int group : {2, 4})  // the end itself is not valid
    if (match[group].matched) values.push_back(match[group]);
  for (const int group : {3, 6})
    if (match[group].matched) values.push_back(beyond(match[group], 1));
  return values;
}

void bad_numbers(const Option& option, Collector& bad) {
  const std::string valid = option.single();
  for (const char* value : {"banana", "12x", "0x10", "true", "½", "١٢", " 5", "5 ", "1 2", "1_000"})
    bad.value("wrong type", value, valid);
  if (option.type.starts_with("integer"))
    for (const char* value : {"1.5", "1e3"}) bad.value("wrong type", value, valid);
  for (const char* value : {"nan", "NaN", "-nan", "nan(1)", "inf", "-inf", "+inf", "Infinity"})
    bad.value("not finite", value, valid);
  for (const char* value : {"1e400", "-1e400", "-1e30", "99999999999999999999", "-99999999999999999999"})
    bad.value("huge", value, valid);
  for (const std::string& value : outside(option)) bad.value("beside the range", value, valid);
  bad.add("5000 characters", fmt::format("--{} {:1<5000}", option.name, ""), {"'1111", valid});
}

void bad_lists(const Option& option, Collector& bad) {
  const std::string& value = option.value;
  std::string thousand = value;
  for (int i = 1; i < 1000; ++i) thousand += "," + value;
  bad.add("repeated entry", fmt::format("--{} {}", option.name, thousand), {value, "every value once"});
  bad.value("repeated entry", value + "," + value, "every value once");
  for (const std::string& malformed : {std::string{","}, value + ",", "," + value, value + ",," + value,
                                       value + ";" + value, value + ", " + value, value + ",banana"})
    bad.value("malformed list", malformed, option.numeric() ? option.single() : "");
}

void bad_words(const Option& option, Collector& bad) {
  bad.value("wrong type", "banana", "");
  bad.value("wrong type", option.value + "x", "");
  bad.value("wrong type", "ReLU²", "");
  bad.value("wrong type", "3", "");
  bad.add("5000 characters", fmt::format("--{} {:x<5000}", option.name, ""), {"'xxxx"});
}

void bad_values(const Option& option, Collector& bad) {
  bad.add("no value", fmt::format("--{} --quick", option.name), {option.range});
  bad.add("no value", fmt::format("--quick --{}", option.name), {option.range});
  bad.add("no value", fmt::format("--{} --5", option.name), {option.range});
  const auto& valid = option.value.empty() ? "x" : option.value;
  bad.add("given twice", fmt::format("--{0} {1} --{0} {1}", option.name, shell_word(valid)), {"twice"});
  if (option.type == "text") return;
  bad.value("empty", "", "");
  bad.add("empty", fmt::format("--{}=", option.name), {});
  // Escaped, so that the complaint stays one line
  bad.add("line breaks and control characters", fmt::format("--{} '1\n2'", option.name), {"1\\n2"});
  bad.add("line breaks and control characters", fmt::format("--{} '\x1b[31m1\r'", option.name),
          {"\\x1b[31m1\\x0d"});
  if (option.numeric())
    bad_numbers(option, bad);
  else
    bad_words(option, bad);
  if (option.list()) bad_lists(option, bad);
}

}  // namespace

std::string shell_word(const std::string& text) {
  return "'" + std::regex_replace(text, std::regex{"'"}, "'\\''") + "'";
}

std::vector<Refusal> refusals(const nlohmann::json& declared_options) {
  std::vector<Refusal> all;
  for (const auto& declared : declared_options) {
    const Option option{declared};
    Collector bad{option, all};
    if (option.type == "flag") {
      bad.add("a flag with a value", fmt::format("--{}=1", option.name), {"no value"});
      bad.add("given twice", fmt::format("--{0} --{0}", option.name), {"twice"});
    } else if (option.name != "out") {
      bad_values(option, bad);
    }
  }
  for (const char* options :
       {"--no-such-option 3", "--no-such-option=3", "--see 1", "--SEED 1", "--größe 3", "-x", "-seed 1"})
    all.push_back({"unknown option", "", options, {"unknown option", "--help"}});
  for (const char* options : {"stray", "''", "-", "--seed 1 stray", "-- stray", "'1\n2'"})
    all.push_back({"stray word", "", options, {"unexpected", "--help"}});
  all.push_back(
      {"several mistakes at once", "", "--seed banana --threads 0 --format gif", {"--seed", "banana"}});
  all.push_back({"several mistakes at once", "", "--threads 0 --no-such-option", {"--no-such-option"}});
  return all;
}

std::string objection(const Outcome& outcome, int status, const std::vector<std::string>& words) {
  if (outcome.status != status)
    return fmt::format("exit status {} instead of {}: {}", outcome.status, status, outcome.err);
  if (lines(outcome.err) != 1 || outcome.err.find('\n') + 1 != outcome.err.size())
    return fmt::format("{} lines on stderr: {}", lines(outcome.err), outcome.err);
  for (const std::string& word : words)
    if (outcome.err.find(word) == std::string::npos)
      return fmt::format("'{}' is not named: {}", word, outcome.err);
  return "";
}

std::string objection(const Scratch& scratch, const std::string& program, const Refusal& refusal) {
  const auto out = scratch.path / "refused";
  const Outcome outcome =
      run(scratch, fmt::format("{} --out {} {}", program, shell_word(out.string()), refusal.options));
  if (!outcome.out.empty()) return "printed: " + outcome.out;
  if (std::filesystem::exists(out)) return "wrote " + out.filename().string();
  return objection(outcome, 2, refusal.words);
}

}  // namespace programs
