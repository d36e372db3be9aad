#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/networks/activate.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

namespace fieldbook {

namespace {

/// Rows are filled up to a multiple of this, so that no loop has a remainder.
constexpr std::size_t lanes = 16;

/// The storage of a chain has a fixed capacity, which Eigen does not check in a release build.
const Eigen::MatrixXd& checked(const Eigen::MatrixXd& first) {
  if (first.rows() != first.cols() || first.rows() < 1 || first.rows() > GramChain::max_inputs)
    throw std::invalid_argument{"GramChain: the Gram matrix must be square with 1 to 16 rows"};
  return first;
}

}  // namespace

GramChain::GramChain(Activation activation, int width, double weight_variance, double bias_variance,
                     int depth, const Eigen::MatrixXd& first, std::uint64_t seed, const std::string& name)
    : activation_{activation},
      width_{static_cast<std::size_t>(width)},
      weight_variance_{weight_variance},
      bias_variance_{bias_variance},
      first_{checked(first)} {
  if (width < 1 || depth < 1 || !(weight_variance >= 0) || !(bias_variance >= 0))
    throw std::invalid_argument{"GramChain: width and depth must be at least 1, variances not negative"};
  const auto inputs = static_cast<std::size_t>(first_.rows());
  for (int layer = 1; layer <= depth; ++layer)
    normals_.push_back(
        {Stream{seed, name + ": layer " + std::to_string(layer)}, width_ * inputs, &Stream::normals});
  padded_ = (width_ + lanes - 1) / lanes * lanes;
  g_.resize(width_ * (inputs - 1) + padded_);
  z_.resize(padded_ * inputs);
}

const std::vector<GramChain::Matrix>& GramChain::sample(std::uint64_t draw) {
  grams_.clear();
  for (DrawsAhead& normals : normals_)
    grams_.push_back(next(grams_.empty() ? first_ : grams_.back(), normals(draw)));
  return grams_;
}

GramChain::Matrix GramChain::next(const Matrix& gram, std::span<const float> normals) {
  // A square root of the Gram matrix: with pivoting LDLT takes singular ones, and rounding may leave tiny negative pivots
  const Eigen::LDLT<Matrix> ldlt{gram};
  Matrix root = ldlt.matrixL();
  root = ldlt.transpositionsP().transpose() * root;
  const Eigen::Index inputs = gram.rows();
  for (Eigen::Index b = 0; b < inputs; ++b) root.col(b) *= std::sqrt(std::max(ldlt.vectorD()[b], 0.));

  // Mix independent normals into the rows of z and activate them; what fills up a row is zero in the end
  const std::size_t n = width_;
  std::copy(normals.begin(), normals.end(), g_.begin());
  const auto row = [&](Eigen::Index a) {
    return std::span{z_}.subspan(static_cast<std::size_t>(a) * padded_, padded_);
  };
  for (Eigen::Index a = 0; a < inputs; ++a) {
    const std::span<float> z = row(a);
    std::fill(z.begin(), z.end(), 0.f);
    for (Eigen::Index b = 0; b < inputs; ++b) {
      const auto factor = static_cast<float>(root(a, b));
      const float* const g = g_.data() + static_cast<std::size_t>(b) * n;
      for (std::size_t k = 0; k < padded_; ++k) z[k] += factor * g[k];
    }
  }
  activate(activation_, z_);
  for (Eigen::Index a = 0; a < inputs; ++a)
    std::fill(row(a).begin() + static_cast<std::ptrdiff_t>(n), row(a).end(), 0.f);

  Matrix result(inputs, inputs);
  for (Eigen::Index a = 0; a < inputs; ++a)
    for (Eigen::Index b = 0; b <= a; ++b)
      result(a, b) = result(b, a) =
          bias_variance_ + weight_variance_ / static_cast<double>(n) * dot(row(a), row(b));
  return result;
}

}  // namespace fieldbook
