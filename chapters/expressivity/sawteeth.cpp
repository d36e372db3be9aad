// # What can depth do that width cannot?
//
// Lecture §2.1 · after leaving_polynomials · about 1 s on two cores
//
// **Question.** One hidden layer is enough for any function, if it is wide enough. Are there functions for which a few layers more save an exponential number of neurons?
//
// ## The model
//
// A ReLU network on $[0,1]$ is piecewise linear. Two neurons make a tent, and $n$ neurons a sawtooth of $n$ pieces:
// $$ g(x)=2\max(x,0)-4\max(x-\tfrac12,0),\qquad g_n(x)=n\max(x,0)+2n\sum_{k=1}^{n-1}(-1)^k\max(x-\tfrac kn,0). $$
// A network of $L$ such layers computes $g_n\circ\cdots\circ g_n$ with $nL$ neurons.
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/numerics/integer_power.hpp>
#include <fieldbook/numerics/least_squares.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// ## What theory says: pieces
//
// The sawtooth maps each of its pieces onto all of $[0,1]$, so a layer more multiplies the number of pieces by $n$: there are $n^L$. One hidden layer with $N$
// neurons has $N+1$ at most, since it bends only at the zeros of its neurons.
//
// ## What theory says: a gap
//
// The tent composed $L$ times takes the values 0, 1, 0, ... at $2^L+1$ points. A function $h$ that is everywhere closer than $\frac12$ must cross $\frac12$ upwards or downwards
// between any two of them. A piece crosses once, hence $h$ has $2^L$ pieces or more, and **every network with one hidden layer of fewer than $2^L-1$ ReLUs is off
// by $\frac12$ somewhere**, as if it were the constant $\frac12$ (Telgarsky 2015). The deep network has $2L$ neurons.
//
// ## What theory says: a smooth function
//
// Sawteeth are not only their own purpose. The sum
// $$ f_m(x)=x-\sum_{s=1}^m\frac{g^{\circ s}(x)}{4^s} $$
// interpolates $x^2$ at $2^m+1$ points, with an error of $4^{-(m+1)}$ from $2m$ neurons, if every layer is wired to the output (Yarotsky 2017); without such shortcuts a third neuron a layer carries
// the sum. The best function with $P$ linear pieces is off by
// $1/8P^2$, so one hidden layer needs a number of neurons that is exponential in the number of correct digits, where depth needs a number that is linear in it.
double predicted_deep_error(int m) { return std::pow(4., -(m + 1)); }
double predicted_shallow_error(double pieces) { return 1 / (8 * pieces * pieces); }

// ## What networks do: sawteeth
//
// In units of $1/D$, with $D=2n^L$, the sawtooth maps integers to integers, so nothing is rounded and no pieces merge.
std::int64_t sawtooth(std::int64_t x, int teeth, std::int64_t unit) {
  std::int64_t sum = teeth * std::max<std::int64_t>(x, 0);
  for (int k = 1; k < teeth; ++k)
    sum += (k % 2 == 0 ? 2 : -2) * teeth * std::max<std::int64_t>(x - k * (unit / teeth), 0);
  return sum;
}

std::vector<std::int64_t> deep_sawtooth(int teeth, int depth) {
  const std::int64_t unit = 2 * integer_power<std::int64_t>(teeth, depth);
  std::vector<std::int64_t> values;
  for (std::int64_t x = 0; x <= unit; ++x) {
    std::int64_t value = x;
    for (int l = 0; l < depth; ++l) value = sawtooth(value, teeth, unit);
    values.push_back(value);
  }
  return values;
}

int count_pieces(const std::vector<std::int64_t>& values) {
  int pieces = 1;
  for (std::size_t i = 2; i < values.size(); ++i)
    if (values[i] - values[i - 1] != values[i - 1] - values[i - 2]) ++pieces;
  return pieces;
}

int depth_for(int teeth) {
  int depth = 1;
  while (integer_power<std::int64_t>(teeth, depth + 1) <= 125) ++depth;
  return depth;
}

