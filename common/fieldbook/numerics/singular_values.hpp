#pragma once

#include <Eigen/Core>

namespace fieldbook {

/// m = u diag(values) v^T with k = min(rows, columns) values, largest first.
struct SingularValueDecomposition {
  Eigen::MatrixXd u;       ///< rows x k, orthonormal columns
  Eigen::VectorXd values;  ///< k, none negative
  Eigen::MatrixXd v;       ///< columns x k, orthonormal columns
};

/// By Eigen's divide and conquer; of fewer than 16 columns by Jacobi rotations. Compiled here once, for it takes half a minute.
SingularValueDecomposition singular_value_decomposition(const Eigen::MatrixXd& m);

/// Its values alone, which are cheaper.
Eigen::VectorXd singular_values(const Eigen::MatrixXd& m);

}  // namespace fieldbook
