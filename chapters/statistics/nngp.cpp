// # Which Gaussian process is a wide network?
//
// Lecture §3.1 · after dual_activations · about 5 s on two cores
//
// **Question.** At infinite width a network at initialisation is a Gaussian process, fixed by its two-point function.
// What is this function for a given activation and depth, and how far from it is a network of finite width?
//
// ## The model
//
// A fully connected network of depth $L$ acts on $x \in \mathbb R^d$ by
// $$ z^1 = W^1 x + b^1, \qquad z^{l+1} = W^{l+1}\sigma(z^l) + b^{l+1}, \qquad l = 1, \dots, L, $$
// with $W^1_{ij} \sim \mathcal N(0, \sigma_w^2/d)$, all other weights $\mathcal N(0, \sigma_w^2/N)$ and all biases
// $\mathcal N(0, \sigma_b^2)$. The output $\phi$ is one component of $z^{L+1}$, its bias included. Three points in three
// dimensions are enough to see everything.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/kernels/nngp.hpp>
#include <fieldbook/networks/fully_connected.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>

using namespace fieldbook;

namespace {

Eigen::MatrixXd three_points() {
  Eigen::MatrixXd x(3, 3);
  x << 1, 0, 0, 0.6, 0.8, 0, -0.3, 0.5, 1;
  return x;
}

// ## What theory says
//
// Given the layers before, the components of $z^{l+1}$ are independent Gaussians whose covariance is the Gram matrix
// $$ G^{l+1}_{ab} = \sigma_b^2 + \frac{\sigma_w^2}{N}\sum_{k=1}^N \sigma(z^l_k(x_a))\,\sigma(z^l_k(x_b)). $$
// As $N\to\infty$ the sum becomes an average, $G$ stops fluctuating, and the kernel obeys the recursion
// $$ K^{l+1}_{ab} = \sigma_b^2 + \sigma_w^2\,\langle\sigma(u)\sigma(v)\rangle, \qquad
//    (u,v)\sim\mathcal N\!\left(0, \begin{pmatrix}K^l_{aa} & K^l_{ab}\\ K^l_{ab} & K^l_{bb}\end{pmatrix}\right). $$
// The Gaussian average is the [dual activation](dual_activations.cpp).
//
// At finite width, one hidden layer is special: $\langle G^2\rangle = K^2$ exactly (the superscript counts layers), since $G^2$ is an average of
// independent neurons. From the second hidden layer on, a nonlinear recursion acts on a fluctuating $G$, and a shift of
// order $1/N$ appears. With $F(K)=\sigma_w^2\langle\sigma^2\rangle_K+\sigma_b^2$, on the diagonal,
// $$ \langle G\rangle = K + \frac{\delta}{N} + O(N^{-2}), \qquad \delta' = F'\delta + \tfrac12F''V, \qquad
//    V' = \sigma_w^4\bigl(\langle\sigma^4\rangle-\langle\sigma^2\rangle^2\bigr)_K + F'^2 V. $$
// For a ReLU $F$ is linear, so its diagonal is exact at every width and depth; nothing protects its off-diagonal.
bool has_exact_diagonal(Activation activation) {
  return activation == Activation::relu || activation == Activation::abs;
}

// ## What networks do
//
// Sampling $N\times N$ weight matrices would be a waste: given $G^l$, the $N$ rows of $z^l$ are independent
// $\mathcal N(0, G^l)$, so a chain of small Gram matrices is an exact sample of the network, and averaging $G^{L+1}$ over
// networks already does the average over the last layer. From every chain we keep $G_{00}$ and $G_{01}$ after each layer.
struct Setting {
  DeepLaw law;
  int depth;
  std::uint64_t seed;
};

Averages sample_chains(Report& report, const Setting& setting, int width, std::int64_t draws,
                       const char* purpose) {
  const std::string label =
      fmt::format("{}: {} chains of width {}", purpose, name(setting.law.activation), width);
  const auto& law = setting.law;
  return merged(
      sample_blocks(report, label, draws, Averages{2 * setting.depth}, [&](Block block, Averages& averages) {
        GramChain chain{law.activation,    width,         law.weight_variance,
                        law.bias_variance, setting.depth, input_kernel(law, three_points()),
                        setting.seed,      label};
        Eigen::VectorXd observed(2 * setting.depth);
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          Eigen::Index i = 0;
          for (const auto& gram : chain.sample(draw)) {
            observed[i++] = gram(0, 0);
            observed[i++] = gram(0, 1);
          }
          averages.add(observed);
        }
      }));
}

