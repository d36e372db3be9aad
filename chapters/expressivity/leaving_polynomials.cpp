// # What does it cost to leave the polynomials?
//
// Lecture §2.1 · after activation_matters · about 1 s on two cores
//
// **Question.** Powers $z^k$ have a floor. Three ways lead out of it: more inputs to combine, a drop of another activation, more layers. How far do
// they lead, and at which price?
//
// ## The model
//
// Features of one random hidden layer, $\sigma(w_i\cdot x+b_i)$ with $w_{ij}\sim\mathcal N(0,3^2)$ and $b_i$ uniform on $[-3,3]$, on the cube
// $[-1,1]^d$ or on the line with $\lVert g\rVert^2=\frac12\int g^2$, where the target is Runge's $f(x)=1/(1+s^2x^2)$. And a deep network of squares.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/networks/random_layer.hpp>
#include <fieldbook/numerics/least_squares.hpp>
#include <fieldbook/numerics/legendre.hpp>
#include <fieldbook/numerics/singular_values.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <Eigen/Core>
#include <boost/math/special_functions/binomial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct Setting {
  double steepness;             // s
  std::vector<double> mixings;  // epsilon
  std::vector<int> dimensions;  // d
  std::uint64_t seed;

  double target(double x) const { return 1 / (1 + steepness * steepness * x * x); }
};

// ## What theory says: more inputs
//
// In $d$ dimensions the features $(w_i\cdot x+b_i)^k$ are polynomials of degree $k$, and there are $\binom{d+k}k$ independent ones; without biases they are
// homogeneous, and there are $\binom{d+k-1}k$. Width helps until then and no further.
int predicted_rank(int width, int dimension, int power, bool biases) {
  const auto n = static_cast<unsigned>(dimension + power - (biases ? 0 : 1));
  const double all = boost::math::binomial_coefficient<double>(n, static_cast<unsigned>(power));
  return std::min(width, static_cast<int>(std::lround(all)));
}

// ## What theory says: a drop of another activation
//
// $\sigma=z^3+\varepsilon\tanh z$ is no polynomial for any $\varepsilon>0$, hence universal: there is no floor. But let $\hat r$ be the residual
// $f-P_3f$ of the best cubic $P_3f$, divided by its norm $\delta$. No cubic sees it, so with $\tau=\max_i|\langle\hat r,\tanh(w_ix+b_i)\rangle|\le1$
// $$ \lVert f-\phi\rVert\ge\langle\hat r,f-\phi\rangle\ge\delta-\varepsilon\tau\sum_i|c_i|
//    \quad\Longrightarrow\quad\sum_i|c_i|\ge\frac{\delta-\lVert f-\phi\rVert}{\varepsilon\,\tau}\ge\frac{\delta-\lVert f-\phi\rVert}\varepsilon. $$
// Universality is continuous in nothing: it jumps at $\varepsilon=0$. What is continuous is its price.
constexpr int cubic = 3;

double predicted_delta(const Setting& setting) {
  return legendre_tail([&](double x) { return setting.target(x); }, cubic);
}

// ## What theory says: more layers
//
// $x\mapsto2x^2-1$ is the Chebyshev polynomial $T_2$, one neuron of squares. $T_m(T_n)=T_{mn}$, so $L$ layers of one neuron each are $T_{2^L}$: the degree
// is no longer that of the activation, and grows exponentially.
constexpr int layers = 6;

double predicted_composition(double x) { return std::cos((1 << layers) * std::acos(x)); }

// ## What networks do: ranks
//
// The singular values of the features at random points of the cube tell how many directions there are.
int sampled_rank(std::uint64_t seed, std::uint64_t draw, Index points, int width, int dimension, int power,
                 bool biases) {
  const std::string name = fmt::format("rank, d = {}, k = {}, biases {}", dimension, power, biases);
  MatrixXd x(points, dimension);
  Stream{seed, name}.uniforms(draw, {x.data(), static_cast<std::size_t>(x.size())});
  x = (2 * x.array() - 1).matrix();
  const RandomLayer layer{3, biases ? 3. : 0.};
  const MatrixXd features = layer.pre_activations(seed, name, draw, x, width).unaryExpr([power](double z) {
    return std::pow(z, power);
  });
  const VectorXd values = singular_values(features.colwise().normalized());
  return static_cast<int>((values.array() > 1e-10 * values[0]).count());
}

