// # Which powers of the width let features move?
//
// Lecture §4.3 · after ntk · about 1 s on two cores
//
// **Question.** The NTK limit has a kernel that stands still: no network in it learns a feature. That was a choice of where the powers of
// the width $N$ stand. Which choices are there, and in which do features move?
//
// ## The model
//
// The abcd parameterisation of a network with $L$ hidden layers of width $N$, without biases,
// $$ h^1=N^{-a_1}W^1x/\sqrt D,\qquad h^{l+1}=N^{-a}W^{l+1}\sigma(h^l),\qquad f=\frac{N^{-a}W^{L+1}\sigma(h^L)}{\gamma_0N^d}, $$
// with $W^1\sim\mathcal N(0,N^{-b_1})$, all other weights $\mathcal N(0,N^{-b})$, and steps $\eta=\eta_0\gamma_0^2N^{2d-c}$ of gradient descent
// on the loss $\frac1{2P}\sum_\alpha(y_\alpha-f(x_\alpha))^2$. What is trained is what $f$ has gained since the start. Six powers, and
// everything that is said about wide networks is said about a point $(a_1,b_1,a,b,c,d)$.
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/numerics/rational_elimination.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace fieldbook;

namespace {

// ## What theory says
//
// Count. Every quantity of the network scales like $N$ to a power, and this power is an affine function of the six unknowns. A product
// adds powers; a sum of $N$ terms of random sign adds $\frac12$, one of equal sign adds 1. Unknowns stand in the order
// $a_1, b_1, a, b, c, d$.
struct Power {
  RationalVector coefficients = RationalVector(6, 0);
  Rational constant = 0;
};

Power operator+(Power left, const Power& right) {
  for (std::size_t i = 0; i < 6; ++i) left.coefficients[i] += right.coefficients[i];
  left.constant += right.constant;
  return left;
}

Power operator*(const Rational& factor, Power power) {
  for (Rational& coefficient : power.coefficients) coefficient *= factor;
  power.constant *= factor;
  return power;
}

Power operator-(const Power& left, const Power& right) { return left + Rational{-1} * right; }

Power unknown(std::size_t index) {
  Power power;
  power.coefficients[index] = 1;
  return power;
}

// A limit with features needs six powers to vanish. Preactivations must neither die nor explode, in the first layer and in the others. Each
// layer must move $f$: its part of $\eta\,\Theta$ is the step, times the squared multiplier of its weights, times the squared length of
// what enters it, times that of what comes back, $\delta=\partial f/\partial h$. And a step must move $h$ itself, by $\eta$ times multiplier
// squared, times what enters, times one $\delta$.
struct Condition {
  const char* id;
  const char* what;
  Power power;
};

std::vector<Condition> conditions() {
  const Power a1 = unknown(0), b1 = unknown(1), a = unknown(2), b = unknown(3), c = unknown(4),
              d = unknown(5);
  const Rational two = 2, half{1, 2};
  const Power random_sum{RationalVector(6, 0), half}, coherent_sum{RationalVector(6, 0), 1};

  const Power step = two * d - c;
  const Power layer = random_sum - a - half * b;  // through one hidden layer, forwards or backwards
  const Power delta = Rational{-1} * (a + half * b + d), back = two * delta + coherent_sum;
  return {{"first-preactivation", "$h^1$ stays of order one", Rational{-1} * (a1 + half * b1)},
          {"hidden-preactivation", "$h^l$ stays of order one", layer},
          {"first-layer", "the first layer moves $f$", step - two * a1 + back + two * layer},
          {"hidden-layers", "hidden layers move $f$", step - two * a + coherent_sum + back},
          {"readout", "the readout moves $f$", step - two * (a + d) + coherent_sum},
          {"features", "a step moves $h$", step - two * a + coherent_sum + delta}};
}

// Six equations for six unknowns, but one of them follows from the others, and which line of solutions is left is a matter of linear
// algebra over the fractions: no tolerance decides a rank.
ExactSolutions solve_conditions() {
  std::vector<RationalEquation> equations;
  for (const Condition& condition : conditions())
    equations.push_back({condition.power.coefficients, -condition.power.constant});
  return solve_exactly(equations, 6);
}

// By hand: $a=\frac{1-c}2$, $b=b_1=c$, $a_1=-\frac c2$, $d=\frac12$, with $c$ free. This is the maximal update parameterisation, $\mu$P
// (Yang and Hu 2021).
RationalVector solution_by_hand(const Rational& c) { return {-c / 2, c, (1 - c) / 2, c, c, Rational{1, 2}}; }

// By how much a point misses a condition
double power_at(const Power& power, const AbcdExponents& e) {
  const double point[] = {e.a1, e.b1, e.a, e.b, e.c, e.d};
  double sum = static_cast<double>(power.constant);
  for (std::size_t i = 0; i < 6; ++i) sum += static_cast<double>(power.coefficients[i]) * point[i];
  return sum;
}

// The free direction changes nothing at all, at any width. With the same Gaussian numbers $G$, $W=N^{-b/2}G$, a factor $N^s$ moves from the
// weights to their multipliers, and the step is adapted: the network is the same function after every step, whatever point it started from.
AbcdExponents along_the_line(const AbcdExponents& e, double s) {
  return {e.a1 - s / 2, e.b1 + s, e.a - s / 2, e.b + s, e.c + s, e.d};
}

struct Start {
  const char* id;
  const char* name;
  AbcdExponents exponents;
};

const Start starts[] = {{"mup", "μP", AbcdExponents::mup(0)},
                        {"ntk", "NTK", AbcdExponents::ntk()},
                        {"small-step", "SP, η/N", AbcdExponents::standard_small_step()}};

// ## What networks do
//
// Train on six points of a circle, $x(\theta)=\sqrt2(\cos\theta,\sin\theta)$ and $y=\cos\theta+\frac12\sin2\theta$, and keep what $f$ has
// gained at every step: one row a step.
struct Setting {
  Activation activation;
  NetworkShape shape;
  std::uint64_t seed;
};

constexpr int steps = 50;
constexpr double rate = 0.5;

Eigen::MatrixXd trajectory(const Setting& setting, const AbcdExponents& exponents, std::uint64_t network) {
  const CircleData data = CircleData::six();
  const Eigen::VectorXd y = data.targets();
  Mlp<double> net{setting.activation, abcd_parameterisation(setting.shape, exponents, 1), setting.seed,
                  "trajectories"};
  net.draw(network);
  GradientDescent<double> descent{net, data.inputs().transpose(), y, Centring::at_the_start};
  Eigen::MatrixXd gained(steps + 1, y.size());
  for (int t = 0; t <= steps; ++t) {
    gained.row(t) = y - descent.residual();
    descent.step(abcd_step(setting.shape, exponents, 1, rate));
  }
  return gained;
}

// Every network of an ensemble is trained at several points, and compared with itself at the first.
struct Largest {
  Eigen::VectorXd values;

