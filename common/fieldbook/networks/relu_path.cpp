#include <fieldbook/networks/relu_path.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace fieldbook {

using Eigen::Index;

ReluPath::ReluPath(Eigen::MatrixXd corners) : values_{std::move(corners)} {
  if (values_.cols() < 2) throw std::invalid_argument{"ReluPath: a path has two corners or more"};
  for (Index k = 0; k < values_.cols(); ++k) t_.push_back(static_cast<double>(k));
}

void ReluPath::apply(const Eigen::MatrixXd& weights, const Eigen::VectorXd& biases) {
  if (weights.cols() != values_.rows() || weights.rows() != biases.size())
    throw std::invalid_argument{"ReluPath: the sizes of weights, biases and path must fit"};
  values_ = (weights * values_).colwise() + biases;
}

namespace {

/// A zero on a piece: at the share s of its length, of this neuron.
struct Zero {
  double s;
  Index neuron;
};

/// The zeros of all neurons on each piece of the path, in their order along it.
std::vector<std::vector<Zero>> zeros_by_piece(const Eigen::MatrixXd& values) {
  std::vector<std::vector<Zero>> zeros(static_cast<std::size_t>(values.cols() - 1));
  for (Index piece = 0; piece + 1 < values.cols(); ++piece) {
    auto& found = zeros[static_cast<std::size_t>(piece)];
    for (Index neuron = 0; neuron < values.rows(); ++neuron) {
      const double a = values(neuron, piece), b = values(neuron, piece + 1);
      if ((a < 0 && b > 0) || (a > 0 && b < 0)) found.push_back({a / (a - b), neuron});
    }
    std::stable_sort(found.begin(), found.end(), [](const Zero& x, const Zero& y) { return x.s < y.s; });
  }
  return zeros;
}

}  // namespace

std::vector<int> ReluPath::rectify() {
  const auto zeros = zeros_by_piece(values_);
  std::vector<int> count(static_cast<std::size_t>(values_.rows()), 0);
  Index points = values_.cols();
  for (const auto& piece : zeros) points += static_cast<Index>(piece.size());

  Eigen::MatrixXd values(values_.rows(), points);
  std::vector<double> t;
  Index column = 0;
  for (Index k = 0; k < values_.cols(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    values.col(column++) = values_.col(k);
    t.push_back(t_[at]);
    if (at == zeros.size()) break;
    for (const auto& [s, neuron] : zeros[at]) {
      values.col(column) = values_.col(k) + s * (values_.col(k + 1) - values_.col(k));
      values(neuron, column++) = 0;
      t.push_back(t_[at] + s * (t_[at + 1] - t_[at]));
      ++count[static_cast<std::size_t>(neuron)];
    }
  }
  values_ = values.cwiseMax(0);
  t_ = std::move(t);
  return count;
}

double ReluPath::length_on_sphere(double scale, double offset) const {
  const auto direction = [&](Index k) {
    Eigen::VectorXd v(values_.rows() + 1);
    v << scale * values_.col(k), offset;
    return v.stableNormalized();
  };
  double length = 0;
  Eigen::VectorXd before = direction(0);
  for (Index k = 1; k < values_.cols(); ++k) {
    Eigen::VectorXd here = direction(k);
    if (before.squaredNorm() > 0.5 && here.squaredNorm() > 0.5)
      length += 2 * std::asin(std::min(1., (here - before).norm() / 2));
    before = std::move(here);
  }
  return length;
}

}  // namespace fieldbook