Estimate diagonal(const Averages& averages, int layers) { return averages.mean(2 * (layers - 1)); }
Estimate off_diagonal(const Averages& averages, int layers) { return averages.mean(2 * (layers - 1) + 1); }

// That the chain is exact is a claim, too. Networks with explicit weight matrices must give the same mean and the same
// variance of $G_{00}$ after two hidden layers.
CentralMoments explicit_networks(Report& report, const Setting& setting, int width, std::int64_t draws) {
  const auto& law = setting.law;
  const std::string label = fmt::format("{} networks with explicit weights", name(law.activation));
  const Eigen::MatrixXf x = three_points().row(0).transpose().cast<float>();
  return merged(
      sample_blocks(report, label, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        FullyConnected network{law.activation, 3,    width, 2, law.weight_variance, law.bias_variance,
                               setting.seed,   label};
        std::vector<double> grams;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw)
          grams.push_back(law.bias_variance + law.weight_variance / width *
                                                  network.features(draw, x).cast<double>().squaredNorm());
        moments.add(grams);
      }));
}

CentralMoments gram_chains(Report& report, const Setting& setting, int width, std::int64_t draws) {
  const auto& law = setting.law;
  const std::string label = fmt::format("{} chains to compare with explicit weights", name(law.activation));
  return merged(
      sample_blocks(report, label, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        GramChain chain{law.activation,    width, law.weight_variance,
                        law.bias_variance, 2,     input_kernel(law, three_points().topRows(1)),
                        setting.seed,      label};
        std::vector<double> grams;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw)
          grams.push_back(chain.sample(draw).back()(0, 0));
        moments.add(grams);
      }));
}

// ## The claims
std::string id(const std::string& what, Activation activation, int layers, int width = 0) {
  return fmt::format("{}-{}-depth-{}{}", what, name(activation), layers,
                     width > 0 ? fmt::format("-width-{}", width) : "");
}

const std::vector<int> narrow_widths{4, 16};
void declare(Claims& claims, Activation activation, int depth) {
  const std::string which = name(activation);
  for (const int width : narrow_widths)
    claims
        .statistical(
            id("kernel", activation, 1, width), "NN-2",
            fmt::format("with one hidden layer of width {}, $\\langle G_{{01}}\\rangle$ of {} networks is "
                        "$K_{{01}}$",
                        width, which))
        .independent();
  if (has_exact_diagonal(activation))
    for (int layers = 1; layers <= depth; ++layers)
      for (const int width : narrow_widths)
        claims.statistical(
            id("diagonal", activation, layers, width), "NN-3",
            fmt::format("$\\langle G_{{00}}\\rangle$ of {} networks, depth {}, width {}, is $K_{{00}}$",
                        which, layers, width));
  else
    for (int layers = 1; layers <= depth; ++layers) {
      claims.statistical(
          id("limit-diagonal", activation, layers), "NN-4",
          fmt::format("$\\langle G_{{00}}\\rangle$ of {} networks, depth {}, tends to $K_{{00}}$", which,
                      layers));
      if (layers > 1)
        claims.statistical(
            id("shift-diagonal", activation, layers), "NN-4",
            fmt::format("the coefficient of $1/N$ of {} networks, depth {}, is $\\delta$", which, layers));
    }
  for (int layers = 2; layers <= depth; ++layers)
    claims.statistical(
        id("limit", activation, layers), "NN-5",
        fmt::format("$\\langle G_{{01}}\\rangle$ of {} networks, depth {}, tends to $K_{{01}}$", which,
                    layers));
  for (const char* quantity : {"mean", "variance"})
    claims.statistical(
        fmt::format("explicit-{}-{}", quantity, which), "NN-6",
        fmt::format("explicit weights and Gram chains of {} networks give the same {} of $G_{{00}}$", which,
                    quantity));
}

