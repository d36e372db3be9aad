#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/numerics/dot.hpp>
#include <fieldbook/numerics/set_partitions.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fieldbook {

namespace {

constexpr int pairing[3][4] = {{0, 1, 2, 3}, {0, 2, 1, 3}, {0, 3, 1, 2}};

/// The estimate whose influence function is, up to a constant, a linear combination of the observables.
Estimate with_influence(double value, const Averages& averages, const Eigen::VectorXd& influence) {
  const double variance = influence.dot(averages.covariance() * influence);
  return {value, std::sqrt(variance / static_cast<double>(averages.count()))};
}

std::span<const float> row(std::span<const float> features, std::size_t points, int point) {
  const std::size_t width = features.size() / points;
  return features.subspan(static_cast<std::size_t>(point) * width, width);
}

double sum_of_products_of_four(std::span<const float> features) {
  const std::size_t width = features.size() / 4;
  const float* const f = features.data();
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i)
    sum +=
        static_cast<double>(f[i] * f[width + i]) * static_cast<double>(f[2 * width + i] * f[3 * width + i]);
  return sum;
}

/// Where the observables of six points are: pair (a, b), a < b, and the three pairs of a pairing.
struct SixPoints {
  int pair_number[6][6];
  std::vector<std::array<int, 3>> pairings;     ///< three pairs each
  std::vector<std::array<int, 2>> products;     ///< two pairs without a common point
  std::vector<std::array<int, 3>> products_of;  ///< of each pairing: products 01, 02, 12
  std::vector<std::array<int, 2>> points;       ///< of each pair

  SixPoints() {
    for (int a = 0; a < 6; ++a)
      for (int b = a + 1; b < 6; ++b) {
        pair_number[a][b] = static_cast<int>(points.size());
        points.push_back({a, b});
      }
    for (const SetPartition& partition : fieldbook::pairings(6)) {
      std::array<int, 3> pairs{};
      for (std::size_t i = 0; i < 3; ++i) pairs[i] = pair_number[partition[i][0]][partition[i][1]];
      pairings.push_back(pairs);
      products_of.push_back(
          {product(pairs[0], pairs[1]), product(pairs[0], pairs[2]), product(pairs[1], pairs[2])});
    }
  }

 private:
  int product(int first, int second) {
    const std::array<int, 2> wanted{first, second};
    const auto found = std::find(products.begin(), products.end(), wanted);
    if (found != products.end()) return static_cast<int>(found - products.begin());
    products.push_back(wanted);
    return static_cast<int>(products.size()) - 1;
  }
};

const SixPoints& six_points() {
  static const SixPoints six;
  return six;
}

constexpr Eigen::Index first_product = 15, first_triple = 60;

}  // namespace

void NaiveFour::add(const std::array<double, 4>& outputs) {
  Eigen::Matrix<double, 7, 1> observed;
  observed[0] = outputs[0] * outputs[1] * outputs[2] * outputs[3];
  for (int k = 0; k < 3; ++k)
    for (int half = 0; half < 2; ++half)
      observed[1 + 2 * k + half] = outputs[static_cast<std::size_t>(pairing[k][2 * half])] *
                                   outputs[static_cast<std::size_t>(pairing[k][2 * half + 1])];
  averages_.add(observed);
}

Estimate NaiveFour::estimate() const {
  const Eigen::MatrixXd covariance = averages_.covariance();
  const Eigen::VectorXd& mean = averages_.means();
  double value = mean[0];
  Eigen::VectorXd influence = Eigen::VectorXd::Zero(7);
  influence[0] = 1;
  for (Eigen::Index a = 1; a < 7; a += 2) {
    value -= mean[a] * mean[a + 1] - covariance(a, a + 1) / static_cast<double>(averages_.count());
    influence[a] = -mean[a + 1];
    influence[a + 1] = -mean[a];
  }
  return with_influence(value, averages_, influence);
}

