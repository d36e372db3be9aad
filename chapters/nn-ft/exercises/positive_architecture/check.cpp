#include <fieldbook/exercise/check.hpp>

#include <fieldbook/fields/reflection_gram.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    const std::vector<double> times{0, 0.5, 1, 2, 0, -0.5, -1, -2};
    for (const double mass : {1., 0.7}) {
      for (const double t : {0., 0.3, -2.})
        check.expect(fmt::format("two-point function at {} for mass {}", t, mass),
                     neuron_moment(mass, {0.5, 0.5 + t}), std::exp(-mass * std::abs(t)) / (2 * mass), 1e-12,
                     "Which rate gives e^{-m|t|}, and which variance 1/2m?");
      check.expect("a product does not know the order of its factors", neuron_moment(mass, {1, -0.4, 0.3, 2}),
                   neuron_moment(mass, {0.3, 2, 1, -0.4}), 1e-12, "Sort the times.");
      const double fourth = neuron_moment(mass, {0, 0, 0, 0}) * 4 * mass * mass;
      check.expect("< F^4 >/< F^2 >^2 is at least one (0: it is)", fourth < 1 - 1e-9 ? 1 : 0, 0, 0,
                   "No random number has less.");
      check.expect("neither a telegraph nor Gaussian (0: neither)",
                   std::abs(fourth - 1) < 0.1 || std::abs(fourth - 3) < 0.1 ? 1 : 0, 0, 0,
                   "Another law than two values, and not the free field.");
      const NeuronMoment neuron = [&](const std::vector<int>& points) {
        std::vector<double> at;
        for (const int i : points) at.push_back(times[static_cast<std::size_t>(i)]);
        return neuron_moment(mass, at);
      };
      const Eigen::MatrixXd gram = reflection_gram(
          [&](const std::vector<int>& points) {
            return network_moment(neuron, points, 8, {1, 1, 1});
          },
          odd_operators(4), 4);
      check.expect("all operators have a positive norm (0: they have)",
                   gram.diagonal().minCoeff() > 0 ? 0 : 1, 0, 0, "A norm is negative already.");
      const double lowest = lowest_eigenvalue(with_unit_diagonal(gram));
      check.expect(fmt::format("lowest eigenvalue for mass {} (0: not below -1e-10)", mass),
                   lowest >= -1e-10 ? 0 : lowest, 0, 1e-10, "Which processes have a transfer matrix?");
    }
  });
}