// ## What networks do: prices
//
// Least squares does not care for the size of $c$. A ridge does: its penalty makes $c$ small first and the error small later. We follow
// it over 28 decades of penalties, from one singular value decomposition, and note what is closest to the bounds.
struct Price {
  double error = std::numeric_limits<double>::max();  // the smallest of all
  double half_price =
      std::numeric_limits<double>::max();  // smallest sum |c| with an error of at most delta / 2
  double plain_ratio = std::numeric_limits<double>::max();  // smallest sum |c| epsilon / (delta - error)
  double sharp_ratio = std::numeric_limits<double>::max();  // the same times tau

  void merge(const Price& other) {
    error = std::min(error, other.error);
    half_price = std::min(half_price, other.half_price);
    plain_ratio = std::min(plain_ratio, other.plain_ratio);
    sharp_ratio = std::min(sharp_ratio, other.sharp_ratio);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& error& half_price& plain_ratio& sharp_ratio;
  }
};

constexpr Index neurons = 40;

// One singular value decomposition $X=USV^T$ gives all ridges, $c=V\,\frac S{S^2+\lambda}\,U^Ty$:
Price price_of_a_draw(const Setting& setting, double mixing, std::uint64_t draw) {
  const MatrixXd z =
      RandomLayer{3, 3}.pre_activations(setting.seed, "mixed", draw, legendre_nodes().x, neurons);
  const VectorXd y = legendre_nodes().vector([&](double x) { return setting.target(x); });
  const auto features_of = [&](auto activation) -> MatrixXd {
    return legendre_nodes().root.asDiagonal() * z.unaryExpr(activation);
  };
  const MatrixXd cubes = features_of([](double v) { return v * v * v; });
  const MatrixXd bends = features_of([](double v) { return std::tanh(v); });
  const VectorXd residual = y - cubes * LeastSquares{cubes, LeastSquares::Columns::of_norm_one}.solve(y);
  const double delta = predicted_delta(setting);
  const double tau = (bends.transpose() * residual).cwiseAbs().maxCoeff() / residual.norm();

  const MatrixXd features = cubes + mixing * bends;
  const SingularValueDecomposition svd = singular_value_decomposition(features);
  const Eigen::ArrayXd s = svd.values, seen = (svd.u.transpose() * y).array();
  Price price;
  for (double decade = -26; decade <= 2; decade += 0.25) {
    const VectorXd c = svd.v * (s * seen / (s.square() + s[0] * s[0] * std::pow(10, decade))).matrix();
    const double error = (y - features * c).norm(), size = c.lpNorm<1>();
    price.error = std::min(price.error, error);
    if (error <= delta / 2) price.half_price = std::min(price.half_price, size);
    if (error > 0.999 * delta) continue;
    price.plain_ratio = std::min(price.plain_ratio, size * mixing / (delta - error));
    price.sharp_ratio = std::min(price.sharp_ratio, size * mixing * tau / (delta - error));
  }
  return price;
}

// ## What networks do: compositions
//
// At random points of $[-1,1]$ and at its ends:
double largest_composition_error(std::uint64_t seed) {
  VectorXd x(1001);
  Stream{seed, "points of the deep network"}.uniforms(0, {x.data(), static_cast<std::size_t>(x.size())});
  x = (2 * x.array() - 1).matrix();
  x[0] = -1;
  x[1] = 1;
  double largest = 0;
  for (const double point : x) {
    double value = point;
    for (int layer = 0; layer < layers; ++layer) value = 2 * value * value - 1;
    largest = std::max(largest, std::abs(value - predicted_composition(point)));
  }
  return largest;
}

// ## The claims
const std::vector<int> powers{2, 3};
constexpr int wide = 200;

std::string rank_name(int dimension, int power, bool biases) {
  return fmt::format("rank-{}-z{}{}", dimension, power, biases ? "" : "-unbiased");
}