// The same in floating point, where the tent is exact on multiples of a power of two:
double tent(double x) { return 2 * std::max(x, 0.) - 4 * std::max(x - 0.5, 0.); }

double deep_tent(double x, int depth) {
  for (int l = 0; l < depth; ++l) x = tent(x);
  return x;
}

double deep_square(double x, int m) {
  double sum = x, tooth = x;
  for (int s = 1; s <= m; ++s) {
    tooth = tent(tooth);
    sum -= tooth / static_cast<double>(integer_power<std::int64_t>(4, s));
  }
  return sum;
}

// The chords of $x^2$ on equal pieces, lowered by half of their largest error, are the best function with $P$ pieces:
double chord(double x, int pieces) {
  const double left = std::min(std::floor(x * pieces), pieces - 1.) / pieces, right = left + 1. / pieces;
  return left * left + (left + right) * (x - left);
}

struct Errors {
  double lowest = 0, highest = 0;
};

template <class Function>
Errors errors_of_square(int points, Function f) {
  Errors errors;
  for (int p = 0; p <= points; ++p) {
    const double x = static_cast<double>(p) / points, error = f(x) - x * x;
    errors = {std::min(errors.lowest, error), std::max(errors.highest, error)};
  }
  return errors;
}

// Ends and centres of all pieces are among the points. The best shift leaves half of the spread:
double deep_error(int m) {
  const Errors errors = errors_of_square(1 << 16, [m](double x) { return deep_square(x, m); });
  return std::max(errors.highest, -errors.lowest);
}
double shallow_error(int pieces) {
  const Errors errors = errors_of_square(16 * pieces, [pieces](double x) { return chord(x, pieces); });
  return (errors.highest - errors.lowest) / 2;
}

// ## What networks do: one hidden layer
//
// $N=2^L-2$ random knots and the best output weights by least squares, a constant and a linear function as presents. Both the network and the sawtooth are linear between
// knots and teeth, so that the largest error is at one of these.
struct Shallow {
  VectorXd knots, weights;  // weights of 1, x, and the neurons

  double operator()(double x) const {
    return weights[0] + weights[1] * x +
           weights.tail(knots.size()).dot((x - knots.array()).cwiseMax(0).matrix());
  }
};

Shallow fit_to_teeth(const VectorXd& knots, int depth) {
  const Index points = 12 * integer_power<std::int64_t>(2, depth) + 1;
  MatrixXd design(points, knots.size() + 2);
  VectorXd target(points);
  for (Index p = 0; p < points; ++p) {
    const double x = static_cast<double>(p) / static_cast<double>(points - 1);
    design.row(p) << 1, x, (x - knots.array()).cwiseMax(0).matrix().transpose();
    target[p] = deep_tent(x, depth);
  }
  return {knots, LeastSquares{design}.solve(target)};
}

double largest_error(const Shallow& network, int depth) {
  double worst = 0;
  const auto look = [&](double x) { worst = std::max(worst, std::abs(network(x) - deep_tent(x, depth))); };
  for (const double knot : network.knots) look(knot);
  const std::int64_t teeth = integer_power<std::int64_t>(2, depth);
  for (std::int64_t i = 0; i <= teeth; ++i) look(static_cast<double>(i) / static_cast<double>(teeth));
  return worst;
}

Shallow random_shallow(std::uint64_t seed, int depth, std::uint64_t draw) {
  VectorXd knots(static_cast<Index>(integer_power<std::int64_t>(2, depth)) - 2);
  const Stream stream{seed, fmt::format("knots for depth {}", depth)};
  stream.uniforms(draw, std::span{knots.data(), static_cast<std::size_t>(knots.size())});
  return fit_to_teeth(knots, depth);
}

// The best of many networks, and which it is:
struct Best {
  double error = std::numeric_limits<double>::infinity();
  std::uint64_t draw = 0;

  void merge(const Best& other) {
    if (other.error < error) *this = other;
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& error& draw;
  }
};

