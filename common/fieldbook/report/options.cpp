#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/options.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <boost/lexical_cast/try_lexical_convert.hpp>
#include <boost/program_options.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

namespace fieldbook {

namespace po = boost::program_options;

struct Options::Option {
  OptionDeclaration declaration;
  bool given = false;

  explicit Option(OptionDeclaration d) : declaration{std::move(d)} {}
  virtual ~Option() = default;
  virtual void set(const std::string& text) = 0;
  virtual nlohmann::ordered_json value() const = 0;
};

template <class Value>
struct Options::Typed : Option {
  Value current;
  std::function<Value(const std::string&)> parse;

  Typed(OptionDeclaration d, Value default_value, std::function<Value(const std::string&)> p)
      : Option{std::move(d)}, current{std::move(default_value)}, parse{std::move(p)} {}
  void set(const std::string& text) override { current = parse(text); }
  nlohmann::ordered_json value() const override { return current; }
};

namespace {

template <class Number>
constexpr const char* noun() {
  return std::is_integral_v<Number> ? "integer" : "number";
}

template <class Number>
std::string in_words(const Range<Number>& range) {
  const char* const comparison = range.open_below ? "greater than" : "at least";
  if (range.max == std::numeric_limits<Number>::max()) return fmt::format("{} {}", comparison, range.min);
  if (range.open_below) return fmt::format("greater than {} and at most {}", range.min, range.max);
  return fmt::format("{} ... {}", range.min, range.max);
}

template <class Number>
std::string expectation(const Range<Number>& range) {
  const char* const article = std::is_integral_v<Number> ? "an" : "a";
  return fmt::format("{} {}, {}", article, noun<Number>(), in_words(range));
}

/// Reads one number; lexical_cast takes "-1" for an unsigned one, which the sign check refuses.
template <class Number>
Number parse_number(const std::string& option, const std::string& whole, const std::string& text,
                    const Range<Number>& range) {
  Number number{};
  const bool negative_unsigned = std::is_unsigned_v<Number> && text.find('-') != std::string::npos;
  if (negative_unsigned || !boost::conversion::try_lexical_convert(text, number) || !range.contains(number))
    throw BadOption{option, whole, expectation(range)};
  return number;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

template <class Value>
void refuse_repetitions(const std::string& option, const std::string& text,
                        const std::vector<Value>& values) {
  if (std::set<Value>(values.begin(), values.end()).size() != values.size())
    throw BadOption{option, text, "every value once"};
}

const std::string& parse_choice(const std::string& option, const std::string& whole, const std::string& text,
                                const std::vector<std::string>& choices) {
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found == choices.end()) throw BadOption{option, whole, fmt::format("{}", fmt::join(choices, " or "))};
  return *found;
}

/// The ledger keeps texts as JSON, which is UTF-8.
bool is_utf8(const std::string& text) try {
  static_cast<void>(nlohmann::json(text).dump());
  return true;
} catch (const nlohmann::json::type_error&) {
  return false;
}

}  // namespace

Options::Options() = default;
Options::~Options() = default;

template <class Value, class Parse>
const Value& Options::declare(OptionDeclaration declaration, Value default_value, Parse parse) {
  for (const auto& option : options_)
    if (option->declaration.name == declaration.name)
      throw std::logic_error{"option --" + declaration.name + " is declared twice"};
  auto option =
      std::make_unique<Typed<Value>>(std::move(declaration), std::move(default_value), std::move(parse));
  const Value& value = option->current;
  options_.push_back(std::move(option));
  return value;
}

template <class Number>
const Number& Options::add(const std::string& name, Number default_value, Range<Number> range,
                           const std::string& help, const std::string& unit, bool common) {
  return declare<Number>(
      {name, noun<Number>(), fmt::format("{}", default_value), in_words(range), unit, help, common},
      default_value,
      [name, range](const std::string& text) { return parse_number<Number>(name, text, text, range); });
}

template <class Number>
const std::vector<Number>& Options::add_list(const std::string& name, std::vector<Number> default_values,
                                             Range<Number> range, const std::string& help,
                                             const std::string& unit) {
  const std::string shown = fmt::format("{}", fmt::join(default_values, ","));
  const std::string words = "each " + in_words(range) + ", separated by commas";
  return declare<std::vector<Number>>({name, std::string{noun<Number>()} + "s", shown, words, unit, help},
                                      std::move(default_values), [name, range](const std::string& text) {
                                        std::vector<Number> numbers;
                                        for (const std::string& part : split(text))
                                          numbers.push_back(parse_number<Number>(name, text, part, range));
                                        refuse_repetitions(name, text, numbers);
                                        return numbers;
                                      });
}

const std::string& Options::add_choice(const std::string& name, const std::string& default_value,
                                       std::vector<std::string> choices, const std::string& help) {
  const std::string words = fmt::format("{}", fmt::join(choices, " or "));
  return declare<std::string>({name, "choice", default_value, words, "", help}, default_value,
                              [name, choices = std::move(choices)](const std::string& text) {
                                return parse_choice(name, text, text, choices);
                              });
}

const std::vector<std::string>& Options::add_choices(const std::string& name,
                                                     std::vector<std::string> default_values,
                                                     std::vector<std::string> choices,
                                                     const std::string& help, bool common) {
  const std::string shown = fmt::format("{}", fmt::join(default_values, ","));
  const std::string words = fmt::format("{}, separated by commas", fmt::join(choices, " or "));
  return declare<std::vector<std::string>>({name, "choices", shown, words, "", help, common},
                                           std::move(default_values),
                                           [name, choices = std::move(choices)](const std::string& text) {
                                             std::vector<std::string> chosen;
                                             for (const std::string& part : split(text))
                                               chosen.push_back(parse_choice(name, text, part, choices));
                                             refuse_repetitions(name, text, chosen);
                                             return chosen;
                                           });
}

const bool& Options::add_flag(const std::string& name, const std::string& help, bool common) {
  return declare<bool>({name, "flag", "off", "", "", help, common}, false,
                       [](const std::string&) { return true; });
}

const std::string& Options::add_text(const std::string& name, const std::string& default_value,
                                     const std::string& range, const std::string& help, bool common) {
  return declare<std::string>({name, "text", default_value, range, "", help, common}, default_value,
                              [name, range, common](const std::string& text) {
                                if (text.empty()) throw BadOption{name, text, range};
                                if (!common && !is_utf8(text))
                                  throw BadOption{name, text, range + ", in UTF-8"};
                                return text;
                              });
}

void Options::parse(int argc, const char* const* argv) {
  // program_options would take the next option for a missing value
  for (int i = 1; i < argc; ++i)
    for (const auto& option : options_)
      if ("--" + option->declaration.name == argv[i] && option->declaration.type != "flag" &&
          (i + 1 == argc || std::string_view{argv[i + 1]}.starts_with("--")))
        throw BadOption{option->declaration.name, "", option->declaration.range};

  po::options_description description;
  for (const auto& option : options_)
    if (option->declaration.type == "flag")
      description.add_options()(option->declaration.name.c_str(), "");
    else
      description.add_options()(option->declaration.name.c_str(), po::value<std::string>(), "");

  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::variables_map given;
  try {
    po::store(po::command_line_parser(argc, argv).options(description).positional({}).style(style).run(),
              given);
  } catch (const po::unknown_option& error) {
    throw BadOption{fmt::format("unknown option '{}'; --help lists the valid ones", error.get_option_name())};
  } catch (const po::multiple_occurrences& error) {
    throw BadOption{fmt::format("option '{}' is given twice; expected once", error.get_option_name())};
  } catch (const po::too_many_positional_options_error&) {
    throw BadOption{"unexpected word on the command line; options start with --, and --help lists them"};
  } catch (const po::invalid_command_line_syntax& error) {
    const bool extra = error.kind() == po::invalid_syntax::extra_parameter;
    throw BadOption{
        fmt::format("option '{}' {}", error.get_option_name(), extra ? "takes no value" : "needs a value")};
  } catch (const po::error& error) {
    throw BadOption{error.what()};
  }

  for (const auto& option : options_)
    if (const auto found = given.find(option->declaration.name); found != given.end()) {
      option->given = true;
      option->set(option->declaration.type == "flag" ? "" : found->second.as<std::string>());
    }
}

bool Options::given(const std::string& name) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const auto& option) { return option->given && option->declaration.name == name; });
}

