// Input: the words of a command line, one a line
#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/options.hpp>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../input.hpp"

using namespace fieldbook;

namespace {

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> all{""};
  for (const char c : text)
    if (c == '\n')
      all.emplace_back();
    else
      all.back() += c;
  return all;
}

/// One option of every kind.
struct Declared {
  Options options;
  const int& width = options.add("width", 16, between(1, 4096), "neurons");
  const std::int64_t& samples = options.add<std::int64_t>("samples", 100, at_least<std::int64_t>(2), "draws");
  const std::uint64_t& seed =
      options.add<std::uint64_t>("seed", 1, at_least<std::uint64_t>(0), "of all streams", "", true);
  const double& variance = options.add("variance", 1., greater_than(0.), "of the weights");
  const std::vector<int>& widths = options.add_list("widths", {1, 4, 16}, between(1, 4096), "neurons");
  const std::vector<double>& points = options.add_list("points", {0., 0.5}, between(-1., 1.), "inputs");
  const std::string& activation = options.add_choice("activation", "relu", {"relu", "erf"}, "of neurons");
  const std::vector<std::string>& formats =
      options.add_choices("format", {"svg"}, {"svg", "pdf", "png"}, "of figures", true);
  const bool& quick = options.add_flag("quick", "smaller ensembles", true);
  const std::string& target = options.add_text("target", "x1", "a formula", "what is learned");
};

template <class Values>
bool distinct(Values values) {
  std::ranges::sort(values);
  return !values.empty() && std::ranges::adjacent_find(values) == values.end();
}

void require_valid(const Declared& declared) {
  using fuzzing::require;
  require(between(1, 4096).contains(declared.width), "a width in its range");
  require(declared.samples >= 2, "samples in their range");
  require(greater_than(0.).contains(declared.variance), "a variance in its range");
  require(distinct(declared.widths) && distinct(declared.points) && distinct(declared.formats),
          "lists without repetitions");
  require(std::ranges::all_of(declared.widths, [](int w) { return between(1, 4096).contains(w); }) &&
              std::ranges::all_of(declared.points, [](double x) { return between(-1., 1.).contains(x); }),
          "every number of a list in its range");
  require(declared.activation == "relu" || declared.activation == "erf", "one of the choices");
  require(!declared.target.empty(), "a text that is not empty");
  require(nlohmann::ordered_json::parse(declared.options.values().dump()) == declared.options.values(),
          "values that a ledger can keep");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto words = lines(fuzzing::text(data, size));
  std::vector<const char*> argv{"program"};
  for (const auto& word : words) argv.push_back(word.c_str());
  Declared declared;
  try {
    declared.options.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const BadOption&) {
    return 0;
  }
  require_valid(declared);
  return 0;
}