  void merge(const Largest& other) { values = values.cwiseMax(other.values); }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& values;
  }
};

Eigen::VectorXd largest_differences(Report& report, const Setting& setting, const Start& start,
                                    const std::vector<AbcdExponents>& others, std::int64_t draws) {
  const Largest none{Eigen::VectorXd::Zero(static_cast<Eigen::Index>(others.size()))};
  return merged(sample_draws(report, fmt::format("trajectories from {}", start.name), draws, none,
                             [&](std::uint64_t draw, Largest& largest) {
                               const Eigen::MatrixXd first = trajectory(setting, start.exponents, draw);
                               Largest found = none;
                               for (Eigen::Index i = 0; i < found.values.size(); ++i)
                                 found.values[i] =
                                     (trajectory(setting, others[static_cast<std::size_t>(i)], draw) - first)
                                         .cwiseAbs()
                                         .maxCoeff();
                               largest.merge(found);
                             }))
      .values;
}

// As a contrast, the power of the step alone is raised by a little.
constexpr double astray = 0.1;

AbcdExponents off_the_line(AbcdExponents e) {
  e.c += astray;
  return e;
}

// ## The claims
void declare(Claims& claims, const std::vector<double>& forms) {
  claims.exact("rank", "F2", "the conditions have rank 5: one of six follows from the others", absolute(0));
  claims.exact("freedom", "F2", "one power is free", absolute(0));
  claims.exact("direction", "F2",
               "the free direction is $(-\\frac12,1,-\\frac12,1,1,0)$, by the largest deviation",
               absolute(0));
  claims.exact("line", "F2",
               "the solutions are those found by hand, by the largest deviation over all the line",
               absolute(0));
  for (const Start& start : starts) {
    for (const double form : forms)
      claims.exact(fmt::format("same-{}-{}", start.id, form), "F1",
                   fmt::format("{}: $c$ raised by {} along the line leaves all of {} steps as they are, "
                               "by the largest deviation of $f$",
                               start.name, form, steps),
                   absolute(1e-12));
    claims.bound(fmt::format("apart-{}", start.id), "F1",
                 fmt::format("{}: $c$ alone raised by {} changes $f$ by more than 0.01", start.name, astray),
                 Side::above);
  }
}

