#include <fieldbook/networks/kolmogorov_arnold.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace fieldbook {

double silu(double z) { return z / (1 + std::exp(-z)); }

double silu_slope(double z) {
  const double s = 1 / (1 + std::exp(-z));
  return s * (1 + z * (1 - s));
}

KolmogorovArnold::KolmogorovArnold(std::vector<int> shape, int cells, bool base)
    : shape_{std::move(shape)}, cells_{cells}, base_{base} {
  if (shape_.size() < 2 || shape_.back() != 1 || std::ranges::min(shape_) < 1 || cells < 1)
    throw std::invalid_argument{
        "a Kolmogorov-Arnold network needs layers of nodes, one output and at least one cell"};
  parameters_.setZero(first_of_layer(layers()));
  for (int layer = 0; layer < layers(); ++layer) intervals_.emplace_back(shape_[layer], std::pair{-1., 1.});
}

int KolmogorovArnold::first_of_layer(int layer) const {
  int edges = 0;
  for (int l = 0; l < layer; ++l) edges += shape_[l] * shape_[l + 1];
  return edges * per_edge();
}

int KolmogorovArnold::offset(int layer, int j, int i) const {
  return first_of_layer(layer) + (j * shape_[layer] + i) * per_edge();
}

void KolmogorovArnold::set_parameters(Eigen::VectorXd parameters) {
  if (parameters.size() != parameters_.size())
    throw std::invalid_argument{"the network has another number of parameters"};
  parameters_ = std::move(parameters);
}

void KolmogorovArnold::draw(const Stream& stream, std::uint64_t draw) {
  for (auto& layer : intervals_) std::ranges::fill(layer, std::pair{-1., 1.});
  stream.normals(draw, {parameters_.data(), static_cast<std::size_t>(parameters_.size())});
  for (int layer = 0; layer < layers(); ++layer)
    for (int j = 0; j < shape_[layer + 1]; ++j)
      for (int i = 0; i < shape_[layer]; ++i) {
        parameters_.segment(offset(layer, j, i), cells_ + 3) *= 0.1;
        if (base_) parameters_[offset(layer, j, i) + cells_ + 3] /= std::sqrt(shape_[layer]);
      }
}

UniformSplines KolmogorovArnold::grid(int layer, int node) const {
  const auto& [low, high] = intervals_[layer][node];
  return {low, high, cells_};
}

void KolmogorovArnold::set_interval(int layer, int node, double low, double high) {
  intervals_[layer][node] = {low, high};
}

void KolmogorovArnold::fit_edge(int layer, int j, int i, const std::function<double(double)>& function) {
  const UniformSplines splines = grid(layer, i);
  const Eigen::VectorXd z =
      Eigen::VectorXd::LinSpaced(8 * splines.functions(), splines.low(), splines.high());
  parameters_.segment(offset(layer, j, i), splines.functions()) = splines.fit(z, z.unaryExpr(function));
}

double KolmogorovArnold::edge(int layer, int j, int i, double z) const {
  const int first = offset(layer, j, i);
  const double spline = grid(layer, i).value(parameters_.segment(first, cells_ + 3), z);
  return base_ ? spline + parameters_[first + cells_ + 3] * silu(z) : spline;
}

double KolmogorovArnold::output(const Eigen::Ref<const Eigen::VectorXd>& x, Pass& pass) const {
  pass.nodes.resize(shape_.size());
  pass.splines.resize(shape_.size());
  pass.nodes[0].assign(x.begin(), x.end());
  int first = 0;
  for (int layer = 0; layer < layers(); ++layer) {
    auto& splines = pass.splines[layer];
    splines.resize(shape_[layer]);
    for (int i = 0; i < shape_[layer]; ++i) splines[i] = grid(layer, i).at(pass.nodes[layer][i]);
    pass.nodes[layer + 1].assign(shape_[layer + 1], 0);
    for (int j = 0; j < shape_[layer + 1]; ++j)
      for (int i = 0; i < shape_[layer]; ++i, first += per_edge()) {
        const double* c = parameters_.data() + first + splines[i].first;
        double sum = 0;
        for (int m = 0; m < 4; ++m) sum += c[m] * splines[i].values[m];
        if (base_) sum += parameters_[first + cells_ + 3] * silu(pass.nodes[layer][i]);
        pass.nodes[layer + 1][j] += sum;
      }
  }
  return pass.nodes.back()[0];
}

