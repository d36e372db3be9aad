#pragma once

#include <fieldbook/numerics/uniform_spline.hpp>
#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace fieldbook {

/// A Kolmogorov-Arnold network: every edge has a function of its own, and nodes only add.
///
/// z^{l+1}_j = sum_i phi_{lji}(z^l_i), without any 1/sqrt(N), for l = 0 ... L-1; z^0 = x and the output is z^L_0. Each edge is a sum of
/// uniform cubic B-splines, phi(z) = sum_m c_m B_m(z), plus w z/(1+e^{-z}) if there is a base. All edges that leave a node share its
/// grid: [-1,1] at the inputs, and at first also inside. Source: Liu et al., arXiv:2404.19756.
class KolmogorovArnold {
 public:
  KolmogorovArnold() = default;

  /// shape = [n_0, ..., n_L], at least two entries, the last one 1; cells >= 1 for each edge. std::invalid_argument otherwise.
  KolmogorovArnold(std::vector<int> shape, int cells, bool base = false);

  const std::vector<int>& shape() const { return shape_; }
  int layers() const { return static_cast<int>(shape_.size()) - 1; }
  int inputs() const { return shape_.front(); }
  int cells() const { return cells_; }
  bool base() const { return base_; }

  /// All coefficients, edge by edge: layers, then nodes j above, then nodes i below; cells + 3 each, and w last if there is a base.
  const Eigen::VectorXd& parameters() const { return parameters_; }
  void set_parameters(Eigen::VectorXd parameters);

  /// c ~ N(0, 0.1^2) and w ~ N(0, 1/n_l), with every grid on [-1, 1]: network number `draw` of a stream.
  void draw(const Stream& stream, std::uint64_t draw);

  /// The grid of node i of layer l.
  UniformSplines grid(int layer, int node) const;

  /// The function of the edge from node i to node j of the next layer.
  double edge(int layer, int j, int i, double z) const;

  /// Gives node i of layer l another grid, with the same coefficients.
  void set_interval(int layer, int node, double low, double high);

  /// Makes the spline of an edge that of least squares for `function` at 8 (cells + 3) equally spaced points of its grid, ends included.
  void fit_edge(int layer, int j, int i, const std::function<double(double)>& function);

  /// What one datum leaves behind: z of all nodes, the output's derivative by every coefficient that it has.
  struct Pass {
    std::vector<std::vector<double>> nodes;  ///< [layer][node], the last layer too
    std::vector<int> columns;                ///< ascending
    std::vector<double> values;              ///< df/d parameters[columns]
    std::vector<std::vector<SplineValues>> splines;
    std::vector<std::vector<double>> adjoints;
  };

  /// f(x); fills pass.nodes. x has n_0 entries.
  double output(const Eigen::Ref<const Eigen::VectorXd>& x, Pass& pass) const;

  /// f(x) and its derivatives.
  double linearise(const Eigen::Ref<const Eigen::VectorXd>& x, Pass& pass) const;

  /// f at the columns of x, n_0 x P.
  Eigen::VectorXd outputs(const Eigen::MatrixXd& x) const;

  /// The least and the largest value of every hidden and input node over the columns of x: [layer][node] = (min, max).
  std::vector<std::vector<std::pair<double, double>>> ranges(const Eigen::MatrixXd& x) const;

  /// The same functions on new grids with `cells` cells: edges of hidden node i get the interval (low, high) = intervals[layer][i]; those of
  /// the inputs keep theirs. Each is fitted as by fit_edge.
  KolmogorovArnold regridded(int cells,
                             const std::vector<std::vector<std::pair<double, double>>>& intervals) const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& shape_& cells_& base_& parameters_& intervals_;
  }

 private:
  int per_edge() const { return cells_ + 3 + (base_ ? 1 : 0); }
  int offset(int layer, int j, int i) const;
  int first_of_layer(int layer) const;

  std::vector<int> shape_;
  int cells_ = 1;
  bool base_ = false;
  Eigen::VectorXd parameters_;
  std::vector<std::vector<std::pair<double, double>>> intervals_;  ///< of every node but the output
};

/// z sigma(z), the base of an edge, and its derivative.
double silu(double z);
double silu_slope(double z);

}  // namespace fieldbook