Best best_of_random(Report& report, int depth, std::int64_t draws) {
  return merged(sample_draws(report, fmt::format("one hidden layer against {} layers", depth), draws, Best{},
                             [&](std::uint64_t draw, Best& best) {
                               const Shallow network = random_shallow(report.seed(), depth, draw);
                               best.merge({largest_error(network, depth), draw});
                             }));
}

// ## The claims
constexpr int most_tents = 8;

void declare(Claims& claims, const std::vector<int>& teeth, const std::vector<int>& depths) {
  for (const int n : teeth)
    claims.exact(fmt::format("pieces-{}", n), "DS1",
                 fmt::format("{} layers of a sawtooth with {} pieces: $n^L$ pieces", depth_for(n), n),
                 absolute(0));
  for (const int depth : depths) {
    claims.bound(fmt::format("too-narrow-{}", depth), "DS2",
                 fmt::format("$N=2^{0}-2$, the best of random networks against {0} layers: the error, which "
                             "no network can make smaller than $\\frac12$",
                             depth),
                 Side::above);
    claims.exact(fmt::format("wide-enough-{}", depth), "DS2",
                 fmt::format("$N=2^{0}-1$ knots on the teeth of {0} layers: the error", depth),
                 absolute(1e-9));
  }
  for (int m = 1; m <= most_tents; ++m)
    claims.exact(fmt::format("deep-square-{}", m), "DS3",
                 fmt::format("$x^2$ from {} tents: the error is $4^{{-(m+1)}}$", m), absolute(1e-14));
  for (int pieces = 2; pieces <= 2 * most_tents + 1; ++pieces)
    claims.exact(fmt::format("shallow-square-{}", pieces), "DS3",
                 fmt::format("$x^2$ with {} pieces: the error is $1/8P^2$", pieces), absolute(1e-14));
}

// ## The experiment, step by step
void compare_squares(Report& report) {
  for (int m = 1; m <= most_tents; ++m)
    report.compare(fmt::format("deep-square-{}", m), predicted_deep_error(m), deep_error(m));
  for (int pieces = 2; pieces <= 2 * most_tents + 1; ++pieces)
    report.compare(fmt::format("shallow-square-{}", pieces), predicted_shallow_error(pieces),
                   shallow_error(pieces));
}

double error_on_the_teeth(int depth) {
  const Index teeth = integer_power<std::int64_t>(2, depth);
  const VectorXd numbers = VectorXd::LinSpaced(teeth - 1, 1, static_cast<double>(teeth - 1));
  return largest_error(fit_to_teeth(numbers / static_cast<double>(teeth), depth), depth);
}

// ## The figures
Panel teeth_panel(int depth, const Shallow* network) {
  Panel panel{network ? fmt::format("one layer of {} against {} layers of 2", network->knots.size(), depth)
                      : fmt::format("L = {}, {} neurons", depth, 2 * depth)};
  panel.x_axis({"x", false, 0, 1})
      .y_axis({"", false, network ? -0.7 : -0.1, network ? 1.7 : 1.1})
      .legend(network ? "top right" : "off");
  std::vector<double> x, deep, shallow;
  for (int p = 0; p <= 1 << 10; ++p) {
    x.push_back(p / 1024.);
    deep.push_back(deep_tent(x.back(), depth));
    if (network) shallow.push_back((*network)(x.back()));
  }
  panel.line(0, "deep", x, deep);
  if (network) panel.line(1, "best of the random networks", x, shallow);
  return panel;
}

