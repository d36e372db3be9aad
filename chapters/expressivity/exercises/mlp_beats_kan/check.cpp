#include <fieldbook/exercise/check.hpp>

#include <fieldbook/training/mlp.hpp>
#include <fieldbook/training/spline_training.hpp>
#include <fieldbook/training/tangent.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

using namespace fieldbook;
using Eigen::VectorXd;

namespace {

constexpr int data = 800, unseen = 2000, starts = 2;
constexpr double least_spline_error = 0.003, largest_ratio = 0.1;

/// The best of several trained networks by its error on the data, which is all that who trains them has.
struct Best {
  double train = std::numeric_limits<double>::infinity(), test = 0;
  void see(double on_data, double on_new) {
    if (on_data < train) train = on_data, test = on_new;
  }
};

Best splines(const std::vector<int>& shape, int cells, const Samples& seen, const Samples& fresh,
             std::uint64_t seed) {
  Best best;
  for (std::uint64_t start = 0; start < starts; ++start) {
    const KolmogorovArnold network = trained_start(shape, cells, false, Stream{seed, "splines"}, start, seen);
    best.see(rms_error(network, seen), rms_error(network, fresh));
  }
  return best;
}

/// The best Kolmogorov-Arnold network of 72 coefficients, chosen on new points.
double splines_of_all_shapes(const Samples& seen, const Samples& fresh, std::uint64_t seed) {
  double best = std::numeric_limits<double>::infinity();
  for (const auto& [nodes, cells] : {std::pair{1, 21}, {2, 9}, {3, 5}, {4, 3}})
    best = std::min(best, splines({2, nodes, 1}, cells, seen, fresh, seed).test);
  return best;
}

double rms(const Mlp<double>& network, const Samples& samples) {
  Pass<double> pass;
  network.forward(samples.x, pass);
  return std::sqrt((samples.y - pass.outputs).squaredNorm() / static_cast<double>(samples.y.size()));
}

void train_tanh(const NetworkShape& shape, const Samples& seen, const Samples& fresh, std::uint64_t seed,
                Best& best) {
  Mlp<double> network{Activation::tanh, ntk_parameterisation(shape, 2, 1), seed, "tanh"};
  Pass<double> pass;
  const auto residuals = [&](const VectorXd& at) -> VectorXd {
    network.set_parameters(at);
    network.forward(seen.x, pass);
    return seen.y - pass.outputs;
  };
  const auto linearise = [&](const VectorXd& at, NormalEquations& equations) {
    const VectorXd r = residuals(at);
    equations.add(jacobian(network, seen.x), r);
  };
  for (std::uint64_t start = 0; start < starts; ++start) {
    network.draw(start);
    VectorXd parameters = network.parameters();
    minimise({200, 1e-2, 201, 0}, parameters, linearise,
             [&](const VectorXd& at) { return residuals(at).squaredNorm(); });
    network.set_parameters(parameters);
    best.see(rms(network, seen), rms(network, fresh));
  }
}

/// One set of data and the contest on it.
void compare(Check& check, std::uint64_t seed) {
  const auto f = [](std::span<const double> x) { return target(x[0], x[1]); };
  const Samples seen = uniform_samples(seed, 0, 2, data, f), fresh = uniform_samples(seed, 1, 2, unseen, f);
  check.expect("is the target finite everywhere", seen.y.allFinite() && fresh.y.allFinite(), 1, 0);
  const double spread = std::sqrt((fresh.y.array() - fresh.y.mean()).square().mean());
  check.expect("does the target vary", spread > 1e-6 * fresh.y.cwiseAbs().maxCoeff(), 1, 0,
               "A constant is learned by everybody.");
  const double by_splines = splines_of_all_shapes(seen, fresh, seed) / spread;
  check.expect(fmt::format("set {}: the error of the best splines in units of the spread, {} or more", seed,
                           least_spline_error),
               std::min(by_splines, least_spline_error), least_spline_error, 1e-12,
               "Splines have learned it. Which functions need many nodes, each with a fine grid?");
  Best best;
  train_tanh({2, 18, 1}, seen, fresh, seed, best);
  train_tanh({2, 6, 2}, seen, fresh, seed, best);
  check.expect(
      fmt::format(
          "set {}: the error of tanh networks, {:.2g} of the spread, in units of that of splines, {:.2g}; "
          "{} or less",
          seed, best.test / spread, by_splines, largest_ratio),
      std::max(best.test / spread / by_splines, largest_ratio), largest_ratio, 1e-12,
      "Is it too hard for neurons too? Smooth functions of bent coordinates suit them.");
}
}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) compare(check, seed);
  });
}
