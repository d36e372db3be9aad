#include <fieldbook/fields/reflection_gram.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <stdexcept>

namespace fieldbook {

Eigen::MatrixXd reflection_gram(const Correlator& correlator, const std::vector<std::vector<int>>& operators,
                                int times) {
  const auto n = static_cast<Eigen::Index>(operators.size());
  Eigen::MatrixXd gram(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j <= i; ++j) {
      std::vector<int> points = operators[static_cast<std::size_t>(j)];
      for (const int t : operators[static_cast<std::size_t>(i)]) points.push_back(t + times);
      gram(i, j) = gram(j, i) = correlator(points);
    }
  return gram;
}

std::vector<std::vector<int>> odd_operators(int times) {
  std::vector<std::vector<int>> all;
  for (int a = 0; a < times; ++a) all.push_back({a});
  for (int a = 0; a < times; ++a)
    for (int b = a; b < times; ++b)
      for (int c = b; c < times; ++c) all.push_back({a, b, c});
  return all;
}

std::vector<std::vector<int>> even_operators(int times) {
  std::vector<std::vector<int>> all{{}};
  for (int a = 0; a < times; ++a)
    for (int b = a; b < times; ++b) all.push_back({a, b});
  return all;
}

Eigen::MatrixXd with_unit_diagonal(const Eigen::MatrixXd& gram) {
  const Eigen::VectorXd diagonal = gram.diagonal();
  if (!(diagonal.minCoeff() > 0))
    throw std::invalid_argument{"with_unit_diagonal: a diagonal entry is not positive"};
  const Eigen::VectorXd scale = diagonal.cwiseSqrt().cwiseInverse();
  return scale.asDiagonal() * gram * scale.asDiagonal();
}

double lowest_eigenvalue(const Eigen::MatrixXd& symmetric) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{symmetric, Eigen::EigenvaluesOnly}.eigenvalues()[0];
}

}  // namespace fieldbook