// ## The experiment, step by step
void compare_narrow(Report& report, const Setting& setting, std::int64_t draws) {
  const Activation activation = setting.law.activation;
  for (const int width : narrow_widths) {
    const Averages averages = sample_chains(report, setting, width, draws, "narrow");
    const auto kernel = [&](int layers) { return nngp_kernel(setting.law, layers, three_points()); };
    report.compare(id("kernel", activation, 1, width), kernel(1)(0, 1), off_diagonal(averages, 1));
    if (has_exact_diagonal(activation))
      for (int layers = 1; layers <= setting.depth; ++layers)
        report.compare(id("diagonal", activation, layers, width), kernel(layers)(0, 0),
                       diagonal(averages, layers));
  }
}

// Beyond one hidden layer the limit is reached by extrapolation: a fit of $K + d/N + e/N^2$ to several widths, whose
// first two coefficients are both predicted.
using AveragesByWidth = std::map<int, Averages>;

Fit extrapolate(const AveragesByWidth& averages, int layers, Estimate (*observable)(const Averages&, int)) {
  std::vector<double> widths;
  std::vector<Estimate> data;
  for (const auto& [width, sampled] : averages) {
    widths.push_back(width);
    data.push_back(observable(sampled, layers));
  }
  return fit_inverse_powers(widths, data, 2);
}

void compare_limits(Report& report, const Setting& setting, const AveragesByWidth& averages) {
  const Activation activation = setting.law.activation;
  const double first = input_kernel(setting.law, three_points())(0, 0);
  for (int layers = 1; layers <= setting.depth; ++layers) {
    if (layers > 1)
      report.compare(id("limit", activation, layers), nngp_kernel(setting.law, layers, three_points())(0, 1),
                     extrapolate(averages, layers, off_diagonal)[0]);
    if (has_exact_diagonal(activation)) continue;
    const WidthExpansion predicted = width_expansion(setting.law, layers, first);
    const Fit fit = extrapolate(averages, layers, diagonal);
    report.compare(id("limit-diagonal", activation, layers), predicted.kernel, fit[0]);
    if (layers > 1) report.compare(id("shift-diagonal", activation, layers), predicted.mean_shift, fit[1]);
  }
}

void compare_explicit(Report& report, const Setting& setting, std::int64_t draws) {
  const std::string which = name(setting.law.activation);
  const CentralMoments chains = gram_chains(report, setting, 8, draws);
  const CentralMoments networks = explicit_networks(report, setting, 8, draws);
  report.compare("explicit-mean-" + which, mean_estimate(chains), mean_estimate(networks));
  report.compare("explicit-variance-" + which, variance_estimate(chains), variance_estimate(networks));
}

// ## The figures
Figure path_figure(Report& report) {
  std::vector<double> x;
  for (int i = -60; i <= 60; ++i) x.push_back(i / 20.);
  Figure figure{{}, 2, 460, 300};
  for (const Activation activation : {Activation::relu, Activation::erf})
    for (const int width : {3, 1000}) {
      Panel panel{fmt::format("{}, N = {}", name(activation), width)};
      panel.x_axis({"x", false, -3, 3}).y_axis({"φ(x)"}).legend("off");
      OneHiddenLayer networks{activation, width, 4, 1, report.seed(), "paths"};
      for (int path = 0; path < 8; ++path)
        panel.line(path, fmt::format("network {}", path), x,
                   networks.outputs(static_cast<std::uint64_t>(path), x));
      figure.panels.push_back(panel);
    }
  return figure;
}

