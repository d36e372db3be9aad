// # How many steps make a function?
//
// Lecture §2.1 · about 3 s on two cores
//
// **Question.** A network with one hidden layer comes as close as we like to any continuous function. How many neurons does it take, and
// what does the number depend on?
//
// ## The model
//
// One hidden layer of $N$ neurons on the interval $[0,1]$,
// $$ f_N(x)=b+\sum_{i=1}^N a_i\,\sigma\bigl(\kappa\,(x-t_i)/h\bigr),\qquad h=\frac1{N+1}, $$
// with the sigmoid $\sigma(z)=1/(1+e^{-z})$, whose steepness $\kappa$ counts in cells. At $\kappa=\infty$ it is a step $H$, and $f_N$ is a staircase with
// knots $t_i$. The weights are not trained: we write them down. A cell takes the value of $f$ at its centre, and $a_i$ is the difference of neighbours.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/networks/staircase.hpp>
#include <fieldbook/numerics/rates.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

std::vector<double> knots_of(int width) { return even_knots(static_cast<std::size_t>(width), 0, 1); }

// The same knots and weights with sigmoids of finite steepness; beyond $|z|=40$ these are 0 or 1 in double precision.
double smooth_output(const Staircase& steps, double steepness, double x) {
  const double cells = static_cast<double>(steps.width()) + 1;
  double sum = steps.values[0];
  for (std::size_t i = 0; i < steps.width(); ++i) {
    const double z = steepness * cells * (x - steps.knots[i]);
    if (z > -40) sum += z > 40 ? steps.jump(i) : steps.jump(i) / (1 + std::exp(-z));
  }
  return sum;
}

// ## What theory says
//
// Write $f_N=\sum_jf(m_j)\,w_j$ with the centres $m_j$ of the cells and $w_j=\sigma_j-\sigma_{j+1}\ge0$, $\sum_jw_j=1$: a weighted mean of values of $f$. So the error
// is at most a mean of $|f(x)-f(m_j)|$, and for a function of slope $\le L$
// $$ \sup|f-f_N|\le L\,h\,A(\kappa),\qquad A(\kappa)=\sup_u\sum_{j\in\mathbb Z}\bigl|u-j-\tfrac12\bigr|\,w_j(u)=\frac12+2\sum_{k\ge1}\frac1{1+e^{\kappa k}}. $$
// The supremum sits on a knot, and a kink $|x-t_i|$ there attains it. Steps have $A=\tfrac12$; for them the modulus of continuity,
// $\omega_f(\delta)=\sup_{|x-y|\le\delta}|f(x)-f(y)|$, is enough:
// $$ \sup|f-f_N|\le\omega_f(h/2). $$
// This is an equality for $f=x$, error $h/2$, and for $f=\sqrt x$, error $\sqrt{h/2}$: the rate falls to $-\tfrac12$, since the slope is infinite at 0.
double predicted_spread(double steepness) {
  double sum = 0.5;
  for (int k = 1; k * steepness < 700; ++k) sum += 2 / (1 + std::exp(steepness * k));
  return sum;
}

// Only the knots are to blame. Put them where $f$ has moved by $V/(N+1)$ since the last one, where $V=\int|f'|$ is the variation of $f$, and give each cell
// the middle of its range: now the error is $V/2(N+1)$ for every continuous function of bounded variation, and $\sqrt x$ is as easy as $x$.
//
// What if the hidden layer is random, as it is at initialisation? With independent uniform knots the error for $f=x$ is half of the largest of
// $N+1$ spacings, whose mean has been known since Laplace's days of breaking sticks:
// $$ \langle\sup|f-f_N|\rangle=\frac1{2(N+1)}\sum_{k=1}^{N+1}\frac1k\simeq\frac{\log N+0.577}{2N}. $$
// Not choosing one's knots costs a logarithm.
double predicted_random_error(int width) {
  double harmonic = 0;
  for (int k = width + 1; k >= 1; --k) harmonic += 1. / k;
  return harmonic / (2 * (width + 1));
}

// ## What networks do
//
// The largest error of a staircase is on one side of a knot, at an end or inside a cell, and `largest_error` looks at all of them. A smooth network is
// looked at on a grid of eight points a cell, which contains all knots.
double largest_smooth_error(const Staircase& steps, double steepness,
                            const std::function<double(double)>& f) {
  double worst = 0;
  const int points = 8 * (static_cast<int>(steps.width()) + 1);
  for (int p = 0; p <= points; ++p) {
    const double x = static_cast<double>(p) / points;
    worst = std::max(worst, std::abs(f(x) - smooth_output(steps, steepness, x)));
  }
  return worst;
}