// ## The experiment, step by step
double deviation(const RationalVector& left, const RationalVector& right) {
  Rational largest = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    largest = std::max(largest, Rational{abs(left[i] - right[i])});
  return static_cast<double>(largest);
}

void compare_conditions(Report& report, const ExactSolutions& solutions) {
  report.compare("rank", 5, static_cast<double>(solutions.rank));
  report.compare("freedom", 1, static_cast<double>(solutions.null_vectors.size()));
  // Conditions that contradict each other, or leave another freedom, have no such line
  const bool is_line = solutions.solvable && solutions.null_vectors.size() == 1;
  double turned = is_line ? 0 : NAN, largest = turned;
  const Rational half{1, 2};
  if (is_line) turned = deviation(solutions.null_vectors[0], {-half, 1, -half, 1, 1, 0});
  report.compare("direction", 0, turned);
  for (int k = -8; is_line && k <= 8; ++k) {
    RationalVector point = solutions.particular;
    const Rational c{k, 4};
    for (std::size_t i = 0; i < 6; ++i) point[i] += c * solutions.null_vectors[0][i];
    largest = std::max(largest, deviation(point, solution_by_hand(c)));
  }
  report.compare("line", 0, largest);
}

void compare_trajectories(Report& report, const Setting& setting, const std::vector<double>& forms,
                          std::int64_t draws) {
  for (const Start& start : starts) {
    std::vector<AbcdExponents> others;
    for (const double form : forms) others.push_back(along_the_line(start.exponents, form));
    others.push_back(off_the_line(start.exponents));
    const Eigen::VectorXd found = largest_differences(report, setting, start, others, draws);
    for (std::size_t i = 0; i < forms.size(); ++i)
      report.compare(fmt::format("same-{}-{}", start.id, forms[i]), 0, found[static_cast<Eigen::Index>(i)]);
    report.compare(fmt::format("apart-{}", start.id), 0.01, found[found.size() - 1]);
  }
}

// ## The figures
struct Named {
  const char* name;
  AbcdExponents exponents;
  double aside;  // so that points at one place can be told apart
};

const Named named[] = {{"NTK", AbcdExponents::ntk(), -0.03},
                       {"SP", AbcdExponents::standard(), 0},
                       {"μP, c = 0", AbcdExponents::mup(0), 0.03},
                       {"SP, η/N", AbcdExponents::standard_small_step(), -0.03},
                       {"μP, c = 1", AbcdExponents::mup(1), 0.03}};

// One condition in the plane of two powers x and y, and what happens on either side of its line. `at` is the point that the other powers
// have where the first is x.
template <class At>
Panel plane(const char* condition, double AbcdExponents::*x, double AbcdExponents::*y, const Axis& x_axis,
            const Axis& y_axis, const char* below, const char* above, At at) {
  const auto all = conditions();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Condition& c) { return c.id == std::string{condition}; });
  const std::vector<double> ends{x_axis.min, x_axis.max};
  std::vector<double> line;
  for (const double end : ends) {
    AbcdExponents zero = at(end), one = zero;
    zero.*y = 0;
    one.*y = 1;
    const double start = power_at(found->power, zero);
    line.push_back(start / (start - power_at(found->power, one)));
  }
  Panel panel;
  panel.x_axis(x_axis).y_axis(y_axis).legend("below maxrows 4");
  const bool lower_explodes = std::string{below}.ends_with("explodes");
  panel.band(lower_explodes ? 1 : 0, below, ends, {y_axis.min, y_axis.min}, line)
      .band(lower_explodes ? 0 : 1, above, ends, line, {y_axis.max, y_axis.max})
      .line(6, "", ends, line);
  int colour = 2;
  for (const Named& point : named) {
    // Where the other powers are not those of the plane, the point does not belong to it
    AbcdExponents there = at(point.exponents.*x);
    there.*y = point.exponents.*y;
    if (std::abs(power_at(found->power, there) - power_at(found->power, point.exponents)) < 1e-12)
      panel.points(colour, point.name, {point.exponents.*x + point.aside}, {point.exponents.*y});
    ++colour;
  }
  return panel;
}

