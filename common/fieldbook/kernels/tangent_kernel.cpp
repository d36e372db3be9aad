#include <fieldbook/elementary/arc.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;
constexpr Eigen::Index stretch = 256;  ///< pairs of one column that go through all layers together

/// F and Fdot of one pair, or of one input with itself.
struct Dual {
  double value;
  double slope;
};

/// `norm` and `inverse` belong to one input in one layer: sqrt K and its inverse.
struct Relu {
  static double norm(double k) { return std::sqrt(k); }
  static double inverse(double k) { return k > 0 ? 1 / std::sqrt(k) : 0; }
  static Dual diagonal(double k) { return {k / 2, 0.5}; }
  [[gnu::always_inline]] static Dual pair(double k, double norms, double inverses) {
    const double cosine = std::min(std::max(k * inverses, -1.), 1.);
    const double sine = std::sqrt((1 - cosine) * (1 + cosine));
    const double rest = pi - elementary::angle(cosine, sine);
    return {norms * (sine + rest * cosine) * (0.5 / pi), rest * (0.5 / pi)};
  }
};

/// The same with sqrt(1 + 2 K).
struct Erf {
  static double norm(double k) { return std::sqrt(1 + 2 * k); }
  static double inverse(double k) { return 1 / norm(k); }
  static Dual diagonal(double k) {
    return {2 / pi * std::asin(2 * k / (1 + 2 * k)), 4 / pi / std::sqrt(1 + 4 * k)};
  }
  [[gnu::always_inline]] static Dual pair(double k, double, double inverses) {
    const double sine = 2 * k * inverses, cosine = std::sqrt((1 - sine) * (1 + sine));
    return {2 / pi * elementary::asin(sine, cosine), 4 / pi * inverses / cosine};
  }
};

/// What the pairs of a layer need of each input: one column a layer.
struct Diagonals {
  Eigen::MatrixXd norm, inverse;
  Eigen::VectorXd nngp, ntk;  ///< after the last layer
};

template <class Activated>
Diagonals diagonals(const DeepLaw& law, int depth, const Eigen::VectorXd& first) {
  Diagonals result{Eigen::MatrixXd(first.size(), depth), Eigen::MatrixXd(first.size(), depth), first, first};
  for (Eigen::Index i = 0; i < first.size(); ++i)
    for (int layer = 0; layer < depth; ++layer) {
      double &k = result.nngp[i], &theta = result.ntk[i];
      result.norm(i, layer) = Activated::norm(k);
      result.inverse(i, layer) = Activated::inverse(k);
      const Dual dual = Activated::diagonal(k);
      k = law.weight_variance * dual.value + law.bias_variance;
      theta = k + law.weight_variance * dual.slope * theta;
    }
  return result;
}

/// Takes the pairs (row ... row + count - 1, column) through all layers.
template <class Activated>
void run_stretch(const DeepLaw& law, int depth, const Diagonals& diagonal, Eigen::Index row,
                 Eigen::Index count, Eigen::Index column, double* nngp, double* ntk) {
  const double weight = law.weight_variance, bias = law.bias_variance;
  for (int layer = 0; layer < depth; ++layer) {
    const double* const norms = &diagonal.norm(row, layer);
    const double* const inverses = &diagonal.inverse(row, layer);
    const double norm = diagonal.norm(column, layer), inverse = diagonal.inverse(column, layer);
    for (Eigen::Index i = 0; i < count; ++i) {
      const Dual dual = Activated::pair(nngp[i], norm * norms[i], inverse * inverses[i]);
      nngp[i] = weight * dual.value + bias;
      ntk[i] = nngp[i] + weight * dual.slope * ntk[i];
    }
  }
}

/// Copies the lower triangle to the upper one, in blocks that stay in the cache; columns of blocks are tasks.
void mirror(Eigen::MatrixXd& matrix, const ForEachTask& for_each) {
  constexpr Eigen::Index size = 64;
  const Eigen::Index points = matrix.rows();
  for_each(static_cast<std::size_t>((points + size - 1) / size), [&](std::size_t task) {
    const Eigen::Index column = static_cast<Eigen::Index>(task) * size,
                       columns = std::min(size, points - column);
    for (Eigen::Index row = 0; row < column; row += size)
      matrix.block(row, column, size, columns) = matrix.block(column, row, columns, size).transpose();
    auto corner = matrix.block(column, column, columns, columns);
    corner.triangularView<Eigen::StrictlyUpper>() = corner.transpose();
  });
}

template <class Activated>
TangentKernel run(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs, const ForEachTask& for_each) {
  const Eigen::Index points = inputs.rows();
  TangentKernel kernel{Eigen::MatrixXd::Constant(points, points, law.bias_variance), {}};
  kernel.nngp.selfadjointView<Eigen::Lower>().rankUpdate(
      inputs, law.weight_variance / static_cast<double>(inputs.cols()));
  kernel.ntk.resize(points, points);
  const Diagonals diagonal = diagonals<Activated>(law, depth, kernel.nngp.diagonal());
  for_each(static_cast<std::size_t>(points), [&](std::size_t task) {
    const auto column = static_cast<Eigen::Index>(task);
    double* const nngp = kernel.nngp.col(column).data();
    double* const ntk = kernel.ntk.col(column).data();
    for (Eigen::Index row = column + 1; row < points; row += stretch) {
      const Eigen::Index count = std::min(stretch, points - row);
      std::copy_n(nngp + row, count, ntk + row);
      run_stretch<Activated>(law, depth, diagonal, row, count, column, nngp + row, ntk + row);
    }
    nngp[column] = diagonal.nngp[column];
    ntk[column] = diagonal.ntk[column];
  });
  mirror(kernel.nngp, for_each);
  mirror(kernel.ntk, for_each);
  return kernel;
}

/// Any activation, entry by entry.
TangentKernel run_by_entries(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs,
                             const ForEachTask& for_each) {
  TangentKernel kernel{input_kernel(law, inputs), {}};
  kernel.ntk = kernel.nngp;
  for (int layer = 0; layer < depth; ++layer) {
    const Eigen::MatrixXd before = kernel.nngp;
    for_each(static_cast<std::size_t>(before.cols()), [&](std::size_t task) {
      const auto j = static_cast<Eigen::Index>(task);
      for (Eigen::Index i = j; i < before.rows(); ++i) {
        const double a = before(i, i), b = before(j, j), c = before(i, j);
        const double k = law.weight_variance * dual_activation(law.activation, a, b, c) + law.bias_variance;
        kernel.ntk(i, j) = k + law.weight_variance * dual_slope(law.activation, a, b, c) * kernel.ntk(i, j);
        kernel.nngp(i, j) = k;
      }
    });
    mirror(kernel.nngp, for_each);
    mirror(kernel.ntk, for_each);
  }
  return kernel;
}

}  // namespace

void one_by_one(std::size_t tasks, const std::function<void(std::size_t)>& task) {
  for (std::size_t i = 0; i < tasks; ++i) task(i);
}

TangentKernel tangent_kernel(const DeepLaw& law, int depth, const Eigen::MatrixXd& inputs,
                             const ForEachTask& for_each) {
  if (depth < 1 || !(law.weight_variance >= 0) || !(law.bias_variance >= 0))
    throw std::invalid_argument{"tangent_kernel: the depth must be at least 1, variances not negative"};
  if (law.activation == Activation::relu) return run<Relu>(law, depth, inputs, for_each);
  if (law.activation == Activation::erf) return run<Erf>(law, depth, inputs, for_each);
  return run_by_entries(law, depth, inputs, for_each);
}

}  // namespace fieldbook