Estimate sampled_random_error(Report& report, int width, std::int64_t draws) {
  const Stream biases{report.seed(), fmt::format("knots of width {}", width)};
  return merged(sample_draws(report, fmt::format("random knots, width {}", width), draws, Averages{1},
                             [&](std::uint64_t draw, Averages& averages) {
                               std::vector<double> knots(static_cast<std::size_t>(width));
                               biases.uniforms(draw, knots);
                               std::sort(knots.begin(), knots.end());
                               const auto f = [](double x) { return x; };
                               averages.add(Eigen::VectorXd::Constant(
                                   1, largest_error(steps_at_centres(f, std::move(knots), 0, 1), f, 0)));
                             }))
      .mean(0);
}

// ## The claims
//
// The targets with a slope, and the modulus of continuity of each:
struct Target {
  std::string id, formula;
  std::function<double(double)> f;
  double slope;
  std::function<double(double)> modulus;
};

const std::vector<Target> targets{
    {"line", "$x$", [](double x) { return x; }, 1, [](double d) { return d; }},
    {"sine", "$\\sin2\\pi x$", [](double x) { return std::sin(2 * pi * x); }, 2 * pi,
     [](double d) { return 2 * std::sin(pi * d); }},
    {"kink", "$|x-\\pi/8|$", [](double x) { return std::abs(x - pi / 8); }, 1, [](double d) { return d; }}};

double root(double x) { return std::sqrt(x); }

constexpr int width_with_central_knot = 127;
double kink_on_a_knot(double x) { return std::abs(x - 0.5); }

void declare(Claims& claims, const std::vector<int>& widths, const std::vector<double>& steepness) {
  for (const int n : widths) {
    claims.exact(fmt::format("steps-attain-half-a-cell-{}", n), "UA1",
                 fmt::format("$N={}$ steps for $x$: $(N+1)\\sup|f-f_N|$", n), absolute(1e-9));
    claims.exact(fmt::format("root-{}", n), "UA2",
                 fmt::format("$N={}$ steps for $\\sqrt x$: the error is $\\sqrt{{h/2}}$", n), absolute(1e-9));
    claims.exact(fmt::format("equal-variation-{}", n), "UA4",
                 fmt::format("$N={}$ steps of equal variation for $\\sqrt x$: $(N+1)\\sup|f-f_N|$", n),
                 absolute(1e-9));
    claims
        .statistical(
            fmt::format("random-knots-{}", n), "UA4",
            fmt::format("$N={}$ random knots for $x$: the mean error is half the largest spacing", n))
        .independent();
  }
  for (const Target& target : targets) {
    claims.bound("modulus-" + target.id, "UA3",
                 "steps for " + target.formula + ", every $N$: the error over $\\omega_f(h/2)$", Side::below);
    for (const double k : steepness)
      claims.bound(
          fmt::format("sigmoids-{}-{}", target.id, k), "UA3",
          fmt::format("$\\kappa={}$, {}, every $N$: the error over $LhA(\\kappa)$", k, target.formula),
          Side::below);
  }
  for (const double k : steepness)
    claims.exact(fmt::format("kink-on-a-knot-{}", k), "UA3",
                 fmt::format("$\\kappa={}$: a kink on a knot attains $hA(\\kappa)$; the error over $h$", k),
                 absolute(1e-9));
  claims.scaling("rate-sine", "UA4", "steps for $\\sin2\\pi x$: the exponent of $N+1$", 0.02);
  claims.scaling("rate-root", "UA4", "equidistant steps for $\\sqrt x$: the exponent of $N+1$", 0.02);
  claims.scaling("rate-root-equal-variation", "UA4",
                 "steps of equal variation for $\\sqrt x$: the exponent of $N+1$", 0.02);
}

// ## The experiment, step by step
//
// Errors by width, for claims and figure alike:
struct Errors {
  std::vector<double> cells, line, sine, root, equal_variation;
};

