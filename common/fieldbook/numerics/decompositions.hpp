#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>

// Eigen's decompositions of matrices of any size, just as they are in Eigen. Included from here they are compiled once, in the
// library, instead of in every file that uses them, which takes up to ten seconds each. This holds for matrices and
// vectors: a block or a sum has to become one first.
#define FIELDBOOK_CHOLESKY(declared, Cholesky)                                                   \
  declared template Eigen::Cholesky<Eigen::MatrixXd>& Eigen::Cholesky<Eigen::MatrixXd>::compute( \
      const Eigen::EigenBase<Eigen::MatrixXd>&);                                                 \
  declared template void Eigen::Cholesky<Eigen::MatrixXd>::_solve_impl(const Eigen::MatrixXd&,   \
                                                                       Eigen::MatrixXd&) const;  \
  declared template void Eigen::Cholesky<Eigen::MatrixXd>::_solve_impl(const Eigen::VectorXd&,   \
                                                                       Eigen::VectorXd&) const;  \
  declared template void Eigen::Cholesky<Eigen::MatrixXd>::_solve_impl(                          \
      const Eigen::MatrixXd::IdentityReturnType&, Eigen::MatrixXd&) const;

#define FIELDBOOK_DECOMPOSITIONS(declared)                                        \
  FIELDBOOK_CHOLESKY(declared, LLT)                                               \
  FIELDBOOK_CHOLESKY(declared, LDLT)                                              \
  declared template void Eigen::PartialPivLU<Eigen::MatrixXd>::compute();         \
  declared template void Eigen::HouseholderQR<Eigen::MatrixXd>::computeInPlace(); \
  declared template Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>&               \
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>::compute(const Eigen::EigenBase<Eigen::MatrixXd>&, int);

FIELDBOOK_DECOMPOSITIONS(extern)
