#include "ledger.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "text.hpp"

namespace book {
namespace {

using nlohmann::json;

double number(const json& object, const char* key) {
  const json& value = object.at(key);
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::optional<double> maybe_number(const json& object, const char* key) {
  if (!object.contains(key) || object[key].is_null()) return std::nullopt;
  return object[key].get<double>();
}

std::string text(const json& object, const char* key) { return object.at(key).get<std::string>(); }
std::string maybe_text(const json& object, const char* key) { return object.value(key, std::string{}); }

Claim read_claim(const json& object, const std::string& lecture) {
  Claim claim{.id = text(object, "id"),
              .ref = text(object, "ref"),
              .lecture = object.value("lecture", lecture),
              .statement = text(object, "statement"),
              .kind = text(object, "kind"),
              .side = maybe_text(object, "side"),
              .predicted = number(object, "predicted"),
              .measured = number(object, "measured"),
              .standard_error = maybe_number(object, "standard_error"),
              .z = maybe_number(object, "z"),
              .tolerance = maybe_number(object, "tolerance"),
              .relative = object.value("relative", false)};
  if (const auto& kind = claim.kind;
      kind != "exact" && kind != "statistical" && kind != "scaling" && kind != "bound")
    throw std::runtime_error(fmt::format("claim {} is of unknown kind \"{}\"", claim.id, kind));
  if (claim.kind == "bound" && claim.side != "below" && claim.side != "above")
    throw std::runtime_error(fmt::format("bound {} says neither \"below\" nor \"above\"", claim.id));
  const bool finite = std::isfinite(claim.predicted) && std::isfinite(claim.measured);
  claim.holds = object.at("holds").get<bool>() && finite && (claim.kind != "statistical" || claim.z);
  return claim;
}

/// A JSON value in the form the command line takes it.
std::string as_argument(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const json& item : value) items.push_back(as_argument(item));
  return fmt::format("{}", fmt::join(items, ","));
}

Option read_option(const json& object, const json& values) {
  Option option{.name = text(object, "name"),
                .type = text(object, "type"),
                .fallback = maybe_text(object, "default"),
                .range = maybe_text(object, "range"),
                .unit = maybe_text(object, "unit"),
                .help = maybe_text(object, "help"),
                .common = object.value("common", false),
                .value = {}};
  if (values.contains(option.name)) option.value = as_argument(values[option.name]);
  return option;
}

Figure read_figure(const json& object) {
  return {text(object, "id"), text(object, "caption"), object.at("files").get<std::vector<std::string>>()};
}

std::optional<ChiSquare> read_chi_square(const json& root) {
  if (!root.contains("chi_square") || root["chi_square"].is_null()) return std::nullopt;
  const json& object = root["chi_square"];
  return ChiSquare{number(object, "value"), number(object, "p"), count(object.at("degrees"))};
}

Ledger from_json(const json& root) {
  if (const int schema = count(root.at("schema")); schema != 1)
    throw std::runtime_error(fmt::format("schema {} instead of 1", schema));
  Ledger ledger;
  ledger.program = text(root, "program");
  ledger.lecture = text(root, "lecture");
  ledger.title = text(root, "title");
  ledger.seed = as_argument(root.at("seed"));
  ledger.quick = root.at("quick").get<bool>();
  const json values = root.value("options", json::object());
  for (const json& option : root.value("declared_options", json::array()))
    ledger.options.push_back(read_option(option, values));
  for (const json& claim : root.at("claims")) ledger.claims.push_back(read_claim(claim, ledger.lecture));
  for (const json& claim : root.value("left_out", json::array()))
    ledger.left_out.push_back({text(claim, "id"), text(claim, "ref"), text(claim, "reason")});
  for (const json& figure : root.at("figures")) ledger.figures.push_back(read_figure(figure));
  ledger.chi_square = read_chi_square(root);
  return ledger;
}

/// Whether two values on a command line mean the same: equal words, or equal numbers.
bool same_value(const std::string& left, const std::string& right) {
  const auto as_numbers = [](const std::string& list) {
    std::vector<double> numbers;
    for (const auto& item : split(list, ',')) {
      std::size_t used = 0;
      numbers.push_back(std::stod(item, &used));
      if (used != item.size()) throw std::invalid_argument(item);
    }
    return numbers;
  };
  if (left == right) return true;
  try {
    return as_numbers(left) == as_numbers(right);
  } catch (const std::exception&) {
    return false;
  }
}

const auto* find_by_id(const auto& list, const std::string& id) {
  const auto found = std::ranges::find(list, id, [](const auto& item) { return item.id; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

double Claim::deviation() const {
  const double absolute = std::abs(measured - predicted);
  return relative ? absolute / std::abs(predicted) : absolute;
}

double Claim::limit() const {
  const double errors = kind == "scaling" ? 5 * standard_error.value_or(0) : 0;
  return tolerance.value_or(0) + errors;
}

std::string Figure::file(const std::string& extension) const {
  const auto found = std::ranges::find_if(files, [&](const auto& name) { return name.ends_with(extension); });
  return found == files.end() ? std::string{} : *found;
}

const Claim* Ledger::claim(const std::string& id) const { return find_by_id(claims, id); }
const Figure* Ledger::figure(const std::string& id) const { return find_by_id(figures, id); }
const LeftOut* Ledger::left_out_claim(const std::string& id) const { return find_by_id(left_out, id); }

int Ledger::failing() const {
  return static_cast<int>(std::ranges::count_if(claims, [](const Claim& claim) { return !claim.holds; }));
}

std::vector<Option> Ledger::changed_options() const {
  std::vector<Option> changed;
  std::ranges::copy_if(options, std::back_inserter(changed), [](const Option& option) {
    return !option.value.empty() && !option.common && !same_value(option.value, option.fallback);
  });
  return changed;
}

std::string Ledger::peculiarities() const {
  std::vector<std::string> list;
  if (quick) list.emplace_back("--quick");
  if (seed != "1") list.push_back("seed " + seed);
  for (const Option& option : changed_options())
    list.push_back(fmt::format("--{} {}", option.name, option.value));
  return fmt::format("{}", fmt::join(list, ", "));
}

std::string Ledger::replay() const {
  std::string command = fmt::format("./fieldbook run {} --seed {}", program, seed);
  if (quick) command += " --quick";
  for (const Option& option : changed_options()) {
    const bool flag = option.type == "flag";
    if (!flag || option.value == "true") command += " --" + option.name + (flag ? "" : " " + option.value);
  }
  return command;
}

int count(const json& json) {
  const auto value = json.is_number_unsigned() ? json.get<std::uint64_t>() : std::uint64_t{1} << 63;
  if (value > std::numeric_limits<int>::max()) throw std::runtime_error("not a count: " + json.dump());
  return static_cast<int>(value);
}

std::vector<Claim> Ledger::failing_first() const {
  auto ordered = claims;
  std::stable_partition(ordered.begin(), ordered.end(), [](const Claim& claim) { return !claim.holds; });
  return ordered;
}

Ledger read_ledger(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    throw LedgerError(fmt::format("no ledger {}: make it with ./fieldbook figures", file.string()));
  try {
    auto ledger = from_json(json::parse(read_file(file)));
    ledger.path = file;
    return ledger;
  } catch (const std::exception& error) {
    throw LedgerError(
        fmt::format("damaged ledger {} ({}): delete it, then ./fieldbook figures makes it again",
                    file.string(), error.what()));
  }
}

std::vector<Ledger> read_ledgers(const std::filesystem::path& directory) {
  std::vector<Ledger> ledgers;
  if (std::filesystem::is_directory(directory))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
      if (entry.path().filename() == "ledger.json") ledgers.push_back(read_ledger(entry.path()));
  if (ledgers.empty())
    throw LedgerError(
        fmt::format("no ledger below {}: make them with ./fieldbook figures", directory.string()));
  std::ranges::sort(ledgers, [](const Ledger& left, const Ledger& right) {
    return left.lecture == right.lecture ? left.program < right.program
                                         : section_before(left.lecture, right.lecture);
  });
  return ledgers;
}

bool in_section(const std::string& section, const std::string& part) {
  return section == part || section.starts_with(part + ".");
}

bool section_before(const std::string& left, const std::string& right) {
  const auto numbers = [](const std::string& section) {
    std::vector<int> parts;
    for (const auto& part : split(section, '.')) parts.push_back(std::atoi(part.c_str()));
    return parts;
  };
  return numbers(left) < numbers(right);
}

}  // namespace book