Errors compare_steps(Report& report, const std::vector<int>& widths) {
  Errors errors;
  for (const int n : widths) {
    const double cells = n + 1;
    errors.cells.push_back(cells);
    errors.line.push_back(largest_error(steps_at_centres(targets[0].f, knots_of(n), 0, 1), targets[0].f));
    errors.sine.push_back(largest_error(steps_at_centres(targets[1].f, knots_of(n), 0, 1), targets[1].f));
    errors.root.push_back(largest_error(steps_at_centres(root, knots_of(n), 0, 1), root));
    errors.equal_variation.push_back(
        largest_error(steps_of_equal_variation(root, {0, 1}, static_cast<std::size_t>(n)), root));
    report.compare(fmt::format("steps-attain-half-a-cell-{}", n), 0.5, cells * errors.line.back());
    report.compare(fmt::format("root-{}", n), std::sqrt(0.5 / cells), errors.root.back());
    report.compare(fmt::format("equal-variation-{}", n), 0.5, cells * errors.equal_variation.back());
  }
  report.compare("rate-sine", -1, log_log_slope(errors.cells, errors.sine));
  report.compare("rate-root", -0.5, log_log_slope(errors.cells, errors.root));
  report.compare("rate-root-equal-variation", -1, log_log_slope(errors.cells, errors.equal_variation));
  return errors;
}

void compare_sigmoids(Report& report, const std::vector<int>& widths, const std::vector<double>& steepness) {
  for (const Target& target : targets) {
    double worst = 0;
    std::vector<double> worst_smooth(steepness.size(), 0.);
    for (const int n : widths) {
      const Staircase steps = steps_at_centres(target.f, knots_of(n), 0, 1);
      worst = std::max(worst, largest_error(steps, target.f) / target.modulus(0.5 / (n + 1)));
      for (std::size_t k = 0; k < steepness.size(); ++k)
        worst_smooth[k] =
            std::max(worst_smooth[k], largest_smooth_error(steps, steepness[k], target.f) * (n + 1) /
                                          target.slope / predicted_spread(steepness[k]));
    }
    // Where a bound is attained, rounding decides on which side
    constexpr double rounding = 1e-11;
    report.compare("modulus-" + target.id, 1 + rounding, worst);
    for (std::size_t k = 0; k < steepness.size(); ++k)
      report.compare(fmt::format("sigmoids-{}-{}", target.id, steepness[k]), 1 + rounding, worst_smooth[k]);
  }
  const Staircase steps = steps_at_centres(kink_on_a_knot, knots_of(width_with_central_knot), 0, 1);
  for (const double k : steepness)
    report.compare(fmt::format("kink-on-a-knot-{}", k), predicted_spread(k),
                   (width_with_central_knot + 1) * largest_smooth_error(steps, k, kink_on_a_knot));
}

std::vector<Estimate> compare_random_knots(Report& report, const std::vector<int>& widths,
                                           std::int64_t draws) {
  std::vector<Estimate> errors;
  for (const int n : widths) {
    errors.push_back(sampled_random_error(report, n, draws));
    report.compare(fmt::format("random-knots-{}", n), predicted_random_error(n), errors.back());
  }
  return errors;
}

// ## The figures
Figure staircases() {
  Figure figure{{}, 3, 320, 300};
  const std::function<double(double)>& f = targets[1].f;
  for (const double steepness : {2., 10., 1e6}) {
    Panel panel{steepness > 1e5 ? "steps" : fmt::format("κ = {}", steepness)};
    panel.x_axis({"x", false, 0, 1}).y_axis({"f_N(x)", false, -1.2, 1.2});
    panel.legend(steepness > 2 ? "off" : "top right");
    std::vector<double> x, target;
    std::vector<std::vector<double>> y(2);
    for (int p = 0; p <= 600; ++p) {
      x.push_back(p / 600.);
      target.push_back(f(x.back()));
      for (std::size_t i = 0; i < 2; ++i)
        y[i].push_back(
            smooth_output(steps_at_centres(f, knots_of(i == 0 ? 7 : 31), 0, 1), steepness, x.back()));
    }
    panel.guide("sin 2πx", x, target).line(1, "N = 7", x, y[0]).line(0, "N = 31", x, y[1]);
    figure.panels.push_back(panel);
  }
  return figure;
}