void declare(Claims& claims, const Setting& setting) {
  for (const int d : setting.dimensions)
    for (const int k : powers)
      for (const bool biases : {true, false})
        claims.exact(rank_name(d, k, biases), "AM9",
                     fmt::format("$z^{}$ {} biases, $d={}$: mean rank of {} features", k,
                                 biases ? "with" : "without", d, wide),
                     absolute(0));
  claims.exact("ranks", "AM9",
               "the rank is the width until it saturates: largest deviation of all points in the figure",
               absolute(0));
  for (const double mixing : setting.mixings) {
    claims.bound(fmt::format("price-{}", mixing), "AM10",
                 fmt::format("$\\varepsilon={}$: smallest $\\varepsilon\\sum_i|c_i|/(\\delta-$error$)$ of "
                             "all draws and penalties",
                             mixing),
                 Side::above);
    claims.bound(fmt::format("sharp-price-{}", mixing), "AM10",
                 fmt::format("$\\varepsilon={}$: the same times $\\tau$", mixing), Side::above);
    claims.bound(fmt::format("no-floor-{}", mixing), "AM10",
                 fmt::format("$\\varepsilon={}$: some network of {} neurons is below half of the floor",
                             mixing, neurons),
                 Side::below);
  }
  claims.exact(
      "composition", "AM11",
      fmt::format("{} layers of one square each: largest distance from $T_{{{}}}$", layers, 1 << layers),
      absolute(1e-12));
}

// ## The experiment, step by step
void compare_ranks(Report& report, const Setting& setting, std::int64_t draws) {
  for (const int d : setting.dimensions)
    for (const int k : powers)
      for (const bool biases : {true, false}) {
        const auto sample = [&](std::uint64_t draw, Averages& averages) {
          averages.add(VectorXd::Constant(1, sampled_rank(setting.seed, draw, 2 * wide, wide, d, k, biases)));
        };
        const Averages ranks =
            merged(sample_draws(report, rank_name(d, k, biases), draws, Averages{1}, sample));
        report.compare(rank_name(d, k, biases), predicted_rank(wide, d, k, biases), ranks.mean(0).value);
      }
}

const std::vector<int>& widths_for_ranks() {
  static const std::vector<int> widths{1, 2, 3, 4, 6, 8, 10, 14, 20, 28, 40, 56, 80};
  return widths;
}

Panel rank_panel(Report& report, const Setting& setting) {
  Panel panel;
  panel.x_axis({"width N", true, 0.9, 100})
      .y_axis({"rank of the features z^3", true, 0.9, 100})
      .legend("top left");
  int colour = 0;
  double deviation = 0;
  for (const int d : setting.dimensions) {
    std::vector<double> x, line, points;
    for (const int width : widths_for_ranks()) {
      x.push_back(width);
      line.push_back(predicted_rank(width, d, cubic, true));
      points.push_back(sampled_rank(setting.seed, 0, 160, width, d, cubic, true));
      deviation = std::max(deviation, std::abs(line.back() - points.back()));
    }
    panel.line(colour, fmt::format("d = {}", d), x, line).points(colour, "", x, points);
    ++colour;
  }
  report.compare("ranks", 0, deviation);
  return panel;
}

std::vector<Price> compare_prices(Report& report, const Setting& setting, std::int64_t draws) {
  const double delta = predicted_delta(setting);
  std::vector<Price> prices;
  for (const double mixing : setting.mixings) {
    prices.push_back(merged(sample_draws(
        report, fmt::format("mixing {}", mixing), draws, Price{},
        [&](std::uint64_t draw, Price& price) { price.merge(price_of_a_draw(setting, mixing, draw)); })));
    report.compare(fmt::format("price-{}", mixing), 1, prices.back().plain_ratio);
    report.compare(fmt::format("sharp-price-{}", mixing), 1, prices.back().sharp_ratio);
    report.compare(fmt::format("no-floor-{}", mixing), delta / 2, prices.back().error);
  }
  return prices;
}

