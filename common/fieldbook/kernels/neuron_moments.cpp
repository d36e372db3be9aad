#include <fieldbook/kernels/neuron_moments.hpp>
#include <fieldbook/numerics/set_partitions.hpp>

#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace fieldbook {

namespace {

/// The partitions of 0, 2, 4 or 6 points into even blocks, made once.
const std::vector<SetPartition>& even_partitions(int n) {
  static const std::vector<SetPartition> made[] = {even_set_partitions(0), even_set_partitions(2),
                                                   even_set_partitions(4), even_set_partitions(6)};
  return made[n / 2];
}

}  // namespace

double neuron_cumulant(const NeuronMoment& moment, int n, const WeightMoments& weights) {
  if (n != 2 && n != 4 && n != 6)
    throw std::invalid_argument{"neuron_cumulant: the number of points must be 2, 4 or 6"};
  const double mu[] = {1, 0, weights.second, 0, weights.fourth, 0, weights.sixth};
  double cumulant = 0;
  for (const SetPartition& partition : even_partitions(n)) {
    double term = 1;
    for (std::size_t block = 0; block < partition.size(); ++block) {
      if (block > 0) term *= -static_cast<double>(block);  // builds up (-1)^{l-1} (l-1)!
      term *= mu[partition[block].size()] * moment(partition[block]);
    }
    cumulant += term;
  }
  return cumulant;
}

double network_moment(const NeuronMoment& moment, const std::vector<int>& points, int width,
                      const WeightMoments& weights) {
  const int n = static_cast<int>(points.size());
  if (n > 6 || n % 2 != 0)
    throw std::invalid_argument{"network_moment: the number of points must be 0, 2, 4 or 6"};
  if (width < 1) throw std::invalid_argument{"network_moment: the width must be at least 1"};
  const double mu[] = {1, 0, weights.second, 0, weights.fourth, 0, weights.sixth};
  double sum = 0;
  for (const SetPartition& partition : even_partitions(n)) {
    // Each block has a neuron of its own: N (N - 1) ... choices, every one over N; a block of four or six wastes a factor N
    double term = std::pow(width, static_cast<double>(partition.size()) - n / 2.);
    for (std::size_t block = 0; block < partition.size(); ++block) {
      std::vector<int> at;
      for (const int i : partition[block]) at.push_back(points[static_cast<std::size_t>(i)]);
      term *= (width - static_cast<double>(block)) / width * mu[at.size()] * moment(at);
    }
    sum += term;
  }
  return sum;
}

double wick_sum(const NeuronMoment& moment, int n) {
  double sum = 0;
  for (const SetPartition& pairing : pairings(n)) {
    double product = 1;
    for (const std::vector<int>& pair : pairing) product *= moment(pair);
    sum += product;
  }
  return sum;
}

NeuronMoment gauss_net_moment(double variance, Eigen::MatrixXd points) {
  return [variance, points = std::move(points)](const std::vector<int>& indices) {
    Eigen::VectorXd total = Eigen::VectorXd::Zero(points.rows());
    double squares = 0;
    for (const int i : indices) {
      total += points.col(i);
      squares += points.col(i).squaredNorm();
    }
    return std::exp(variance * (total.squaredNorm() / 2 - squares));
  };
}

double uniform_phase(int k) { return k == 0 ? 1 : 0; }

NeuronMoment cos_net_moment(double variance, Eigen::MatrixXd points, PhaseCharacter phase) {
  return [variance, points = std::move(points), phase](const std::vector<int>& indices) {
    const std::size_t k = indices.size();
    double sum = 0;
    for (unsigned signs = 0; signs < (1u << k); ++signs) {
      Eigen::VectorXd momentum = Eigen::VectorXd::Zero(points.rows());
      int total = 0;
      for (std::size_t i = 0; i < k; ++i) {
        const int sign = (signs >> i & 1u) != 0 ? 1 : -1;
        momentum += sign * points.col(indices[i]);
        total += sign;
      }
      sum += phase(std::abs(total)) * std::exp(-variance * momentum.squaredNorm() / 2);
    }
    return sum / std::pow(2, static_cast<double>(k) / 2);
  };
}

}  // namespace fieldbook
