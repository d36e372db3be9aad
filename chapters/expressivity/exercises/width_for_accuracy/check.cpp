#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <numbers>
#include <vector>

using namespace fieldbook;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// The neuron with its knot t cells to the left of x.
double neuron(double steepness, double t) {
  if (std::isinf(steepness)) return t >= 0 ? 1 : 0;
  return 1 / (1 + std::exp(-steepness * t));
}

/// The error at x of the network for y -> |y - x|, in cells: no function of slope 1 is worse at x.
double error_of_a_kink(int width, double steepness, double x) {
  double output = std::abs(0.5 - x);
  for (int i = 1; i <= width; ++i)
    output += (std::abs(i + 0.5 - x) - std::abs(i - 0.5 - x)) * neuron(steepness, x - i);
  return output;
}

/// The largest error of `width` neurons for all functions of slope 1, over eight places in every cell.
double worst_error(int width, double steepness) {
  double worst = 0;
  for (int p = 0; p <= 8 * (width + 1); ++p)
    worst = std::max(worst, error_of_a_kink(width, steepness, p / 8.));
  return worst / (width + 1);
}

/// The first width that is good enough, by bisection.
int first_width(double accuracy, double slope, double steepness) {
  int bad = 0, good = 1;
  while (slope * worst_error(good, steepness) > accuracy) good *= 2;
  while (good - bad > 1) {
    const int middle = (bad + good) / 2;
    (slope * worst_error(middle, steepness) > accuracy ? bad : good) = middle;
  }
  return good;
}

void compare(Check& check, double accuracy, double slope, double steepness) {
  check.expect(fmt::format("neurons of steepness {:.4g} for an error of {:.4g} at slopes up to {:.4g}",
                           steepness, accuracy, slope),
               width_for_accuracy(accuracy, slope, steepness), first_width(accuracy, slope, steepness), 0,
               std::isinf(steepness)
                   ? "A step is wrong by half a cell at most, and N knots make N + 1 cells."
                   : "A soft sigmoid mixes in neighbours: how far away, and how much of each?");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check.expect("steps for an error of 0.01 at slopes up to 2 pi",
                 width_for_accuracy(0.01, 2 * std::numbers::pi, infinite), 314, 0,
                 "A step is wrong by half a cell at most, and N knots make N + 1 cells.");
    check.expect("sigmoids of steepness 5 for the same", width_for_accuracy(0.01, 2 * std::numbers::pi, 5),
                 322, 0, "A(5) = 0.5134771.");
    check.expect("steps for an error of 1/64 at slope 1", width_for_accuracy(1. / 64, 1, infinite), 31, 0,
                 "32 cells are enough: the bound may be attained.");
    check.expect("neurons when a constant is good enough", width_for_accuracy(1, 1, 10), 1, 0,
                 "A network has at least one neuron.");
    std::vector<double> u(3);
    for (std::uint64_t draw = 0; draw < 16; ++draw) {
      Stream{1, "exercise: width for accuracy"}.uniforms(draw, u);
      const double steepness = draw % 4 == 0 ? infinite : 0.8 + 6 * u[0] * u[0], slope = 0.5 + 5 * u[1];
      compare(check, slope / (150 + 250 * u[2]), slope, steepness);
    }
  });
}
