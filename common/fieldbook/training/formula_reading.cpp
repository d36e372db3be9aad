#include <fieldbook/training/formula_reading.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace fieldbook {

namespace {

constexpr Eigen::Index points_of_a_curve = 401;
constexpr double negligible = 1e-5;

/// A sum in words, the coefficient of its first term, and the number that is added to it.
struct Sum {
  std::string text;
  double leading = 0;
  double constant = 0;

  void add(double factor, const std::string& term) {
    const double size = std::abs(factor);
    if (text.empty())
      leading = factor, text = factor < 0 ? "-" : "";
    else
      text += factor < 0 ? " - " : " + ";
    text += std::abs(size - 1) < negligible ? term : fmt::format("{:.6g}*{}", size, term);
  }

  void add(const Sum& other) {
    if (text.empty())
      text = other.text, leading = other.leading;
    else
      text += other.text.starts_with('-') ? " - " + other.text.substr(1) : " + " + other.text;
    constant += other.constant;
  }

  std::string whole() const {
    if (text.empty()) return fmt::format("{:.6g}", constant);
    if (std::abs(constant) < negligible) return text;
    return fmt::format("{} {} {:.6g}", text, constant < 0 ? '-' : '+', std::abs(constant));
  }
};

/// What of a factor s inside g(s z) can be written outside: g(s z) = outside g(inside z) + added.
struct Taken {
  double outside, inside, added;
};

Taken taken_out(std::string_view name, double s) {
  const double sign = s < 0 ? -1 : 1, size = std::abs(s);
  if (name == "x^2") return {s * s, 1, 0};
  if (name == "x^3") return {s * s * s, 1, 0};
  if (name == "abs") return {size, 1, 0};
  if (name == "sqrt") return {std::sqrt(size), sign, 0};
  if (name == "log") return {1, sign, std::log(size)};
  if (name == "sin" || name == "tanh") return {sign, size, 0};
  if (name == "gauss") return {1, size, 0};
  return {1, s, 0};
}

/// Writes the node of a layer, times a factor, as a sum; edges come in the order of the network.
class Composer {
 public:
  Composer(const KolmogorovArnold& network, const std::vector<EdgeReading>& edges,
           const std::vector<double>& middles, const std::vector<double>& halves)
      : network_{network}, edges_{edges}, middles_{middles}, halves_{halves} {}

  Sum node(int layer, int j, double factor) const {
    Sum sum;
    if (layer == 0) {
      const auto i = static_cast<std::size_t>(j);
      sum.add(factor / halves_[i], fmt::format("x{}", j + 1));
      sum.constant = -factor * middles_[i] / halves_[i];
      return sum;
    }
    for (int i = 0; i < network_.shape()[layer - 1]; ++i) add(sum, layer - 1, j, i, factor);
    return sum;
  }

 private:
  void add(Sum& sum, int layer, int j, int i, double factor) const {
    const EdgeReading& edge = edges_[edge_number(layer, j, i)];
    if (edge.is_constant) {
      sum.constant += factor * edge.y.mean();
      return;
    }
    if (!edge.is_named) return sum.add(factor, fmt::format("s({})", node(layer, i, 1).whole()));
    const SymbolicFit& fit = edge.fits.front();
    const std::string_view name = fit.function->name;
    sum.constant += factor * fit.d;
    double c = factor * fit.c;
    if (name == "x") {
      sum.add(node(layer, i, c * fit.a));
      sum.constant += c * fit.b;
      return;
    }
    // Take the coefficient of the first term out as far as the function allows
    const double leading = node(layer, i, fit.a).leading;
    const auto [outside, inside, added] = taken_out(name, leading == 0 ? 1 : leading);
    const double rescaling = leading == 0 ? 1 : inside / leading;
    Sum argument = node(layer, i, fit.a * rescaling);
    argument.constant += fit.b * rescaling;
    sum.constant += c * added;
    c *= outside;
    if (name == "exp") {
      c *= std::exp(argument.constant);
      argument.constant = 0;
    }
    if (name == "sin") {
      // A phase in [-pi/2, pi/2]
      const double half_turns = std::round(argument.constant / std::numbers::pi);
      argument.constant -= half_turns * std::numbers::pi;
      if (std::fmod(half_turns, 2) != 0) c = -c;
    }
    sum.add(c, written(name, argument.whole()));
  }