// ## The figures
Figure price_figure(const Setting& setting, const std::vector<Price>& prices) {
  const double delta = predicted_delta(setting);
  const auto [low, high] = std::minmax_element(setting.mixings.begin(), setting.mixings.end());
  const std::vector<double> ends{*low / 2, *high * 2};
  std::vector<double> error, price;
  for (const Price& one : prices) {
    error.push_back(one.error);
    price.push_back(one.half_price);
  }
  const Axis x{"ε", true, ends[0], ends[1]};
  Panel errors{"best error"}, costs{"price of half the floor"};
  errors.x_axis(x)
      .y_axis({"smallest ‖f − φ‖", true, *std::min_element(error.begin(), error.end()) / 5, 3})
      .legend("top left")
      .guide("floor of cubics", ends, {delta, delta})
      .points(0, "", setting.mixings, error);
  costs.x_axis(x)
      .y_axis({"smallest sum of |c_i|", true, 0.02 * delta / *high, 1e3 * delta / *low})
      .legend("top right")
      .guide("bound δ/2ε", ends, {delta / 2 / ends[0], delta / 2 / ends[1]})
      .points(1, "networks", setting.mixings, price);
  return {{errors, costs}, 2, 460, 360};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/leaving_polynomials", "2.1", "What does it cost to leave the polynomials?"};
  const auto& mixings = program.list("mixings", {1., 0.1, 0.01, 0.001, 0.0001}, between(1e-5, 10.),
                                     "ε in the activation z³ + ε tanh z");
  const auto& dimensions = program.list("dimensions", {1, 2, 3, 5}, between(1, 6), "numbers d of inputs");
  const auto& steepness = program.option("steepness", 5., between(2., 8.), "s of the target 1/(1+s²x²)");
  const auto& draws = program.samples(40, 8, 4);
  const auto setting = [&](std::uint64_t seed) { return Setting{steepness, mixings, dimensions, seed}; };
  program.figure("lp_rank",
                 "Cubic features span more and more directions with every neuron, until they are all cubic "
                 "polynomials of d variables. Lines are min(N, binom(d + 3, 3)), points singular values.");
  program.figure(
      "lp_price",
      "With a drop ε of tanh in a cubic activation the error falls below the floor of cubics (left), but the "
      "output weights that halve the error grow like 1/ε (right), as the bound says they must.");
  program.claims([&](Claims& claims) { declare(claims, setting(0)); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting run = setting(report.seed());

    // 1. More inputs
    compare_ranks(report, run, std::max<std::int64_t>(1, draws / 8));
    report.draw("lp_rank", Figure{{rank_panel(report, run)}});

    // 2. A drop of another activation
    const std::vector<Price> prices = compare_prices(report, run, draws);
    report.draw("lp_price", [&] { return price_figure(run, prices); });

    // 3. More layers
    report.compare("composition", 0, largest_composition_error(report.seed()));
  });
}

// ## What we found
//
// **Inputs.** In five dimensions 200 features $z^2$ have rank @value rank-5-z2, and without biases @value rank-5-z2-unbiased; $z^3$ has @value rank-5-z3 and
// @value rank-5-z3-unbiased. More neurons are copies.
//
// @figure lp_rank
//
// **A drop.** With $\varepsilon=10^{-4}$ the best of our networks has the error @value no-floor-0.0001, while no cubic comes below twice
// @predicted no-floor-0.0001. It pays with weights of the order of $1/\varepsilon$: among all draws and penalties $\varepsilon\sum_i|c_i|/(\delta-\text{error})$ is at least
// @value price-0.0001, and @value sharp-price-0.0001 with the factor $\tau$, where 1 is the bound.
//
// @figure lp_price
//
// **Layers.** Six squares in a row are $T_{64}$ to @value composition. Depth makes polynomials universal, because the degree is then no longer bounded.
//
// @claims
//
// ## What can go wrong
//
// Rank is a matter of rounding: a cut-off at $10^{-10}$ tells 56 directions from 200 only because random cubes in five dimensions are not much more
// dependent than that. And a small $\varepsilon$ in finite precision is zero: with weights of $1/\varepsilon$ the cubes cancel to $\varepsilon$,
// and below $\varepsilon\approx10^{-12}$ nothing is left of universality.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that $\binom{d+k}k$ counts the monomials of degree at most $k$, and that powers $(w\cdot x+b)^k$ with generic $w,b$ span them.
// 2. Which activations make the bound tight, $\tau=1$? Why does no network reach it with one neuron?
// 3. Compose $x\mapsto x^2$ instead of $2x^2-1$. Why is the result of little use for approximation, although its degree is the same?
