// # Does a network move as its powers say?
//
// Lecture §4.3 · after powers_of_width · about 6 s on two cores
//
// **Question.** Counting powers of the width says what every part of a network does in a parameterisation: what stays, what freezes, what
// explodes. Is it true of networks that one can train?
//
// ## The model
//
// The abcd parameterisation of [the page before](powers_of_width.cpp),
// $$ h^1=N^{-a_1}W^1x/\sqrt D,\qquad h^{l+1}=N^{-a}W^{l+1}\sigma(h^l),\qquad f=N^{-a-d}W^{L+1}\sigma(h^L), $$
// with $W^1\sim\mathcal N(0,N^{-b_1})$, all other weights $\mathcal N(0,N^{-b})$ and steps $\eta_0N^{2d-c}$, at six points
// $(a_1,b_1,a,b,c,d)$: the NTK $(0,0,\frac12,0,0,0)$; the same with its output divided by $N^d$; two forms of $\mu$P; the standard
// parameterisation SP, $(0,0,0,1,c,0)$, with a step of order one and with one of order $1/N$. The data are six points on a circle.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/numerics/power_of_squares.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/feature_motion.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace fieldbook;

namespace {

struct Point {
  std::string id, name;
  AbcdExponents exponents;
  double rate;  // η0
  int steps;
};

// With a step of order one the standard parameterisation explodes; one step that is small at the largest width shows how.
std::vector<Point> points(double output_power, int widest) {
  return {{"ntk", "NTK", AbcdExponents::ntk(), 2, 20},
          {"between", fmt::format("d = {}", output_power), {0, 0, 0.5, 0, 0, output_power}, 2, 20},
          {"mup-0", "μP, c = 0", AbcdExponents::mup(0), 2, 20},
          {"mup-1", "μP, c = 1", AbcdExponents::mup(1), 2, 20},
          {"small-step", "SP, η/N", AbcdExponents::standard_small_step(), 2, 20},
          {"standard", "SP", AbcdExponents::standard(), 0.05 / widest, 1}};
}

// ## What theory says
//
// At all six points $h=O(1)$ at the start, and $f_0=O(N^{-d})$. A step changes $f$ by the largest of the parts that the layers
// have in it, the first layer and all others:
double power_of_f(const AbcdExponents& e) { return std::max(0 - e.c - 2 * e.a1, 1 - e.c - 2 * e.a); }

// A part of order one in $f$ moves $h$ by $N^{d-1/2}$ only: the gradient with respect to one preactivation is small, and $f$ moves because many
// of them conspire. With one hidden layer there is only the first layer's part.
double power_of_h(const AbcdExponents& e, int depth) {
  const double first = e.d - 0.5 - e.c - 2 * e.a1, hidden = e.d + 0.5 - e.c - 2 * e.a;
  return depth == 1 ? first : std::max(first, hidden);
}

// The kernel of the features, $\Phi=\frac1N\sigma(h^L)^T\sigma(h^L)$, moves in two ways. To first order in $\Delta h$ every neuron contributes
// with the sign of its readout: a random sum. Reverse all signs of the readout, $W^{L+1}\to-W^{L+1}$, and this part is reversed. What
// is even under the reversal is of second order, $\Delta h$ squared or $\Delta h$ by a readout that has moved itself; and it adds up. Let
// $h$ move by $N^{-q}$ and the readout, in units of itself, by $N^{-r}$:
// $$ \Delta\Phi_{\text{random}}\propto N^{-q-1/2},\qquad \Delta\Phi_{\text{coherent}}\propto N^{-q-\min(q,r)} . $$
// In the NTK both fall like $1/N$. In $\mu$P the coherent part stays: this is what is called learning features.
double power_of_random(const Point& point, int depth) { return power_of_h(point.exponents, depth) - 0.5; }

double power_of_coherent(const Point& point, int depth) {
  const AbcdExponents& e = point.exponents;
  const double features = power_of_h(e, depth), readout = e.d - e.c - e.a + e.b / 2;
  return features + (point.steps > 1 ? std::max(features, readout) : features);
}

// ## What networks do
//
// Every draw is a pair of networks, equal but for the sign of the readout; half the sum of their $\Delta\Phi$ is the coherent part, half the
// difference the random one. Kept are mean squares over data, neurons and pair.
enum Observable : Eigen::Index {
  preactivations,
  output_moved,
  features_moved,
  coherent,
  random_part,
  observables
};

struct Setting {
  Activation activation;
  int depth;
  std::uint64_t seed;
  const char* purpose = "";
};

Eigen::VectorXd train_pair(const Setting& setting, const Point& point, int width, std::uint64_t draw) {
  const NetworkShape shape{2, width, setting.depth};
  const CircleData data = CircleData::six();
  const Eigen::MatrixXd x = data.inputs().transpose();
  const double step = abcd_step(shape, point.exponents, 1, point.rate);
  Mlp<double> network{setting.activation, abcd_parameterisation(shape, point.exponents, 1), setting.seed,
                      fmt::format("{}, width {}", point.id, width)};
  FeatureMotion motions[2];
  for (FeatureMotion& motion : motions) {
    network.draw(draw);
    if (&motion != motions) mirror_readout(network);
    motion = follow_features(network, x, data.targets(), step, point.steps);
  }
  const auto& [one, other] = motions;
  const auto mean_square = [](const auto& left, const auto& right) {
    return (left.squaredNorm() + right.squaredNorm()) / static_cast<double>(2 * left.size());
  };
  Eigen::VectorXd values(observables);
  values[preactivations] = mean_square(one.preactivations, other.preactivations);
  values[output_moved] = mean_square(one.first_step, other.first_step);
  values[features_moved] = mean_square(one.preactivations_moved, other.preactivations_moved);
  values[coherent] = (one.kernel_moved + other.kernel_moved).squaredNorm() / (4 * one.kernel.squaredNorm());
  values[random_part] =
      (one.kernel_moved - other.kernel_moved).squaredNorm() / (4 * one.kernel.squaredNorm());
  return values;
}

// Narrow networks are cheap and fluctuate more: all widths get about as many neurons.
Averages sample_pairs(Report& report, const Setting& setting, const Point& point, int width,
                      std::int64_t draws) {
  return merged(sample_draws(report, fmt::format("{}, width {}", point.name, width), draws,
                             Averages{observables}, [&](std::uint64_t draw, Averages& averages) {
                               averages.add(train_pair(setting, point, width, draw));
                             }));
}

// The output at the start is the sum of a few random numbers per network: it needs many networks, which need no training.
Averages sample_outputs(Report& report, const Setting& setting, const Point& point, int width,
                        std::int64_t draws) {
  const std::string stage = fmt::format("{} at the start, width {}", point.id, width);
  const Eigen::MatrixXf x = CircleData::six().inputs().transpose().cast<float>();
  return merged(sample_draws(report, stage, draws, Averages{1}, [&](std::uint64_t draw, Averages& averages) {
    Mlp<float> network{setting.activation,
                       abcd_parameterisation({2, width, setting.depth}, point.exponents, 1), setting.seed,
                       stage};
    network.draw(draw);
    Pass<float> pass;
    network.forward(x, pass);
    averages.add(Eigen::VectorXd::Constant(1, pass.outputs.cast<double>().squaredNorm() / 6));
  }));
}

// ## The claims
//
// Each is a slope: the power of $N$ of a root mean square, fitted over all widths. Its error comes from the spread of the networks at all widths
// together, for the few wide ones alone would not tell it. How that spread depends on the width is known. The random part of $\Delta\Phi$ and $f_0$ are
// random sums, a few random numbers per network: their squares vary as much in a wide network as in a narrow one. All other mean
// squares are averages over neurons, with relative variances that fall like $1/N$.
bool is_random_sum(const std::string& quantity) {
  return quantity == "random" || quantity == "initial-output";
}

struct Quantity {
  const char* id;
  const char* ref;
  const char* what;
  const char* axis;
  Eigen::Index observable;
  double tolerance;
};

const Quantity quantities[] = {
    {"start", "F3", "$h$ at the start", "h at the start", preactivations, 0.03},
    {"output", "F4", "the change of $f$ in the first step", "Δf in the first step", output_moved, 0.05},
    {"features", "F5", "the change of $h$ in training", "Δh in training", features_moved, 0.04},
    {"coherent", "F6", "the coherent change of $\\Phi$ in training", "coherent ΔΦ/Φ", coherent, 0.12},
    {"random", "F6", "the random change of $\\Phi$ in training", "random ΔΦ/Φ", random_part, 0.12}};

double predicted_power(const Quantity& quantity, const Point& point, int depth) {
  switch (quantity.observable) {
    case output_moved:
      return power_of_f(point.exponents);
    case features_moved:
      return power_of_h(point.exponents, depth);
    case coherent:
      return power_of_coherent(point, depth);
    case random_part:
      return power_of_random(point, depth);
    default:
      return 0;
  }
}

void declare(Claims& claims, const std::vector<Point>& all) {
  for (const Quantity& quantity : quantities)
    for (const Point& point : all)
      claims.scaling(fmt::format("{}-{}", quantity.id, point.id), quantity.ref,
                     fmt::format("{}: the power of $N$ in {}", point.name, quantity.what),
                     quantity.tolerance);
  for (const char* id : {"ntk", "mup-0"})
    claims.scaling(
        fmt::format("initial-output-{}", id), "F7",
        fmt::format("{}: the power of $N$ in $f_0$", id == std::string{"ntk"} ? "NTK" : "μP, c = 0"), 0.1);
}

// ## The experiment, step by step
struct Curve {
  bool random_sum;
  std::vector<MeanSquare> squares;

