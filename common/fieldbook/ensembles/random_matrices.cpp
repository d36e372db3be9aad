#include <fieldbook/ensembles/random_matrices.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <stdexcept>

namespace fieldbook {

Eigen::MatrixXd gaussian_matrix(const Stream& stream, std::uint64_t draw, Eigen::Index rows,
                                Eigen::Index columns) {
  Eigen::MatrixXd matrix(rows, columns);
  stream.normals(draw, {matrix.data(), static_cast<std::size_t>(matrix.size())});
  return matrix;
}

Eigen::MatrixXd orthonormal_columns(const Stream& stream, std::uint64_t draw, Eigen::Index rows,
                                    Eigen::Index columns) {
  if (columns > rows)
    throw std::invalid_argument{"orthonormal_columns: there cannot be more columns than rows"};
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr{gaussian_matrix(stream, draw, rows, columns)};
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(rows, columns);
  for (Eigen::Index j = 0; j < columns; ++j)
    if (qr.matrixQR()(j, j) < 0) q.col(j) *= -1;
  return q;
}

}  // namespace fieldbook