Figure cone_figure() {
  const auto along = [](double AbcdExponents::*power) {
    return [power](double x) {
      AbcdExponents point = AbcdExponents::mup(0);
      point.*power = x;
      return point;
    };
  };
  const Axis a{"a, other layers", false, -0.2, 0.7}, a1{"a_1, first layer", false, -0.7, 0.2},
      c{"c, power of the step", false, -0.5, 1.5}, c_below{"c, obeying the others", false, -0.2, 1.2},
      d{"d, power of the output", false, -0.2, 1.2};
  return {{plane("readout", &AbcdExponents::a, &AbcdExponents::c, a, c, "f explodes", "f stands still",
                 along(&AbcdExponents::a)),
           plane("first-layer", &AbcdExponents::a1, &AbcdExponents::c, a1, c, "f explodes", "layer is frozen",
                 along(&AbcdExponents::a1)),
           plane("features", &AbcdExponents::c, &AbcdExponents::d, c_below, d, "h stands still", "h explodes",
                 [](double at) { return along_the_line(AbcdExponents::ntk(), at); })},
          3,
          400,
          460};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/powers_of_width", "4.3", "Which powers of the width let features move?"};
  const auto& forms =
      program.list("forms", {0.3, 1.}, between(-1., 1.), "by how much c is raised along the line");
  const auto& width = program.option("width", 128, between(64, 512), "width N", "neurons");
  const auto& depth = program.option("depth", 2, between(1, 3), "hidden layers L", "layers");
  const auto& activation = program.choice("activation", "erf", {"erf", "tanh", "sin"}, "activation σ");
  const auto& draws = program.samples(40, 8, 1);
  program.figure("fl_cone",
                 "Three conditions, each in the plane of two powers, with what happens on either side. Only "
                 "the forms of μP are on all three lines; the NTK misses the last one, and the standard "
                 "parameterisation the first.");
  program.claims([&](Claims& claims) { declare(claims, forms); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{activation_of(activation), {2, width, depth}, report.seed()};
    compare_conditions(report, solve_conditions());
    compare_trajectories(report, setting, forms, draws);
    report.draw("fl_cone", cone_figure);
  });
}

// ## What we found
//
// Counting gives @value rank independent conditions for six powers: a limit with features is unique up to one choice, and this choice is
// none. Networks that are trained at two points of the free line agree after fifty steps to @value same-mup-1, which is rounding; with
// $c$ alone raised by a tenth they differ by @value apart-mup. The same freedom holds for the other parameterisations: what the names NTK and
// $\mu$P mean is a line of points each.
//
// @figure fl_cone
//
// All lines in the picture are solutions of the conditions as the elimination found them. The NTK obeys every condition but the last,
// and its features stand still. To leave the NTK for $\mu$P one divides the output by $\sqrt N$ and lets the step grow by $N$. The
// standard parameterisation with a step of order one explodes, and dividing the step by $N$ freezes its first layer.
//
// @claims
//
// ## What can go wrong
//
// Two codes that implement different points of one line agree, and one may conclude that both are right: that they agree is a symmetry, and
// only says that the powers are consistent. Where a parameterisation *stands* is measured by its slopes against $N$, which the next
// page does. An elimination in floating point would find rank 5 only with a
// tolerance. Steps are half of what these networks would bear: at the edge of stability rounding errors grow from step to step,
// and two forms of one function part visibly.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Demand $a=0$ and $b_1=0$, as software usually initialises, and all conditions. Why does the elimination find a contradiction?
// 2. Give every layer its own step, $\eta_l\propto N^{-c_l}$. How many powers are free now, and which symmetries are they?
// 3. Why does the power of the first layer's condition not depend on the depth at a point where preactivations are of order one?
