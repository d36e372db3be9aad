#include <fieldbook/activation.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::array names{"relu", "relu_squared", "step", "abs",  "erf",    "tanh",
                           "sin",  "cos",          "exp",  "gelu", "linear", "leaky"};

}  // namespace

std::string name(Activation activation) { return names.at(static_cast<std::size_t>(activation)); }

Activation activation_of(const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::invalid_argument{
        fmt::format("unknown activation '{}'; known are {}", name, fmt::join(names, ", "))};
  return static_cast<Activation>(found - names.begin());
}

const std::vector<Activation>& all_activations() {
  static const std::vector<Activation> all = [] {
    std::vector<Activation> activations;
    for (std::size_t i = 0; i < names.size(); ++i) activations.push_back(static_cast<Activation>(i));
    return activations;
  }();
  return all;
}

}  // namespace fieldbook