void ConditionalFour::add(std::span<const float> features, double squared_factor) {
  const double width = static_cast<double>(features.size()) / 4;
  const double per_pair = squared_factor * mu2_ / width;
  Eigen::Matrix<double, 10, 1> observed;
  observed[0] = (mu4_ - 3 * mu2_ * mu2_) / (width * width) * squared_factor * squared_factor *
                sum_of_products_of_four(features);
  for (int k = 0; k < 3; ++k) {
    for (int half = 0; half < 2; ++half)
      observed[4 + 2 * k + half] =
          per_pair * dot(row(features, 4, pairing[k][2 * half]), row(features, 4, pairing[k][2 * half + 1]));
    observed[1 + k] = observed[4 + 2 * k] * observed[5 + 2 * k];
  }
  averages_.add(observed);
}

Estimate ConditionalFour::estimate() const {
  const Eigen::MatrixXd covariance = averages_.covariance();
  const Eigen::VectorXd& mean = averages_.means();
  double value = mean[0];
  Eigen::VectorXd influence = Eigen::VectorXd::Zero(10);
  influence[0] = 1;
  for (Eigen::Index k = 0; k < 3; ++k) {
    const Eigen::Index a = 4 + 2 * k, b = a + 1;
    value += covariance(a, b);
    influence[1 + k] = 1;
    influence[a] = -mean[b];
    influence[b] = -mean[a];
  }
  return with_influence(value, averages_, influence);
}

void ConditionalSix::add(std::span<const float> features) {
  const SixPoints& six = six_points();
  const double width = static_cast<double>(features.size()) / 6;
  Eigen::Matrix<double, 75, 1> observed;
  for (std::size_t p = 0; p < six.points.size(); ++p)
    observed[static_cast<Eigen::Index>(p)] =
        mu2_ / width * dot(row(features, 6, six.points[p][0]), row(features, 6, six.points[p][1]));
  for (std::size_t p = 0; p < six.products.size(); ++p)
    observed[first_product + static_cast<Eigen::Index>(p)] =
        observed[six.products[p][0]] * observed[six.products[p][1]];
  for (std::size_t p = 0; p < six.pairings.size(); ++p)
    observed[first_triple + static_cast<Eigen::Index>(p)] =
        observed[six.pairings[p][0]] * observed[six.pairings[p][1]] * observed[six.pairings[p][2]];
  averages_.add(observed);
}

Estimate ConditionalSix::estimate() const {
  const SixPoints& six = six_points();
  const Eigen::VectorXd& mean = averages_.means();
  const auto n = static_cast<double>(averages_.count());
  double value = 0;
  Eigen::VectorXd influence = Eigen::VectorXd::Zero(75);
  for (std::size_t p = 0; p < six.pairings.size(); ++p) {
    const auto [a, b, c] = six.pairings[p];
    const auto [ab, ac, bc] = six.products_of[p];
    const double mean_ab = mean[first_product + ab], mean_ac = mean[first_product + ac],
                 mean_bc = mean[first_product + bc];
    const Eigen::Index abc = first_triple + static_cast<Eigen::Index>(p);
    const double third = mean[abc] - mean[a] * mean_bc - mean[b] * mean_ac - mean[c] * mean_ab +
                         2 * mean[a] * mean[b] * mean[c];
    value += n * n / ((n - 1) * (n - 2)) * third;
    // dA dB dC - dA <dB dC> - dB <dA dC> - dC <dA dB>, in terms of the products themselves
    influence[abc] += 1;
    influence[first_product + ab] -= mean[c];
    influence[first_product + ac] -= mean[b];
    influence[first_product + bc] -= mean[a];
    influence[a] += 2 * mean[b] * mean[c] - mean_bc;
    influence[b] += 2 * mean[a] * mean[c] - mean_ac;
    influence[c] += 2 * mean[a] * mean[b] - mean_ab;
  }
  return with_influence(value, averages_, influence);
}

}  // namespace fieldbook
