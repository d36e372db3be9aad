#pragma once

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// A matrix somewhere in memory: entry (i, j) is data[i row_step + j column_step].
template <class Real>
struct Strided {
  Real* data;
  Eigen::Index rows, columns;
  Eigen::Index row_step, column_step;

  /// The same numbers with rows and columns exchanged.
  Strided transposed() const { return {data, columns, rows, column_step, row_step}; }
};

/// All of a matrix that is stored by columns.
template <class Real>
Strided<const Real> entries_of(const Eigen::Matrix<Real, -1, -1>& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols(), 1, matrix.rows()};
}
template <class Real>
Strided<Real> entries_of(Eigen::Matrix<Real, -1, -1>& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols(), 1, matrix.rows()};
}

/// Matrix products of the sizes that full-batch gradient descent of small networks needs: target += scale a b.
///
/// Eigen's own product packs every weight matrix anew and reaches two thirds of a core's arithmetic at width 256; here
/// weights are read in place as far as possible. The panels are kept, so that no call but the first allocates. An entry
/// of the result is one sum over k in its natural order, fused wherever the machine can fuse.
template <class Real>
class MatrixProduct {
 public:
  /// Adds scale sum_k a(i, k) b(k, j) to target(i, j). The shapes must fit; nothing may overlap the target.
  void add(Strided<Real> target, Real scale, Strided<const Real> a, Strided<const Real> b);

 private:
  /// Where the columns of b are in one piece: panel after panel of a, b as it stands.
  void add_in_place(const Strided<Real>& target, Real scale, const Strided<const Real>& a,
                    const Strided<const Real>& b);
  /// Where they are not, as in products of few terms: both factors copied, the target in the order of memory.
  void add_copies(const Strided<Real>& target, Real scale, const Strided<const Real>& a,
                  const Strided<const Real>& b);

  std::vector<Real> left_, right_;
};

extern template class MatrixProduct<float>;
extern template class MatrixProduct<double>;

}  // namespace fieldbook
