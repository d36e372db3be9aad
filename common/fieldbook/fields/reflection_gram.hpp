#pragma once

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace fieldbook {

/// A correlator < phi phi ... > of the points with these indices.
using Correlator = std::function<double(const std::vector<int>&)>;

/// The Gram matrix K_ij = < (Theta A_i) A_j > of products of fields at times t >= 0, Theta: t -> -t. A theory is reflection
/// positive if no such matrix has a negative eigenvalue (Osterwalder and Schrader 1973). An operator is the list of the indices of its
/// times, 0 ... times - 1 (empty: the number one); the correlator knows index i + times as the reflected time.
Eigen::MatrixXd reflection_gram(const Correlator& correlator, const std::vector<std::vector<int>>& operators,
                                int times);

/// The products phi(t_a) and phi(t_a) phi(t_b) phi(t_c), a <= b <= c, of so many times.
std::vector<std::vector<int>> odd_operators(int times);

/// The number one and the products phi(t_a) phi(t_b), a <= b.
std::vector<std::vector<int>> even_operators(int times);

/// K_ij / sqrt(K_ii K_jj). std::invalid_argument if a diagonal entry is not positive.
Eigen::MatrixXd with_unit_diagonal(const Eigen::MatrixXd& gram);

/// The smallest eigenvalue of a symmetric matrix.
double lowest_eigenvalue(const Eigen::MatrixXd& symmetric);

}  // namespace fieldbook
