#include <fieldbook/numerics/singular_values.hpp>

#include <Eigen/SVD>

namespace fieldbook {

SingularValueDecomposition singular_value_decomposition(const Eigen::MatrixXd& m) {
  const Eigen::BDCSVD<Eigen::MatrixXd> svd{m, Eigen::ComputeThinU | Eigen::ComputeThinV};
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

Eigen::VectorXd singular_values(const Eigen::MatrixXd& m) {
  return Eigen::BDCSVD<Eigen::MatrixXd>{m}.singularValues();
}

}  // namespace fieldbook
