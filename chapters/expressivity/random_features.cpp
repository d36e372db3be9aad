// # Can the hidden layer stay as it was drawn?
//
// Lecture §2.1 · after barron · about 4 s on two cores
//
// **Question.** [Barron's networks](barron.cpp) draw their neurons from a law that knows the target. How good is a hidden layer that knows nothing, if its output weights are the best?
//
// ## The model
//
// Random features: one hidden layer of $N$ neurons whose weights and biases are drawn once and never trained,
// $$ f_N(x)=\sum_{i=1}^Nc_i\tanh(w_i\cdot x+b_i),\qquad w_{ij}\sim\mathcal N(0,s^2/d),\quad b_i\sim U[-s,s],\quad s=1.5, $$
// and output weights $c$ that minimise the squared error at many uniform points of the cube $[-1,1]^d$. The target is $f(x)=e^{-|x|^2/2}$, the same for all.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/random_layer.hpp>
#include <fieldbook/numerics/least_squares.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;

namespace {

struct Setting {
  int dimension;
  double scale;  // s
  int points;
  std::uint64_t seed;

  std::string stream(const char* what) const { return fmt::format("{}, d = {}", what, dimension); }
};

// ## What theory says
//
// A layer that stays offers $N$ fixed functions. Take $n$ orthonormal functions $e_j$ and let $P$ project onto the $N$: then
// $$ \frac1n\sum_{j=1}^n\bigl|e_j-Pe_j\bigr|^2=1-\frac1n\sum_j|Pe_j|^2\ge1-\frac Nn, $$
// since $\sum_j|Pe_j|^2\le\operatorname{tr}P=N$: **a layer of $N$ fixed neurons serves $N$ functions at most**, whatever the neurons are. On the cube the number of
// waves of frequency up to $K$ grows like $K^d$. To serve them all a layer that stays needs as many neurons, while neurons that may follow the target serve any one plane wave with an error
// $\propto\sqrt d\,K/\sqrt N$ (Barron 1993), and a product of $m$ cosines, a sum of plane waves, with $2^{m/2}$ times that. That is the worst case over the waves; a smooth function of one variable is another matter.
double predicted_distance(double width, double waves) { return std::max(0., 1 - width / waves); }

// ## What networks do
//
// Layers are nested: the first $N$ neurons of a draw are its layer of width $N$.
constexpr int widest = 512;
std::vector<int> widths() {
  std::vector<int> all;
  for (int n = 8; n <= widest; n *= 2) all.push_back(n);
  return all;
}

// One row a point
MatrixXd uniform_points(const Setting& setting, std::uint64_t draw, const char* what) {
  MatrixXd x(setting.points, setting.dimension);
  Stream{setting.seed, setting.stream(what)}.uniforms(
      draw, std::span{x.data(), static_cast<std::size_t>(x.size())});
  return 2 * x.array() - 1;
}

// One column a neuron
MatrixXd features_at(const MatrixXd& x, const Setting& setting, std::uint64_t draw) {
  const RandomLayer layer{setting.scale / std::sqrt(setting.dimension), setting.scale};
  MatrixXd features = layer.pre_activations(setting.seed, setting.stream("layer"), draw, x, widest);
  activate(Activation::tanh, std::span{features.data(), static_cast<std::size_t>(features.size())});
  return features;
}

VectorXd gaussian(const MatrixXd& x) { return (-x.rowwise().squaredNorm() / 2).array().exp(); }

// Neurons of a random layer are so much alike that their matrix has directions of all sizes, down to rounding. What lies below $10^{-12}$ of the largest is noise
// and is [left out](../../common/fieldbook/numerics/least_squares.hpp); normal equations would stop at $10^{-8}$ of it.
constexpr double cutoff = 1e-12;

LeastSquares without_rounding(const Eigen::Ref<const MatrixXd>& features) {
  return LeastSquares{features, LeastSquares::Columns::as_given, cutoff};
}

// The waves $\prod_i\sqrt2\cos\bigl(\tfrac\pi2k_i(x_i+1)\bigr)$ are orthonormal on the cube. We take the 256 of lowest $|k|$, level by level, and make them
// orthonormal on the points, too.
constexpr int waves = 256;
const std::vector<int> serving{8, 16, 32, 64, 128};

std::vector<VectorXd> wave_vectors(int dimension) {
  std::vector<VectorXd> found;
  VectorXd k(dimension);
  // All integer vectors with |k|^2 = level, by depth-first search
  const auto fill = [&](auto&& self, int i, int left) -> void {
    if (i == dimension) {
      if (left == 0) found.push_back(k);
      return;
    }
    for (int n = 0; n * n <= left; ++n) {
      k[i] = n;
      self(self, i + 1, left - n * n);
    }
  };
  for (int level = 0; static_cast<int>(found.size()) < waves; ++level) fill(fill, 0, level);
  found.resize(waves);
  return found;
}

MatrixXd orthonormal_waves(const MatrixXd& x) {
  const std::vector<VectorXd> k = wave_vectors(static_cast<int>(x.cols()));
  MatrixXd e = MatrixXd::Ones(x.rows(), waves);
  for (Index j = 0; j < waves; ++j)
    for (Index i = 0; i < x.cols(); ++i)
      if (const double number = k[static_cast<std::size_t>(j)][i]; number > 0)
        e.col(j).array() *= (pi / 2 * number * (x.col(i).array() + 1)).cos();
  return without_rounding(e).range();
}

// A draw gives the logarithm of the test error for each width, and the mean squared distance of the waves.
VectorXd observe(const Setting& setting, std::uint64_t draw) {
  const MatrixXd x = uniform_points(setting, draw, "training points");
  const MatrixXd test = uniform_points(setting, draw, "test points");
  const MatrixXd features = features_at(x, setting, draw), at_test = features_at(test, setting, draw);
  const VectorXd y = gaussian(x), truth = gaussian(test);
  std::vector<double> observed;
  for (const int n : widths()) {
    const VectorXd weights = without_rounding(features.leftCols(n)).solve(y);
    const VectorXd errors = at_test.leftCols(n) * weights - truth;
    observed.push_back(std::log10(errors.squaredNorm() / static_cast<double>(errors.size())) / 2);
  }
  constexpr Index few = 1024;
  const MatrixXd e = orthonormal_waves(x.topRows(few));
  for (const int n : serving) {
    const MatrixXd span = without_rounding(features.topLeftCorner(few, n)).range();
    observed.push_back(1 - (span.transpose() * e).squaredNorm() / static_cast<double>(e.cols()));
  }
  return Eigen::Map<const VectorXd>(observed.data(), static_cast<Index>(observed.size()));
}

Averages sample(Report& report, const Setting& setting, std::int64_t draws) {
  const auto observables = static_cast<Index>(widths().size() + serving.size());
  return merged(sample_draws(
      report, fmt::format("layers in {} dimensions", setting.dimension), draws, Averages{observables},
      [&](std::uint64_t draw, Averages& averages) { averages.add(observe(setting, draw)); }));
}

// ## The claims
//
// Errors differ from layer to layer by factors, so we average their logarithms: a geometric mean. The first two limits have no theory: a trial run gave $2\cdot10^{-12}$ and $1.5\cdot10^{-2}$, and they leave
// room for other seeds. That no layer serves more waves than it has neurons is a theorem; its claims check the projection.
bool contains(const std::vector<int>& dimensions, int d) {
  return std::find(dimensions.begin(), dimensions.end(), d) != dimensions.end();
}

void declare(Claims& claims, const std::vector<int>& dimensions) {
  if (contains(dimensions, 1))
    claims.bound("one-dimension", "UA11", "$d=1$, $N=32$: $\\log_{10}$ of the RMS error is below $-11$",
                 Side::below);
  else
    claims.leave_out("one-dimension", "UA11", "one dimension is not asked for");
  if (contains(dimensions, 8))
    claims.bound("eight-dimensions", "UA11",
                 fmt::format("$d=8$, $N={}$: $\\log_{{10}}$ of the RMS error is above that of 0.005", widest),
                 Side::above);
  else
    claims.leave_out("eight-dimensions", "UA11", "eight dimensions are not asked for");
  for (const int d : dimensions)
    for (const int n : serving)
      claims.bound(fmt::format("waves-{}d-{}", d, n), "UA11",
                   fmt::format("$d={}$, $N={}$: mean squared distance of {} waves, at least $1-N/{}$", d, n,
                               waves, waves),
                   Side::above);
}

// ## The experiment, step by step
void compare(Report& report, int d, const Averages& averages) {
  const std::vector<int> all = widths();
  const auto at = [&](int n) {
    return static_cast<Index>(std::find(all.begin(), all.end(), n) - all.begin());
  };
  if (d == 1) report.compare("one-dimension", -11, averages.mean(at(32)));
  if (d == 8) report.compare("eight-dimensions", std::log10(5e-3), averages.mean(at(widest)));
  for (std::size_t k = 0; k < serving.size(); ++k)
    report.compare(fmt::format("waves-{}d-{}", d, serving[k]), predicted_distance(serving[k], waves),
                   averages.mean(static_cast<Index>(all.size() + k)));
}

// ## The figures
Panel errors_panel(const std::vector<int>& dimensions, const std::vector<Averages>& averages) {
  const std::vector<int> all = widths();
  const std::vector<double> n{all.begin(), all.end()};
  Panel panel;
  panel.x_axis({"neurons N", true, 6, 700}).y_axis({"log_{10} of the RMS error"}).legend("bottom left");
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    std::vector<Estimate> errors;
    for (Index k = 0; k < static_cast<Index>(n.size()); ++k) errors.push_back(averages[i].mean(k));
    draw_estimates(panel, static_cast<int>(i), fmt::format("d = {}", dimensions[i]), n, errors);
  }
  return panel;
}