Panel depth_panel(const Setting& setting, const AveragesByWidth& averages) {
  Panel panel{name(setting.law.activation)};
  panel.x_axis({"1/N", false, 0, 0.13}).y_axis({"⟨G_{01}⟩"}).legend("center");
  for (int layers = 1; layers <= setting.depth; ++layers) {
    std::vector<double> x, y, error;
    for (const auto& [width, sampled] : averages) {
      const Estimate mean = off_diagonal(sampled, layers);
      x.push_back(1. / width);
      y.push_back(mean.value);
      error.push_back(mean.standard_error);
    }
    const double limit = nngp_kernel(setting.law, layers, three_points())(0, 1);
    panel.line(layers - 1, fmt::format("K_{{01}}, L = {}", layers), {0, 0.13}, {limit, limit});
    panel.points(layers - 1, "", x, y, error);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/nngp", "3.1", "Which Gaussian process is a wide network?"};
  const auto& activations =
      program.choices("activations", {"relu", "erf"},
                      {"relu", "erf", "abs", "step", "tanh", "sin", "cos", "gelu"}, "activations σ");
  const auto& weight_variance = program.option("weight-variance", 1.6, Range<double>{0, 4, true}, "σ_w²");
  const auto& bias_variance = program.option("bias-variance", 0.1, between(0., 4.), "σ_b²");
  const auto& depth = program.option("depth", 3, between(1, 3), "hidden layers L", "layers");
  const auto& widths = program.list("widths", std::vector{8, 16, 32, 64, 128}, between(8, 1024),
                                    "widths N of the extrapolation, at least four", "neurons");
  const auto& draws = program.samples(1000000, 150000, 10000);
  program.validate([&] {
    // With probability 2^-N all step neurons are silent, which no power of 1/N sees; a bias wakes them again
    if (bias_variance == 0 && std::find(activations.begin(), activations.end(), "step") != activations.end())
      throw BadOption{"bias-variance", "0", "more than 0 for step neurons, which may all be silent"};
    if (widths.size() < 4)
      throw BadOption{"widths", fmt::format("{} values", widths.size()), "at least four widths"};
  });

  program.figure(
      "nngp_paths",
      "Eight networks of each kind on the line. A narrow ReLU network has visible kinks, an erf "
      "network is smooth; at width 1000 both are Gaussian processes, and still differ in smoothness.");
  program.figure("nngp_depth",
                 "The mean Gram matrix against $1/N$, with the kernel of infinite width as lines. One hidden "
                 "layer is exact at every width; deeper networks approach their kernel linearly in $1/N$.");
  program.claims([&](Claims& claims) {
    for (const std::string& activation : activations) declare(claims, activation_of(activation), depth);
  });

  return program.run(argc, argv, [&](Report& report) {
    // 1. For each activation: narrow networks, the limit of infinite width, explicit weights
    Figure by_depth{{}, 2, 480, 420};
    for (const std::string& activation : activations) {
      const Setting setting{
          {activation_of(activation), weight_variance, bias_variance}, depth, report.seed()};
      compare_narrow(report, setting, draws);
      AveragesByWidth averages;
      for (const int width : widths)
        averages.emplace(width, sample_chains(report, setting, width, draws * 2 / 5, "wide"));
      compare_limits(report, setting, averages);
      compare_explicit(report, setting, draws / 5);
      by_depth.panels.push_back(depth_panel(setting, averages));
    }

    // 2. Draw
    report.draw("nngp_paths", path_figure(report));
    report.draw("nngp_depth", by_depth);
  });
}

// ## What we found
//
// With one hidden layer the kernel holds at width 4 already:
// $\langle G_{01}\rangle$ is @value kernel-erf-depth-1-width-4 for erf, where the process has
// @predicted kernel-erf-depth-1-width-4. What is Gaussian only at infinite width is the law, not the two-point function.
//
// @figure nngp_depth
//
// From the second hidden layer on, the two-point function itself moves. For erf the shift of the diagonal is $\delta/N$ with
// $\delta =$ @value shift-diagonal-erf-depth-3 at depth three, against @predicted shift-diagonal-erf-depth-3 from the theory of
// fluctuating Gram matrices; a claim that kernels are exact at every width would fail by many standard errors. The diagonal of
// a ReLU network is protected, since the recursion is linear there: @value diagonal-relu-depth-3-width-4 at width 4 and depth 3,
// against @predicted diagonal-relu-depth-3-width-4.
//
// @figure nngp_paths
//
// @claims
//
// ## What can go wrong
//
// A Gram matrix can be singular, because all neurons of a narrow ReLU network may be silent: its square root
// is taken with pivots and tolerates zeros. The extrapolation neglects $N^{-3}$; with more than $10^7$ draws, or narrower
// networks than eight, the fit would need another term.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which activations besides the ReLU have an exact diagonal at every width? Try `--activations abs`.
// 2. Change one factor of two in `next_kernel` and run this program again. Which claims fail, and which cannot notice?