Panel rates(const std::vector<int>& widths, const Errors& errors, const std::vector<Estimate>& random) {
  const double last = errors.cells.back();
  std::vector<double> fine, line, root_line, sine_bound, random_line;
  for (double cells = errors.cells.front(); cells < 1.001 * last; cells *= std::pow(2, 0.125)) {
    fine.push_back(cells);
    line.push_back(0.5 / cells);
    root_line.push_back(std::sqrt(0.5 / cells));
    sine_bound.push_back(targets[1].modulus(0.5 / cells));
  }
  for (const int n : widths) random_line.push_back(predicted_random_error(n));
  Panel panel;
  panel.x_axis({"cells N + 1", true, 0.9 * errors.cells.front(), 1.1 * last})
      .y_axis({"sup |f - f_N|", true, 0.2 / last, 1})
      .legend("bottom left")
      .line(0, "√x, even knots: slope -1/2", fine, root_line)
      .points(0, "", errors.cells, errors.root)
      .guide("sin 2πx, even knots: bound ω_f(h/2)", fine, sine_bound)
      .points(3, "", errors.cells, errors.sine)
      .line(2, "x, random knots: a logarithm more", errors.cells, random_line)
      .line(1, "x, even knots; √x, chosen knots: 1/2(N+1)", fine, line)
      .points(1, "", errors.cells, errors.equal_variation);
  draw_estimates(panel, 2, "", errors.cells, random);
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/steps_and_rates", "2.1", "How many steps make a function?"};
  const auto& widths = program.list("widths", std::vector{31, 63, 127, 255, 511, 1023}, between(31, 2047),
                                    "widths N, ascending, at least three", "neurons");
  const auto& steepness = program.list("steepness", std::vector{2., 5., 10., 20.}, between(2., 100.),
                                       "steepness κ of the sigmoids, per cell");
  const auto& draws = program.samples(50000, 8000, 200);
  program.validate([&] {
    if (widths.size() < 3 || !std::is_sorted(widths.begin(), widths.end()))
      throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")),
                      "at least three widths that ascend"};
  });
  program.figure(
      "steps_network",
      "Networks of 7 and 31 neurons whose weights are written down. Too soft a sigmoid smears over "
      "neighbouring cells; at $\\kappa=10$ it is as good as a step, and smooth.");
  program.figure(
      "steps_rates",
      "The largest error against the number of cells. An infinite slope costs half of the exponent, "
      "until the knots are chosen where the function moves; knots left to chance cost a logarithm.");
  program.claims([&](Claims& claims) { declare(claims, widths, steepness); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Steps: exact errors and rates
    const Errors errors = compare_steps(report, widths);

    // 2. Sigmoids, below their bound
    compare_sigmoids(report, widths, steepness);

    // 3. A hidden layer left to chance
    const std::vector<Estimate> random = compare_random_knots(report, widths, draws);

    // 4. Draw
    report.draw("steps_network", staircases);
    report.draw("steps_rates", [&] { return Figure{{rates(widths, errors, random)}}; });
  });
}

// ## What we found
//
// For $\sqrt x$, equidistant steps have the exponent @value rate-root, and with 255 neurons the error is @value root-255. Where the knots follow the
// variation the exponent is @value rate-root-equal-variation: a network is judged by its best weights, and for these the slope of a function does not matter.
//
// @figure steps_network
//
// The bound for sigmoids cannot be improved, since a kink on a knot attains it: $A(2)$ is @value kink-on-a-knot-2, $A(5)$ only
// @value kink-on-a-knot-5 and $A(10)$ @value kink-on-a-knot-10. A sigmoid of width a tenth of a cell is a step for all purposes.
//
// @figure steps_rates
//
// Knots drawn at random, as in a network that has not been trained, leave an error of @value random-knots-1023 for $f=x$ with 1023 neurons. That is worse than
// the best by a logarithm only, in one dimension.
//
// @claims
//
// ## What can go wrong
//
// A supremum on a grid is a lower bound: a staircase is worst *at* a knot, on one of its sides, where a grid hardly ever looks. The knots of equal variation exist for
// functions of bounded variation only; $x\sin(1/x)$ has none. And a theorem about the best weights says nothing of training: steps have no gradient.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that $\sqrt x$ cannot be approximated by equidistant steps with a smaller error than $\frac12\sqrt h$, whatever their values.
// 2. How many neurons guarantee an error of 0.01 for $\sin2\pi x$, with steps and at $\kappa=5$?
// 3. Derive the mean of the largest spacing. What is its distribution for large $N$?