Panel waves_panel(const std::vector<int>& dimensions, const std::vector<Averages>& averages) {
  const std::vector<double> n{serving.begin(), serving.end()};
  Panel panel;
  panel.x_axis({"neurons N", true, 6, 170})
      .y_axis({"waves that are served", true, 4, 200})
      .legend("top left");
  panel.guide("at most N", n, n);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    std::vector<Estimate> served;
    for (std::size_t k = 0; k < serving.size(); ++k) {
      const Estimate distance = averages[i].mean(static_cast<Index>(widths().size() + k));
      served.emplace_back(waves * (1 - distance.value), waves * distance.standard_error);
    }
    draw_estimates(panel, static_cast<int>(i), fmt::format("d = {}", dimensions[i]), n, served);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/random_features", "2.1", "Can the hidden layer stay as it was drawn?"};
  const auto& dimensions =
      program.list("dimensions", std::vector{1, 2, 4, 8}, between(1, 12), "dimensions d");
  const auto& scale = program.option("scale", 1.5, between(1., 2.), "scale s of weights and biases");
  const auto& points =
      program.option("points", 2000, between(1024, 8000), "training points, and as many test points");
  const auto& draws = program.samples(16, 4, 3);
  program.figure(
      "random_errors",
      "The test error of the best output weights over random layers. On a line 32 neurons come near the "
      "limits of double precision; in eight dimensions 512 gain less than a decade on eight.");
  program.figure(
      "random_waves",
      "How many of the 256 lowest waves a layer that stays can represent, counted by squared lengths: never "
      "more than it has neurons (dashed). Directions below $10^{-12}$ of the largest do not count; d = 2 "
      "lies under d = 4.");
  program.claims([&](Claims& claims) { declare(claims, dimensions); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Layers in each dimension
    std::vector<Averages> averages;
    for (const int d : dimensions) {
      averages.push_back(sample(report, {d, scale, points, report.seed()}, draws));
      compare(report, d, averages.back());
    }

    // 2. Draw
    report.draw("random_errors", [&] { return Figure{{errors_panel(dimensions, averages)}}; });
    report.draw("random_waves", [&] { return Figure{{waves_panel(dimensions, averages)}}; });
  });
}