  static std::string written(std::string_view name, const std::string& argument) {
    const bool simple = argument.size() == 2 && argument.front() == 'x';
    const std::string grouped = simple ? argument : "(" + argument + ")";
    if (name == "x^2" || name == "x^3") return fmt::format("{}^{}", grouped, name.back());
    if (name == "gauss") return fmt::format("exp(-({}^2))", grouped);
    return fmt::format("{}({})", name, argument);
  }

  std::size_t edge_number(int layer, int j, int i) const {
    int number = j * network_.shape()[layer] + i;
    for (int l = 0; l < layer; ++l) number += network_.shape()[l] * network_.shape()[l + 1];
    return static_cast<std::size_t>(number);
  }

  const KolmogorovArnold& network_;
  const std::vector<EdgeReading>& edges_;
  const std::vector<double>&middles_, &halves_;
};

}  // namespace

int EdgeReading::rank_of(std::string_view name) const {
  const auto at = std::ranges::find(fits, name, [](const SymbolicFit& fit) { return fit.function->name; });
  return static_cast<int>(at == fits.end() ? std::ssize(named_functions()) : at - fits.begin());
}

std::string EdgeReading::described() const {
  std::string line = fmt::format("edge {} to {}: ", from, to);
  if (is_constant) return line + "constant";
  if (fits.empty()) return line + "nothing fits";
  line += fmt::format("{}{} leaves {:.1e} unexplained", is_named ? "" : "no name; ", fits[0].function->name,
                      fits[0].unexplained);
  if (fits.size() > 1)
    line += fmt::format(", the next, {}, {:.1e}", fits[1].function->name, fits[1].unexplained);
  return line;
}

bool FormulaReading::is_complete() const {
  return !edges.empty() &&
         std::ranges::all_of(edges, [](const EdgeReading& e) { return e.is_named || e.is_constant; });
}

FormulaReading read_formula(const KolmogorovArnold& network, const Eigen::MatrixXd& inputs,
                            const std::vector<double>& middles, const std::vector<double>& halves,
                            double unexplained, double gap) {
  FormulaReading reading;
  const auto ranges = network.ranges(inputs);
  const auto name_of = [&](int layer, int node) {
    return layer == network.layers() ? "f" : fmt::format("{}{}", layer == 0 ? 'x' : 'h', node + 1);
  };
  for (int layer = 0; layer < network.layers(); ++layer)
    for (int j = 0; j < network.shape()[layer + 1]; ++j) {
      const std::size_t first = reading.edges.size();
      double largest = 0;
      for (int i = 0; i < network.shape()[layer]; ++i) {
        const auto& [low, high] = ranges[layer][i];
        EdgeReading edge{name_of(layer, i),
                         name_of(layer + 1, j),
                         Eigen::VectorXd::LinSpaced(points_of_a_curve, low, high),
                         {},
                         {}};
        edge.y = edge.x.unaryExpr([&](double z) { return network.edge(layer, j, i, z); });
        largest = std::max(largest, edge.y.maxCoeff() - edge.y.minCoeff());
        reading.edges.push_back(edge);
      }
      for (std::size_t e = first; e < reading.edges.size(); ++e) {
        EdgeReading& edge = reading.edges[e];
        edge.is_constant = !(edge.y.maxCoeff() - edge.y.minCoeff() > negligible * largest);
        if (edge.is_constant) continue;
        edge.fits = symbolic_fits(edge.x, edge.y);
        edge.is_named = is_named(edge.fits, unexplained, gap);
      }
    }
  reading.text = Composer{network, reading.edges, middles, halves}.node(network.layers(), 0, 1).whole();
  return reading;
}

}  // namespace fieldbook
