#include <fieldbook/exercise/check.hpp>

#include <fieldbook/fields/scalar_net_moment.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    const Eigen::MatrixXd origin = Eigen::MatrixXd::Zero(2, 4);
    for (const double alpha : {0., 1., -1., 0.5})
      for (const double cutoff : {10., 3.})
        for (const double mass : {1., 0.7}) {
          const NeuronMoment neuron = scalar_net_moment({2, mass, cutoff}, alpha, origin);
          const auto vertex = [&](double mu4) { return neuron_cumulant(neuron, 4, {1, mu4, 0}); };
          for (const double mu4 : {1., 3.})
            for (const int width : {1, 8})
              check.expect(fmt::format("kappa_4 for alpha = {}, mu4 = {}, N = {}, cutoff {}, mass {}", alpha,
                                       mu4, width, cutoff, mass),
                           vertex_at_a_point(alpha, mu4, width, mass, cutoff), vertex(mu4) / width, 1e-8,
                           alpha == 0 ? "At alpha = 0 the normalisation is a logarithm."
                                      : "Compare with alpha = 0 first.");
          // The vertex is linear in mu4
          check.expect(
              fmt::format("mu4 without a vertex for alpha = {}, cutoff {}, mass {}", alpha, cutoff, mass),
              mu4_without_vertex(alpha, mass, cutoff), 1 - vertex(1) / ((vertex(3) - vertex(1)) / 2), 1e-8,
              "For which mu4 do the two terms cancel?");
        }
  });
}
