#include <fieldbook/exercise/check.hpp>

#include <fieldbook/fields/cutoff_propagator.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    for (const int dimension : {1, 2, 3})
      for (const double cutoff : {20., 3.5})
        for (const double sigma_a : {1., 2.})
          check.expect(
              fmt::format("amplitude in {} dimensions, cutoff {}, sigma_a {}", dimension, cutoff, sigma_a),
              scalar_net_amplitude(dimension, cutoff, sigma_a),
              std::sqrt(2 * cutoff_integral({dimension, 1, cutoff}, 0, 0)) / sigma_a, 1e-9,
              sigma_a == 2 ? "How does the size of the output weights enter?"
                           : "Average over phase, weight and momentum, one after the other.");
  });
}
