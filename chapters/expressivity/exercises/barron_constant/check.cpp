#include <fieldbook/exercise/check.hpp>

#include <fieldbook/estimate.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <vector>

using namespace fieldbook;

namespace {

/// Sums over proposals (omega, t), t uniform on (0, r|omega|), with weights 2 r|omega||sin t|, the mean of which is v.
struct Sums {
  double weight = 0;     ///< estimates v
  double on = 0;         ///< v <H(omega.x - t)>
  double signed_on = 0;  ///< v <sgn(sin t) H(omega.x - t)>
  double length = 0;     ///< <|omega|>
};

constexpr int blocks = 100, proposals = 10000;

std::vector<Sums> sample(int dimension, double distance, std::uint64_t number) {
  const Stream normals{1, fmt::format("exercise: omega {}", number)},
      uniforms{1, fmt::format("exercise: t {}", number)};
  std::vector<Sums> sums(blocks);
  const auto d = static_cast<std::size_t>(dimension);
  std::vector<double> omega(proposals * d), u(proposals);
  for (std::uint64_t block = 0; block < blocks; ++block) {
    normals.normals(block, omega);
    uniforms.uniforms(block, u);
    for (std::size_t p = 0; p < proposals; ++p) {
      double square = 0;
      for (std::size_t i = 0; i < d; ++i) square += omega[p * d + i] * omega[p * d + i];
      const double length = std::sqrt(square), range = std::sqrt(dimension) * length, t = u[p] * range;
      const double weight = 2 * range * std::abs(std::sin(t)) / proposals;
      // x lies on the first axis
      const bool on = omega[p * d] * distance > t;
      sums[block].weight += weight;
      sums[block].on += on ? weight : 0;
      sums[block].signed_on += on ? 2 * range * std::sin(t) / proposals : 0;
      sums[block].length += length / proposals;
    }
  }
  return sums;
}

/// A function of the means over all blocks with the standard error of the jackknife.
template <class Function>
Estimate jackknifed(const std::vector<Sums>& sums, Function function) {
  Sums all;
  const auto add = [](Sums& to, const Sums& from, double sign) {
    to.weight += sign * from.weight / blocks, to.on += sign * from.on / blocks;
    to.signed_on += sign * from.signed_on / blocks, to.length += sign * from.length / blocks;
  };
  for (const Sums& block : sums) add(all, block, 1);
  double squares = 0;
  for (const Sums& block : sums) {
    Sums rest = all;
    add(rest, block, -1);
    const double rescaled = blocks / (blocks - 1.);
    rest = {rest.weight * rescaled, rest.on * rescaled, rest.signed_on * rescaled, rest.length * rescaled};
    squares += std::pow(function(rest) - function(all), 2);
  }
  return {function(all), std::sqrt(squares * (blocks - 1.) / blocks)};
}

void expect_sampled(Check& check, const std::string& what, double got, const Estimate& sampled,
                    const std::string& advice) {
  check.expect(fmt::format("{}, sampled as {:.5g} +- {:.2g}; yours less this, in standard errors", what,
                           sampled.value, sampled.standard_error),
               (got - sampled.value) / sampled.standard_error, 0, 5, advice);
}

void compare(Check& check, std::uint64_t number) {
  double u[2];
  Stream{1, "exercise: Barron"}.uniforms(number, u);
  const int dimension = 1 + static_cast<int>(number), width = 1 + static_cast<int>(300 * u[0]);
  const double square = dimension * std::pow(0.2 + 0.8 * u[1], 2);
  const auto sums = sample(dimension, std::sqrt(square), number);
  expect_sampled(check, fmt::format("Barron's constant in {} dimensions", dimension),
                 barron_constant(dimension), jackknifed(sums, [](const Sums& s) { return s.length; }),
                 "The mean length of a vector of d normals.");
  // f - 1 is sampled too: it is minus the mean of the signed steps
  const Estimate error =
      jackknifed(sums, [&](const Sums& s) { return (s.weight * s.on - s.signed_on * s.signed_on) / width; });
  expect_sampled(
      check, fmt::format("mean square error for d = {}, |x|^2 = {:.3f}, N = {}", dimension, square, width),
      step_error(dimension, square, width), error,
      "The second moment of one term is v^2 times the probability that it is on.");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const int dimensions[] = {1, 2, 4, 8};
    const double constants[] = {0.797885, 1.253314, 1.879971, 2.741625},
                 errors[] = {0.097310, 0.551572, 2.101496, 7.027816};
    for (int i = 0; i < 4; ++i) {
      const int d = dimensions[i];
      check.expect(fmt::format("Barron's constant in {} dimensions", d), barron_constant(d), constants[i],
                   1e-6, "The mean length of a vector of d normals.");
      check.expect(fmt::format("N times the mean square error at (1, ..., 1)/sqrt(3) for d = {}", d),
                   50 * step_error(d, d / 3., 50), errors[i], 1e-6,
                   "The second moment of one term is v^2 times the probability that it is on.");
    }
    for (std::uint64_t number = 0; number < 6; ++number) compare(check, number);
  });
}
