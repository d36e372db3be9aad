#pragma once

#include <Eigen/Dense>

// A root $A=V\sqrt D$ of $G=VDV^T$ exists for every Gram matrix. Eigenvalues that should be zero come out as $\pm10^{-17}$ or so;
// clipping them changes the law of $z$ by no more than rounding does. Rows of $z=gA^T$, with independent normals $g$, have the
// covariance $AA^T=G$. Cholesky's factorisation would divide by a zero pivot as soon as two inputs coincide.

/// The Gram matrix after one more layer (weight variance 2, ReLU); gram: p x p, normals: N x p, independent N(0, 1).
inline Eigen::MatrixXd next_gram(const Eigen::MatrixXd& gram, const Eigen::MatrixXd& normals) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{gram};
  const Eigen::VectorXd deviations = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  const Eigen::MatrixXd root = solver.eigenvectors() * deviations.asDiagonal();
  const Eigen::MatrixXd z = (normals * root.transpose()).cwiseMax(0);
  return 2. / static_cast<double>(normals.rows()) * z.transpose() * z;
}
