#pragma once

#include <fieldbook/networks/kolmogorov_arnold.hpp>
#include <fieldbook/numerics/symbolic_fit.hpp>

#include <Eigen/Core>

#include <string>
#include <string_view>
#include <vector>

namespace fieldbook {

/// One edge of a network, looked at.
struct EdgeReading {
  std::string from;               ///< x1, x2, ... or h1, h2, ... for the nodes below it
  std::string to;                 ///< h1, ... or f
  Eigen::VectorXd x, y;           ///< 401 points of its curve, over the values that x takes on the data
  std::vector<SymbolicFit> fits;  ///< best first; none for an edge that is constant
  bool is_constant =
      false;  ///< its range is less than 1e-5 of the largest range of the edges that end in the same node
  bool is_named = false;  ///< see fieldbook::is_named

  /// How many functions fit better than this one; as many as there are functions if it does not fit at all.
  int rank_of(std::string_view name) const;

  /// A line of text: what fits best and what it leaves unexplained, and the same of the second.
  std::string described() const;
};

/// What was read off a network.
struct FormulaReading {
  std::vector<EdgeReading> edges;  ///< in the order of the network's parameters
  std::string text;  ///< as Formula reads it if all edges have a name; curves without one are written s(...)

  bool is_complete() const;
};

/// Compares every edge with named functions and composes the formula, in the user's inputs x = middles + halves u, where u in [-1, 1]
/// is what the network sees (`inputs`, n_0 x P). Scales and shifts of hidden nodes, which mean nothing, are absorbed, and numbers are
/// written with six digits. A name needs less than `unexplained` of the variance of the edge to be left, and `gap` times as much by the
/// second best.
FormulaReading read_formula(const KolmogorovArnold& network, const Eigen::MatrixXd& inputs,
                            const std::vector<double>& middles, const std::vector<double>& halves,
                            double unexplained, double gap);

}  // namespace fieldbook
