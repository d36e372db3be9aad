#include <fieldbook/exercise/check.hpp>

#include <fieldbook/estimate.hpp>
#include <fieldbook/kernels/gaussian_process.hpp>
#include <fieldbook/kernels/one_layer.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <array>
#include <cmath>
#include <vector>

using namespace fieldbook;

namespace {

const std::vector<double> data{-1.5, -0.6, 0.3, 1.2}, tests{0.8, -1};
constexpr double noise = 0.01, weight_variance = 4, bias_variance = 1;

Eigen::VectorXd targets() {
  Eigen::VectorXd y(4);
  for (Eigen::Index i = 0; i < 4; ++i) y[i] = std::sin(2 * data[static_cast<std::size_t>(i)]);
  return y;
}

/// The features of one neuron erf(w x + b) on a grid of (w, b), and the probabilities of its nodes.
std::pair<Eigen::MatrixXd, Eigen::VectorXd> one_neuron(double test) {
  constexpr int side = 151;
  Eigen::MatrixXd features(5, side * side);
  Eigen::VectorXd probability(side * side);
  for (int i = 0; i < side; ++i)
    for (int j = 0; j < side; ++j) {
      const double z1 = -7.5 + 15. * i / (side - 1), z2 = -7.5 + 15. * j / (side - 1);
      const double w = std::sqrt(weight_variance) * z1, b = std::sqrt(bias_variance) * z2;
      for (Eigen::Index p = 0; p < 5; ++p)
        features(p, i * side + j) = std::erf(w * (p < 4 ? data[static_cast<std::size_t>(p)] : test) + b);
      probability[i * side + j] = std::exp(-(z1 * z1 + z2 * z2) / 2);
    }
  return {features, probability / probability.sum()};
}

/// N (var_N - var) at both test points with its standard error, from networks of `width` neurons whose posteriors are exact. The
/// standard error is that of 100 blocks.
std::vector<Estimate> measure(int width, int draws) {
  const OneLayerLaw law{Activation::erf, weight_variance, bias_variance};
  const Eigen::VectorXd y = targets();
  std::vector<double> points = data;
  points.insert(points.end(), tests.begin(), tests.end());
  OneHiddenLayer networks{Activation::erf, width, weight_variance, bias_variance, 1, "exercise: posteriors"};
  constexpr int blocks = 100;
  std::vector<Estimate> result;
  // First and second moment of the mixture in every block, at both points
  std::vector<std::array<double, 5>> sums(blocks);
  for (int draw = 0; draw < draws; ++draw) {
    const auto f = networks.features(static_cast<std::uint64_t>(draw), points);
    const Eigen::Map<const Eigen::MatrixXf> features{f.data(), width, 6};
    const Eigen::MatrixXd c = (features.transpose() * features).cast<double>() / width;
    const GaussianProcess process{c.topLeftCorner(4, 4), y, noise};
    const double weight = std::exp(process.log_evidence());
    auto& sum = sums[static_cast<std::size_t>(draw % blocks)];
    sum[0] += weight;
    for (Eigen::Index t = 0; t < 2; ++t) {
      const Eigen::VectorXd k = c.col(4 + t).head(4);
      const double mean = process.mean(k);
      sum[static_cast<std::size_t>(1 + 2 * t)] += weight * mean;
      sum[static_cast<std::size_t>(2 + 2 * t)] +=
          weight * (process.variance(k, c(4 + t, 4 + t)) + mean * mean);
    }
  }
  std::array<double, 5> all{};
  for (const auto& sum : sums)
    for (std::size_t i = 0; i < 5; ++i) all[i] += sum[i];
  const Eigen::MatrixXd kernel = one_layer_kernel(law, data, data);
  const GaussianProcess limit{kernel, y, noise};
  for (std::size_t t = 0; t < 2; ++t) {
    const auto variance = [&](const std::array<double, 5>& sum) {
      const double mean = sum[1 + 2 * t] / sum[0];
      return sum[2 + 2 * t] / sum[0] - mean * mean;
    };
    double squares = 0;
    for (const auto& sum : sums) {  // the jackknife over blocks
      std::array<double, 5> rest = all;
      for (std::size_t i = 0; i < 5; ++i) rest[i] -= sum[i];
      squares += (variance(rest) - variance(all)) * (variance(rest) - variance(all));
    }
    const Eigen::VectorXd k = one_layer_kernel(law, data, std::vector{tests[t]}).col(0);
    const double infinite = limit.variance(k, one_layer_kernel(law, tests[t], tests[t]));
    result.emplace_back(width * (variance(all) - infinite),
                        width * std::sqrt(squares * (blocks - 1.) / blocks));
  }
  return result;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    double corrections[2];
    for (std::size_t t = 0; t < 2; ++t) {
      const auto [features, probability] = one_neuron(tests[t]);
      corrections[t] = variance_correction(features, probability, targets(), noise);
    }
    // So wide that the next order of 1/N is a quarter of a standard error
    const std::vector<Estimate> measured = measure(1024, 100000);
    for (std::size_t t = 0; t < 2; ++t)
      check.expect(
          fmt::format(
              "N (var_N - var) at x = {}, measured as {:.4f} +- {:.4f}; yours less this, in standard errors",
              tests[t], measured[t].value, measured[t].standard_error),
          (corrections[t] - measured[t].value) / measured[t].standard_error, 0, 5,
          "Three averages over one neuron contribute; is the variance of the means among them?");
  });
}