Panel squares_panel() {
  std::vector<double> deep, deep_theory, deep_errors, shallow, shallow_theory, shallow_errors;
  for (int m = 1; m <= most_tents; ++m) {
    deep.push_back(2 * m);
    deep_theory.push_back(predicted_deep_error(m));
    deep_errors.push_back(deep_error(m));
  }
  for (int pieces = 2; pieces <= 2 * most_tents + 1; ++pieces) {
    shallow.push_back(pieces - 1);
    shallow_theory.push_back(predicted_shallow_error(pieces));
    shallow_errors.push_back(shallow_error(pieces));
  }
  Panel panel;
  panel.x_axis({"neurons N", false, 0, 2 * most_tents + 1}).y_axis({"largest error for x^2", true});
  return panel.legend("bottom left")
      .line(1, "one hidden layer: 1/8(N+1)^2", shallow, shallow_theory)
      .points(1, "", shallow, shallow_errors)
      .line(0, "deep, all wired to the output: 4^{-(m+1)}, N = 2m", deep, deep_theory)
      .points(0, "", deep, deep_errors);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/sawteeth", "2.1", "What can depth do that width cannot?"};
  const auto& teeth = program.list("teeth", std::vector{2, 3, 5}, between(2, 11),
                                   "pieces n of a sawtooth, composed up to 125 pieces");
  const auto& depths =
      program.list("depths", std::vector{4, 6}, between(2, 6), "depths L of the composed tent", "layers");
  const auto& draws = program.samples(300, 60, 20);
  program.figure("sawteeth_tents",
                 "A tent composed with itself: every layer of two neurons doubles the number of teeth.");
  program.figure(
      "sawteeth_shallow",
      "One hidden layer with one knot less than needed, the best of many with random knots. It must "
      "miss somewhere by a half, and the constant ½ does as well.");
  program.figure(
      "sawteeth_square",
      "Neurons and the error for $x^2$: every two neurons in depth give a factor four; in width they "
      "give less and less.");
  program.claims([&](Claims& claims) { declare(claims, teeth, depths); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Pieces of deep networks
    for (const int n : teeth)
      report.compare(fmt::format("pieces-{}", n),
                     static_cast<double>(integer_power<std::int64_t>(n, depth_for(n))),
                     count_pieces(deep_sawtooth(n, depth_for(n))));

    // 2. One hidden layer against them
    for (const int depth : depths) {
      const Best best = best_of_random(report, depth, draws);
      report.compare(fmt::format("too-narrow-{}", depth), 0.5, best.error);
      report.compare(fmt::format("wide-enough-{}", depth), 0, error_on_the_teeth(depth));
      if (depth == depths.front())
        report.draw("sawteeth_shallow", [&] {
          const Shallow network = random_shallow(report.seed(), depth, best.draw);
          return Figure{{teeth_panel(depth, &network)}};
        });
    }

    // 3. A smooth function
    compare_squares(report);

    // 4. Draw
    report.draw("sawteeth_tents", [&] {
      return Figure{{teeth_panel(1, nullptr), teeth_panel(3, nullptr), teeth_panel(6, nullptr)}, 3, 320, 240};
    });
    report.draw("sawteeth_square", [&] { return Figure{{squares_panel()}}; });
  });
}

// ## What we found
//
// Six layers of two neurons have @value pieces-2 pieces, three layers of five @value pieces-5.
//
// @figure sawteeth_tents
//
// Against four layers, the best of the random networks with one hidden layer of 14 neurons is off by @value too-narrow-4; with one knot more, and all of them on the
// teeth, there is no error at all. Against six layers, 62 neurons are off by @value too-narrow-6. The best of more networks comes closer to ½, but no draw crosses it: the gap is a theorem about
// every network, not a law of typical ones.
//
// @figure sawteeth_shallow
//
// For $x^2$, five tents have an error of @value deep-square-5 and eight of @value deep-square-8.
//
// @figure sawteeth_square
//
// @claims
//
// ## What can go wrong
//
// Pieces are counted wrongly in floating point: at $x=1/3$ nothing is exact, neighbouring pieces merge or split. And a lower bound for the *worst* error is no statement about training, nor about typical
// weights: which pieces a network has whose weights are random is [another question](zeros_of_random_networks.cpp).
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. How do you multiply two numbers with a network that squares? What does a polynomial of degree $k$ cost?
// 2. Show that the chords of $x^2$, lowered, are the best function with $P$ pieces.
// 3. Which $n$ gives most pieces for a given number of neurons?
