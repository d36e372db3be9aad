#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>
#include <vector>

using namespace fieldbook;

namespace {

constexpr int neurons = 1000000;
const std::vector<double> distances{0, 0.3, 0.7, 2};

/// Means of A^2 cos(b r) at all distances, and of A^4.
Averages sample(double g) {
  const Stream uniforms{1, fmt::format("exercise: neurons for {}", g)};
  Averages averages{static_cast<Eigen::Index>(distances.size() + 1)};
  Eigen::VectorXd observed(static_cast<Eigen::Index>(distances.size() + 1));
  for (std::uint64_t draw = 0; draw < neurons; ++draw) {
    double u[2];
    uniforms.uniforms(draw, u);
    const Neuron neuron = draw_neuron(g, u[0], u[1]);
    const double square = neuron.amplitude * neuron.amplitude;
    for (std::size_t i = 0; i < distances.size(); ++i)
      observed[static_cast<Eigen::Index>(i)] = square * std::cos(neuron.momentum * distances[i]);
    observed[static_cast<Eigen::Index>(distances.size())] = square * square;
    averages.add(observed);
  }
  return averages;
}

/// In standard errors; a quantity that does not fluctuate is compared as it is.
double deviation(const Estimate& measured, double expected) {
  const double difference = measured.value - expected;
  return std::abs(difference) < 1e-12 ? 0 : difference / std::max(measured.standard_error, 1e-12);
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (const double g : {1.5, 2., 5.}) {
      const Averages averages = sample(g);
      for (std::size_t i = 0; i < distances.size(); ++i)
        check.expect(fmt::format("G_2({}) less exp(-r)/2 for g = {}, in standard errors", distances[i], g),
                     deviation(averages.mean(static_cast<Eigen::Index>(i)), std::exp(-distances[i]) / 2), 0,
                     5, "The density of b times A^2 must be half the Cauchy density.");
      const Estimate fourth = averages.mean(static_cast<Eigen::Index>(distances.size()));
      check.expect(fmt::format("<A^4> less the one that g = {} needs, in standard errors", g),
                   deviation(fourth, (g + 3) / 18), 0, 5, "N G_4 = 4.5 <A^4> - 3/4 must be g/4.");
    }
  });
}
