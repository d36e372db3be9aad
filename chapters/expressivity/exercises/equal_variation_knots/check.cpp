#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <numbers>
#include <string>
#include <vector>

using namespace fieldbook;
using std::numbers::pi;

namespace {

using Knots = std::vector<double>;

void expect_order(Check& check, const std::string& where, const Knots& knots, int width) {
  check.expect("number of knots, " + where, static_cast<double>(knots.size()), width, 0);
  const auto inside = std::count_if(knots.begin(), knots.end(), [](double t) { return t > 0 && t < 1; });
  check.expect("knots inside the interval, " + where, static_cast<double>(inside), width, 0,
               "The ends of the interval are ends of cells, and no knots.");
  check.expect("do the knots ascend, " + where, std::is_sorted(knots.begin(), knots.end()), 1, 0);
}

/// The largest error of the best value in every cell: half of the range that f has there, seen at both ends, at all turns and at
/// points between.
double largest_error(const std::function<double(double)>& f, const Knots& turns, const Knots& knots) {
  double worst = 0, left = 0;
  for (std::size_t cell = 0; cell <= knots.size(); ++cell) {
    const double right = cell < knots.size() ? knots[cell] : 1;
    double least = f(left), most = least;
    const auto see = [&](double x) { least = std::min(least, f(x)), most = std::max(most, f(x)); };
    for (int p = 1; p <= 8; ++p) see(left + (right - left) * p / 8);
    for (const double turn : turns)
      if (turn > left && turn < right) see(turn);
    worst = std::max(worst, (most - least) / 2);
    left = right;
  }
  return worst;
}

void expect_error(Check& check, const std::string& name, const std::function<double(double)>& f,
                  const Knots& turns, double variation, int width) {
  const Knots knots = equal_variation_knots(f, turns, width);
  const std::string where = fmt::format("f = {}, N = {}", name, width);
  expect_order(check, where, knots, width);
  check.expect("sup |f - f_N| in units of V/2(N+1), " + where,
               largest_error(f, turns, knots) * 2 * (width + 1) / variation, 1, 1e-6,
               "f must vary by the same amount in all cells.");
}

/// A function that goes from value to value between its turns like a power of the way: its variation can be inverted.
struct Hills {
  Knots turns{0}, values{0}, powers;

  explicit Hills(std::uint64_t number) {
    std::vector<double> u(12);
    Stream{1, "exercise: equal variation"}.uniforms(number, u);
    for (std::size_t i = 0; i < 4; ++i) {
      turns.push_back(turns.back() + 0.1 + u[i]);
      values.push_back(values.back() + (i % 2 == 0 ? 1 : -1) * (0.2 + u[4 + i]));
      powers.push_back(0.4 + 2 * u[8 + i]);
    }
    for (double& turn : turns) turn /= turns.back();
  }

  double operator()(double x) const {
    std::size_t i = 0;
    while (i < 3 && x > turns[i + 1]) ++i;
    const double way = std::clamp((x - turns[i]) / (turns[i + 1] - turns[i]), 0., 1.);
    return values[i] + (values[i + 1] - values[i]) * std::pow(way, powers[i]);
  }

  double height(std::size_t i) const { return std::abs(values[i + 1] - values[i]); }

  double knot(int number, int width) const {
    double rest = (height(0) + height(1) + height(2) + height(3)) * number / (width + 1);
    std::size_t i = 0;
    for (; i < 3 && rest > height(i); ++i) rest -= height(i);
    return turns[i] + (turns[i + 1] - turns[i]) * std::pow(rest / height(i), 1 / powers[i]);
  }
};

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const auto root = [](double x) { return std::sqrt(x); };
    for (const int width : {1, 255}) expect_error(check, "sqrt(x)", root, {0, 1}, 1, width);
    expect_error(
        check, "1 - x", [](double x) { return 1 - x; }, {0, 1}, 1, 10);
    expect_error(
        check, "sin(2 pi x)", [](double x) { return std::sin(2 * pi * x); }, {0, 0.25, 0.75, 1}, 4, 63);
    expect_error(
        check, "|x - pi/8|", [](double x) { return std::abs(x - pi / 8); }, {0, pi / 8, 1}, 1, 40);
    for (std::uint64_t number = 0; number < 10; ++number) {
      const Hills hills{number};
      const int width = 5 + 13 * static_cast<int>(number);
      const Knots knots = equal_variation_knots(std::cref(hills), hills.turns, width);
      const std::string where = fmt::format("random function {}, N = {}", number, width);
      expect_order(check, where, knots, width);
      for (int i = 1; i <= width; ++i)
        check.expect(fmt::format("knot {}, {}", i, where), knots[static_cast<std::size_t>(i) - 1],
                     hills.knot(i, width), 1e-7, "How far has f gone, up and down, before this knot?");
    }
  });
}
