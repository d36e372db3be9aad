#include <fieldbook/fields/reconstructed_action.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <algorithm>

namespace fieldbook {

QuarticTensor connected_tensor(const NeuronMoment& neuron, int points, const WeightMoments& weights) {
  QuarticTensor tensor{points};
  for (int a = 0; a < points; ++a)
    for (int b = a; b < points; ++b)
      for (int c = b; c < points; ++c)
        for (int d = c; d < points; ++d) {
          const int chosen[] = {a, b, c, d};
          const double value = neuron_cumulant(
              [&](const std::vector<int>& indices) {
                std::vector<int> at;
                for (const int i : indices) at.push_back(chosen[i]);
                return neuron(at);
              },
              4, weights);
          std::vector<int> order{a, b, c, d};
          do tensor(order[0], order[1], order[2], order[3]) = value;
          while (std::next_permutation(order.begin(), order.end()));
        }
  return tensor;
}

QuarticTensor transformed(const QuarticTensor& tensor, const Eigen::MatrixXd& matrix) {
  // One index at a time; turning the order of the indices each time brings all four to the front
  QuarticTensor result = tensor;
  const int n = tensor.size();
  for (int index = 0; index < 4; ++index) {
    const QuarticTensor old = result;
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < n; ++b)
        for (int c = 0; c < n; ++c)
          for (int d = 0; d < n; ++d) {
            double sum = 0;
            for (int k = 0; k < n; ++k) sum += old(k, b, c, d) * matrix(k, a);
            result(b, c, d, a) = sum;
          }
  }
  return result;
}

QuarticTensor quartic_couplings(const QuarticTensor& kappa, const Eigen::MatrixXd& propagator) {
  const auto n = static_cast<int>(propagator.rows());
  QuarticTensor couplings = transformed(kappa, propagator.llt().solve(Eigen::MatrixXd::Identity(n, n)));
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b)
      for (int c = 0; c < n; ++c)
        for (int d = 0; d < n; ++d) couplings(a, b, c, d) *= -1;
  return couplings;
}

}  // namespace fieldbook
