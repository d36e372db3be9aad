#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <vector>

using namespace fieldbook;

namespace {

constexpr int draws = 2000, repeats = 2000;

/// In how many of the repeats the interval contains exp(4 u).
double coverage(double u, double lambda) {
  const Stream normals{1, fmt::format("exercise: tilted momenta at {}", u)};
  std::vector<double> g(draws);
  int inside = 0;
  for (std::uint64_t repeat = 0; repeat < repeats; ++repeat) {
    normals.normals(repeat, g);
    double sum = 0, squares = 0;
    for (const double z : g) {
      const double b = 4 * lambda * u + std::sqrt(u) * z;
      const double value = std::exp(4 * b - 4 * u - 4 * lambda * b + 8 * lambda * lambda * u);
      sum += value;
      squares += value * value;
    }
    const double mean = sum / draws, error = std::sqrt((squares / draws - mean * mean) / (draws - 1));
    if (std::abs(mean - std::exp(4 * u)) < 1.96 * error) ++inside;
  }
  return static_cast<double>(inside) / repeats;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (const double u : {0.5, 1., 2.}) {
      const double lambda = tilt(u);
      const double relative_variance = std::expm1(16 * (1 - lambda) * (1 - lambda) * u);
      check.expect(fmt::format("is the relative variance of a draw at u = {} at least 0.1 (1: yes)", u),
                   relative_variance >= 0.1, 1, 0,
                   "A simulation whose draws are all equal proves something else.");
      const double covered = coverage(u, lambda);
      check.expect(fmt::format("is the coverage at u = {}, which is {:.3f}, above 0.92 (1: yes)", u, covered),
                   covered > 0.92, 1, 0, "How heavy is the tail that is left?");
    }
  });
}
