#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace fieldbook {

/// A function on the unit square to be built by a network.
struct PlaneFunction {
  std::string name;     ///< a word for options
  std::string formula;  ///< in LaTeX
  std::string label;    ///< in a figure
  double (*f)(double, double);
};

/// A product, a wave, a Gaussian bump around c = (1/2, 1/2), and a function with a kink.
inline const std::vector<PlaneFunction>& plane_functions() {
  static const std::vector<PlaneFunction> all{
      {"product", "xy", "xy", [](double x, double y) { return x * y; }},
      {"wave", "y\\sin\\pi x", "y sin πx",
       [](double x, double y) { return y * std::sin(std::numbers::pi * x); }},
      {"bump", "e^{-10|x-c|^2}", "exp(-10|x - c|^2)",
       [](double x, double y) { return std::exp(-10 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5))); }},
      {"maximum", "\\max(x,y)", "max(x, y)", [](double x, double y) { return x < y ? y : x; }}};
  return all;
}

/// Their names, for an option.
inline std::vector<std::string> plane_function_names() {
  std::vector<std::string> names;
  for (const PlaneFunction& function : plane_functions()) names.push_back(function.name);
  return names;
}

/// Those whose name is among `names`, in the order of plane_functions().
inline std::vector<PlaneFunction> plane_functions_of(const std::vector<std::string>& names) {
  std::vector<PlaneFunction> chosen;
  for (const PlaneFunction& function : plane_functions())
    for (const std::string& name : names)
      if (name == function.name) chosen.push_back(function);
  return chosen;
}

}  // namespace fieldbook
