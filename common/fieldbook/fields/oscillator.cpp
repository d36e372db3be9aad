#include <fieldbook/fields/oscillator.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

Eigen::MatrixXd oscillator_position(double frequency, int states) {
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(states, states);
  for (int n = 1; n < states; ++n) x(n, n - 1) = x(n - 1, n) = std::sqrt(n / (2 * frequency));
  return x;
}

Levels diagonalise(const Oscillator& oscillator, int states) {
  const auto [mass2, lambda] = oscillator;
  if (!(lambda >= 0) || (lambda == 0 && !(mass2 > 0)) || states < 4)
    throw std::invalid_argument{
        "diagonalise: lambda >= 0, a positive mass squared if it is 0, and at least 4 states"};
  // A frequency of the size of the gap's scale, so that few states are needed; lambda^{1/3} rules when lambda is large
  const double frequency = std::max({std::sqrt(std::max(mass2 + lambda / 2, -mass2)), std::cbrt(lambda)});
  // x^4 of the truncated x would be wrong in its last states: it is formed in a larger basis and then cut
  const Eigen::MatrixXd x = oscillator_position(frequency, states + 8);
  const Eigen::MatrixXd square = x * x;
  Eigen::MatrixXd h = (mass2 - frequency * frequency) / 2 * square + lambda / 24 * square * square;
  for (int n = 0; n < states; ++n) h(n, n) += frequency * (n + 0.5);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{
      Eigen::MatrixXd{h.topLeftCorner(states, states)}};
  const Eigen::MatrixXd& vectors = solver.eigenvectors();
  return {solver.eigenvalues(), vectors.transpose() * x.topLeftCorner(states, states) * vectors};
}

}  // namespace fieldbook