std::vector<OptionDeclaration> Options::declarations() const {
  std::vector<OptionDeclaration> all;
  for (const auto& option : options_) all.push_back(option->declaration);
  return all;
}

nlohmann::ordered_json Options::values() const {
  nlohmann::ordered_json values = nlohmann::ordered_json::object();
  for (const auto& option : options_)
    if (!option->declaration.common) values[option->declaration.name] = option->value();
  return values;
}

std::string Options::help() const {
  const auto typed = [](const OptionDeclaration& d) {
    return "--" + d.name + (d.type == "flag" ? "" : " " + d.type);
  };
  std::size_t column = 0;
  for (const auto& option : options_) column = std::max(column, typed(option->declaration).size() + 2);
  std::string text;
  for (const bool common : {false, true}) {
    text += common ? "\nOptions of every program:\n" : "Options:\n";
    for (const auto& option : options_) {
      const OptionDeclaration& d = option->declaration;
      if (d.common != common) continue;
      text +=
          fmt::format("  {:<{}}{}{}\n", typed(d), column, d.help, d.unit.empty() ? "" : " (" + d.unit + ")");
      if (d.type != "flag")
        text += fmt::format("  {:<{}}default {}; {}\n", "", column, d.default_value, d.range);
    }
  }
  return text;
}

template const int& Options::add(const std::string&, int, Range<int>, const std::string&, const std::string&,
                                 bool);
template const std::int64_t& Options::add(const std::string&, std::int64_t, Range<std::int64_t>,
                                          const std::string&, const std::string&, bool);
template const std::uint64_t& Options::add(const std::string&, std::uint64_t, Range<std::uint64_t>,
                                           const std::string&, const std::string&, bool);
template const double& Options::add(const std::string&, double, Range<double>, const std::string&,
                                    const std::string&, bool);
template const std::vector<int>& Options::add_list(const std::string&, std::vector<int>, Range<int>,
                                                   const std::string&, const std::string&);
template const std::vector<double>& Options::add_list(const std::string&, std::vector<double>, Range<double>,
                                                      const std::string&, const std::string&);

}  // namespace fieldbook