// ## What we found
//
// With 32 random neurons on a line the logarithm of the error is @value one-dimension; with 512 neurons in eight dimensions it is @value eight-dimensions.
//
// @figure random_errors
//
// Smoothness is what makes one dimension easy: the singular values of tanh features fall exponentially, and few directions are enough for a Gaussian. The same
// smoothness makes most waves invisible in double precision: on a line 128 neurons span little more than thirty directions above the cut-off of $10^{-12}$, and leave 256 waves a mean squared distance of @value waves-1d-128, where the bound is
// @predicted waves-1d-128.
//
// @figure random_waves
//
// A network that is trained with a frozen kernel, [as very wide ones are](../dynamics/exactly_solvable.cpp), is of this kind: it has the features that initialisation gave it.
//
// @claims
//
// ## What can go wrong
//
// The matrix of features is singular to working precision. Normal equations square its condition and stop at an error of $10^{-7}$; a cut-off that is too large stops
// earlier still. Without any cut-off output weights explode, and with them rounding.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. How many waves of frequency $|k|\le K$ are there for large $K$ in $d$ dimensions?
// 2. Which law of $w$ and $b$ would you choose for a target that oscillates ten times? Is there one for all targets?
// 3. Draw the neurons from [Barron's law](barron.cpp) and fit the output weights all the same. What is gained?