  void add(int width, const Averages& averages, Eigen::Index observable) {
    const double terms = random_sum ? 1 : width;
    squares.push_back({static_cast<double>(width), averages.mean(observable), averages.count(), terms});
  }
};

using Curves = std::map<std::pair<std::string, std::string>, Curve>;  // by quantity and point

Curves compare(Report& report, const Setting& setting, const std::vector<Point>& all,
               const std::vector<int>& widths, std::int64_t draws) {
  Curves curves;
  const auto curve = [&](const std::string& quantity, const Point& point) -> Curve& {
    return curves.try_emplace({quantity, point.id}, Curve{is_random_sum(quantity), {}}).first->second;
  };
  for (const Point& point : all)
    for (const int width : widths) {
      const Averages averages = sample_pairs(report, setting, point, width, draws * widths.back() / width);
      for (const Quantity& quantity : quantities)
        curve(quantity.id, point).add(width, averages, quantity.observable);
      if (point.id == "ntk" || point.id == "mup-0")
        curve("initial-output", point)
            .add(width, sample_outputs(report, setting, point, width, 20 * draws), 0);
    }
  for (const Point& point : all) {
    for (const Quantity& quantity : quantities)
      report.compare(fmt::format("{}-{}", quantity.id, point.id),
                     predicted_power(quantity, point, setting.depth),
                     power_of_root_mean_square(curves.at({quantity.id, point.id}).squares));
    if (const auto found = curves.find({"initial-output", point.id}); found != curves.end())
      report.compare("initial-output-" + point.id, 0 - point.exponents.d,
                     power_of_root_mean_square(found->second.squares));
  }
  return curves;
}

// ## The figure
void draw_curve(Panel& panel, int colour, const std::string& name, const Curve& curve, double power) {
  // The predicted power through the middle of the data
  double amplitude = 0;
  std::vector<double> widths, y, error, line;
  for (const auto& [width, mean, draws, terms] : curve.squares) {
    const Estimate root = mean.root();
    widths.push_back(width);
    y.push_back(root.value);
    error.push_back(root.standard_error);
    amplitude += std::log(root.value / std::pow(width, power)) / static_cast<double>(curve.squares.size());
  }
  for (const double width : widths) line.push_back(std::exp(amplitude) * std::pow(width, power));
  panel.line(colour, "", widths, line).points(colour, name, widths, y, error);
}

Figure coordinate_figure(const std::vector<Point>& all, const Curves& curves, const std::vector<int>& widths,
                         int depth) {
  Figure figure{{}, 3, 400, 330};
  const auto add = [&](const std::string& id, const std::string& axis, auto power) {
    Panel panel{axis};
    const bool first = id == "start";
    panel.x_axis({"width N", true, 0.8 * widths.front(), 1.25 * widths.back()})
        .y_axis({"", true, first ? 0.05 : 0, first ? 2. : 0})
        .legend(first ? "bottom left maxrows 3" : "off");
    int colour = 0;
    for (const Point& point : all) {
      if (const auto found = curves.find({id, point.id}); found != curves.end())
        draw_curve(panel, colour, point.name, found->second, power(point));
      ++colour;
    }
    figure.panels.push_back(panel);
  };
  for (const Quantity& quantity : quantities) {
    add(quantity.id, quantity.axis,
        [&](const Point& point) { return predicted_power(quantity, point, depth); });
    if (quantity.observable == preactivations)
      add("initial-output", "f at the start", [](const Point& point) { return -point.exponents.d; });
  }
  return figure;
}

void validate(const std::vector<int>& widths, int depth) {
  const std::string given = fmt::format("{}", fmt::join(widths, ","));
  for (std::size_t i = 1; i < widths.size(); ++i)
    if (widths[i] <= widths[i - 1]) throw BadOption{"widths", given, "ascending widths"};
  if (widths.back() < 4 * widths.front())
    throw BadOption{"widths", given, "a last width that is at least four times the first"};
  if (depth > 2 && widths.front() < 128)
    throw BadOption{
        "widths", given,
        "a first width of 128 or more with three hidden layers: corrections grow with depth over width"};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/coordinate_checks", "4.3", "Does a network move as its powers say?"};
  const auto& widths =
      program.list("widths", {64, 128, 256, 512, 1024}, between(64, 2048), "ascending widths N", "neurons");
  const auto& depth = program.option("depth", 2, between(1, 3), "hidden layers L", "layers");
  const auto& activation = program.choice("activation", "erf", {"erf", "tanh", "sin"}, "activation σ");
  const auto& output_power =
      program.option("output-power", 0.25, between(0., 0.5), "d of the point between the NTK and μP");
  const auto& draws = program.samples(12, 4, 4);
  program.validate([&] { validate(widths, depth); });
  program.figure(
      "fl_coord",
      "Root mean squares against the width; lines have the predicted powers. In the upper row and in Δf "
      "the NTK and μP hardly differ. That features move in one and freeze in the other shows in Δh, and "
      "in the coherent part of ΔΦ.");
  program.claims([&](Claims& claims) { declare(claims, points(output_power, widths.back())); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{activation_of(activation), depth, report.seed()};
    const std::vector<Point> all = points(output_power, widths.back());
    const Curves curves = compare(report, setting, all, widths, draws);
    report.draw("fl_coord", [&] { return coordinate_figure(all, curves, widths, depth); });
  });
}

// ## What we found
//
// At the start all points are alike: preactivations do not depend on the width. A step changes $f$ by the same amount at every width, except
// in the standard parameterisation with a step of order one, where the change grows like $N$ to the power @value output-standard. The
// difference is in the features. In the NTK $\Delta h$ falls with the power @value features-ntk, in $\mu$P with @value features-mup-0.
//
// @figure fl_coord
//
// The kernel of the features separates accident from learning. Its random part falls even in $\mu$P, with the power
// @value random-mup-0; its coherent part falls with the power @value coherent-ntk in the NTK and stays in $\mu$P,
// @value coherent-mup-0. Between the two, dividing the output by a smaller power of the width, features fade slowly:
// @value coherent-between.
//
// @claims
//
// ## What can go wrong
//
// At *infinitesimal* time only the random part exists, and $\|\Delta\Phi\|\propto N^{-1/2}$ even in $\mu$P: whoever measures after one small
// step concludes that nothing is learned. The norm of all of $\Delta\Phi$ is a sum of two powers and has no clean slope where they
// differ. Between the NTK and $\mu$P corrections are powers of $N^{-1/2}$ or of $N^{-1/4}$ and not of $1/N$, and slopes reach
// their limit late: the random part has @value random-between where the limit is @predicted random-between. Training $f$ itself, without subtracting $f_0$, mixes the comparison: $f_0$ is of order one in the NTK and small in $\mu$P.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. With one hidden layer and SP with $\eta/N$, the coherent part falls like $N^{-2}$ and not like $N^{-3}$. Which product makes it?
// 2. Which of the slopes change if only the readout is trained? Which if it alone is frozen?