double KolmogorovArnold::linearise(const Eigen::Ref<const Eigen::VectorXd>& x, Pass& pass) const {
  const double value = output(x, pass);
  // Send df/dz from the output down to the layers
  pass.adjoints.resize(shape_.size());
  pass.adjoints.back().assign(1, 1);
  for (int layer = layers() - 1; layer > 0; --layer) {
    pass.adjoints[layer].assign(shape_[layer], 0);
    int first = first_of_layer(layer);
    for (int j = 0; j < shape_[layer + 1]; ++j)
      for (int i = 0; i < shape_[layer]; ++i, first += per_edge()) {
        const SplineValues& spline = pass.splines[layer][i];
        double slope = 0;
        for (int m = 0; m < 4; ++m) slope += parameters_[first + spline.first + m] * spline.slopes[m];
        if (base_) slope += parameters_[first + cells_ + 3] * silu_slope(pass.nodes[layer][i]);
        pass.adjoints[layer][i] += pass.adjoints[layer + 1][j] * slope;
      }
  }
  // df/dc_m = df/dz_j B_m(z_i)
  pass.columns.clear();
  pass.values.clear();
  int first = 0;
  for (int layer = 0; layer < layers(); ++layer)
    for (int j = 0; j < shape_[layer + 1]; ++j)
      for (int i = 0; i < shape_[layer]; ++i, first += per_edge()) {
        const SplineValues& spline = pass.splines[layer][i];
        for (int m = 0; m < 4; ++m) {
          pass.columns.push_back(first + spline.first + m);
          pass.values.push_back(pass.adjoints[layer + 1][j] * spline.values[m]);
        }
        if (base_) {
          pass.columns.push_back(first + cells_ + 3);
          pass.values.push_back(pass.adjoints[layer + 1][j] * silu(pass.nodes[layer][i]));
        }
      }
  return value;
}

Eigen::VectorXd KolmogorovArnold::outputs(const Eigen::MatrixXd& x) const {
  if (x.rows() != inputs()) throw std::invalid_argument{"the network has another number of inputs"};
  Pass pass;
  Eigen::VectorXd f(x.cols());
  for (Eigen::Index p = 0; p < x.cols(); ++p) f[p] = output(x.col(p), pass);
  return f;
}

std::vector<std::vector<std::pair<double, double>>> KolmogorovArnold::ranges(const Eigen::MatrixXd& x) const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<std::vector<std::pair<double, double>>> found;
  for (int layer = 0; layer < layers(); ++layer)
    found.emplace_back(shape_[layer], std::pair{infinity, -infinity});
  Pass pass;
  for (Eigen::Index p = 0; p < x.cols(); ++p) {
    output(x.col(p), pass);
    for (int layer = 0; layer < layers(); ++layer)
      for (int i = 0; i < shape_[layer]; ++i) {
        auto& [low, high] = found[layer][i];
        low = std::min(low, pass.nodes[layer][i]);
        high = std::max(high, pass.nodes[layer][i]);
      }
  }
  return found;
}

KolmogorovArnold KolmogorovArnold::regridded(
    int cells, const std::vector<std::vector<std::pair<double, double>>>& intervals) const {
  KolmogorovArnold next{shape_, cells, base_};
  next.intervals_ = intervals_;
  for (int layer = 1; layer < layers(); ++layer) next.intervals_[layer] = intervals[layer];
  for (int layer = 0; layer < layers(); ++layer)
    for (int j = 0; j < shape_[layer + 1]; ++j)
      for (int i = 0; i < shape_[layer]; ++i) {
        const UniformSplines before = grid(layer, i);
        const int first = offset(layer, j, i);
        const auto c = parameters_.segment(first, cells_ + 3);
        next.fit_edge(layer, j, i, [&](double z) { return before.value(c, z); });
        if (base_) next.parameters_[next.offset(layer, j, i) + cells + 3] = parameters_[first + cells_ + 3];
      }
  return next;
}

}  // namespace fieldbook
