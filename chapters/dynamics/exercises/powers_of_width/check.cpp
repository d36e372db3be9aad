#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>
#include <map>
#include <string>

using namespace fieldbook;

namespace {

const char* const names[] = {"a1", "b1", "a", "b", "c", "d"};

/// The known line of solutions: one of them for every c.
std::array<Rational, 6> on_the_line(const Rational& c) {
  return {-c / 2, c, (1 - c) / 2, c, c, Rational{1} / 2};
}

Demand demand(int unknown, const Rational& value) {
  Demand result{{}, value};
  result.coefficients[static_cast<std::size_t>(unknown)] = 1;
  return result;
}

void expect(Check& check, const std::string& what, const std::vector<Demand>& more, bool exist, int free) {
  const Powers powers = powers_of_width(more);
  check.expect("do powers exist " + what, powers.exist, exist, 0,
               exist ? "These demands agree. Does a pivot that is zero make way for another row?"
                     : "The demands contradict each other: what does elimination leave of them?");
  if (exist) check.expect("free directions " + what, powers.free, free, 0, "Unknowns less rank.");
}

void expect_powers(Check& check, const std::string& what, const std::vector<Demand>& more,
                   const Rational& c) {
  expect(check, what, more, true, 0);
  const auto got = powers_of_width(more).one, expected = on_the_line(c);
  for (std::size_t i = 0; i < 6; ++i)
    check.expect(
        fmt::format("{} {}", names[i], what), got[i].convert_to<double>(), expected[i].convert_to<double>(),
        1e-15, i < 2 ? "The first layer adds up D inputs, not N." : "Which of the demands fixes this power?");
}

/// Demands whose numbers are drawn: one on a single power, one on a sum of all, or one of each that agree.
void expect_random_demands(Check& check, std::uint64_t number) {
  std::vector<std::uint32_t> words(9);
  Stream{1, "exercise: demands"}.words(number, words);
  const auto whole = [&](std::size_t i, int least, int most) {
    return least + static_cast<int>(words[i] % static_cast<unsigned>(most - least + 1));
  };
  const Rational c = Rational{whole(0, -9, 9)} / whole(1, 1, 9);
  const auto powers = on_the_line(c);
  Demand sum{{}, 0};
  for (std::size_t i = 0; i < 6; ++i) sum.coefficients[i] = whole(2 + i, -3, 3);
  for (std::size_t i = 0; i < 6; ++i) sum.value += sum.coefficients[i] * powers[i];
  const auto& s = sum.coefficients;
  if (-s[0] / 2 + s[1] - s[2] / 2 + s[3] + s[4] == 0) return;  // it holds on the whole line, or nowhere
  const std::string what = fmt::format("with a demand on a sum of powers, number {}", number);
  expect_powers(check, what, {sum}, c);
  const int unknown = whole(8, 0, 4);
  expect_powers(check, what + ", and one that agrees",
                {demand(unknown, powers[static_cast<std::size_t>(unknown)]), sum}, c);
  expect(check, what + ", and one that does not",
         {sum, demand(unknown, powers[static_cast<std::size_t>(unknown)] + 1)}, false, 0);
}

/// What the demands are about, in networks of width N with two hidden layers: rms over networks.
std::map<std::string, double> network_sizes(const Powers& powers, int width, int networks) {
  std::array<double, 6> p;
  for (std::size_t i = 0; i < 6; ++i) p[i] = powers.one[i].convert_to<double>();
  const AbcdExponents exponents{p[0], p[1], p[2], p[3], p[4], p[5]};
  const CircleData data = CircleData::six();
  const NetworkShape shape{2, width, 2};
  const double step = abcd_step(shape, exponents, 1, 1);
  const Eigen::MatrixXd x = data.inputs().transpose();
  Mlp<double> network{Activation::erf, abcd_parameterisation(shape, exponents, 1), 1, "exercise: powers"};
  GradientDescent<double> descent{network, x, data.targets(), Centring::at_the_start};
  std::map<std::string, double> sums;
  for (int n = 0; n < networks; ++n) {
    network.draw(static_cast<std::uint64_t>(n));
    Pass<double> pass;
    network.forward(x, pass);
    network.backward(Eigen::VectorXd::Ones(x.cols()), pass);
    const Eigen::MatrixXd before = network.preactivations(2, pass);
    sums["h of the first layer"] += network.preactivations(1, pass).squaredNorm() / width;
    sums["h of the second layer"] += before.squaredNorm() / width;
    for (int l = 1; l <= 3; ++l) {
      const double delta = l == 3 ? 1 : pass.deltas[static_cast<std::size_t>(l - 1)].col(0).squaredNorm();
      const double share = step * std::pow(network.scales(l).weight_multiplier, 2) *
                           pass.entering(l).col(0).squaredNorm() * delta;
      sums[fmt::format("share of layer {} in the motion of f", l)] += share * share;
    }
    descent.restart();
    descent.step(step);
    network.forward(x, pass);
    sums["change of h in a step"] += (network.preactivations(2, pass) - before).squaredNorm() / width;
  }
  for (auto& [what, sum] : sums) sum = std::sqrt(sum / networks);
  return sums;
}

void expect_networks(Check& check, const std::string& what, const Powers& powers) {
  constexpr int narrow = 64, wide = 512;
  auto first = network_sizes(powers, narrow, 40), second = network_sizes(powers, wide, 5);
  for (const auto& [quantity, size] : first)
    check.expect(
        fmt::format("power of N of the {} {}, between widths {} and {}", quantity, what, narrow, wide),
        std::log(second[quantity] / size) / std::log(1. * wide / narrow), 0, 0.15,
        "It must not depend on the width.");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    expect(check, "without more demands", {}, true, 1);
    expect_networks(check, "of networks with your powers", powers_of_width({}));
    for (const Rational& c : {Rational{0}, Rational{1}, Rational{3} / 7})
      expect_powers(check, "for c = " + c.str(), {demand(4, c)}, c);
    expect_powers(check, "for variances of 1/N, b = 1", {demand(3, 1)}, 1);
    expect_networks(check, "for b1 = 3/10", powers_of_width({demand(1, Rational{3} / 10)}));
    expect(check, "with two demands that repeat others",
           {demand(5, Rational{1} / 2), {{2, 1, 2, 1, 0, 0}, 1}}, true, 1);
    expect(check, "for b1 = 0 and a = 0 (standard)", {demand(1, 0), demand(2, 0)}, false, 0);
    expect(check, "for d = 0 (lazy)", {demand(5, 0)}, false, 0);
    expect(check, "for b = 1 and c = 0", {demand(3, 1), demand(4, 0)}, false, 0);
    for (std::uint64_t number = 0; number < 40; ++number) expect_random_demands(check, number);
  });
}
