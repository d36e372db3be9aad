// # How many pieces does a random network have?
//
// Lecture §2.1 · after lines_in_the_plane · about 5 s on two cores
//
// **Question.** With the best weights, depth multiplies the pieces of a ReLU network, $n^L$ of them. How many has a network with random weights?
//
// ## The model
//
// A network of $L$ hidden layers of $n$ ReLUs each on the plane,
// $$ z^1=W^1x+b^1,\qquad z^{l+1}=W^{l+1}h^l+b^{l+1},\qquad h^l=\max(z^l,0), $$
// with $W^1_{ij}\sim\mathcal N(0,1)$, $W^{l}_{ij}\sim\mathcal N(0,2/n)$ and $b_i\sim\mathcal N(0,\sigma_b^2)$. We follow it along two paths: the **loop**
// $(1,0),(0,1),(-1,0),(0,-1)$ around the origin without biases, and the **segment** $(1,t)$, $|t|\le T$, with biases. The network bends where a neuron's
// $z_i^l$ has a zero, so pieces are counted by zeros.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/networks/relu_path.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;

namespace {

// ## What theory says: any width
//
// Given the layer before, $z(t)=w\cdot u(t)$ with a Gaussian vector $w\sim\mathcal N(0,1)$ and the curve $u=(\sqrt{2/n}\,h,\sigma_b)$. A random hyperplane cuts a curve on the unit
// sphere $1/\pi$ times per unit of its length (Crofton), hence
// $$ \langle\text{zeros of a neuron}\rangle=\frac1\pi\,\Bigl\langle\text{length of }\frac{u}{|u|}\Bigr\rangle $$
// exactly, at any width. In the first layer on the loop this is the circle, and each neuron has two zeros, as a line through the origin must.
//
// ## What theory says: infinite width
//
// For $n\to\infty$ the angle between $h(t)$ and $h(t+dt)$ is that between the inputs up to third order, because the dual activation of a ReLU maps the cosine $\cos\theta$ to
// $\cos\theta+O(\theta^3)$. So the curve keeps its length through all layers: **two zeros a neuron in every layer** of the loop, and $2nL$ pieces in all. They grow with the number
// of neurons, not with a power of it.
//
// With biases the covariances of $(z,z)$, $(z',z')$ and $(z,z')$ along the segment are $Q_l=1+t^2+l\sigma_b^2$, $S=1$ and $M=t$, and Kac and Rice count
// $$ \frac1\pi\int_{-T}^T\sqrt{\frac S{Q_l}-\frac{M^2}{Q_l^2}}\;dt=\frac2\pi\arctan\frac T{\sqrt{1+l\sigma_b^2}} $$
// zeros a neuron: depth moves zeros out of sight.
double predicted_zeros(int layer, double bias_variance, double half_length) {
  return 2 / pi * std::atan(half_length / std::sqrt(1 + layer * bias_variance));
}

double zeros_by_kac_rice(int layer, double bias_variance, double half_length) {
  const auto density = [&](double t) {
    const double q = 1 + t * t + layer * bias_variance;
    return std::sqrt(1 / q - (t / q) * (t / q)) / pi;
  };
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(density, -half_length, half_length, 10,
                                                                       1e-13);
}

// ## What networks do
struct Law {
  int width, depth;
  double bias_variance;
  std::uint64_t seed;

  // The weights and biases of layer l = 0, 1, ... of a network
  MatrixXd weights(std::uint64_t draw, int l) const {
    const Stream stream{seed, fmt::format("weights {} of width {}, σ_b² = {}", l, width, bias_variance)};
    return l == 0 ? gaussian_matrix(stream, draw, width, 2)
                  : std::sqrt(2. / width) * gaussian_matrix(stream, draw, width, width);
  }
  VectorXd biases(std::uint64_t draw, int l) const {
    const Stream stream{seed, fmt::format("biases {} of width {}, σ_b² = {}", l, width, bias_variance)};
    return std::sqrt(bias_variance) * gaussian_matrix(stream, draw, width, 1);
  }
};

MatrixXd loop() { return MatrixXd{{1, 0, -1, 0, 1}, {0, 1, 0, -1, 0}}; }
MatrixXd segment(double half_length) { return MatrixXd{{1, 1}, {-half_length, half_length}}; }

// Along the path every layer is known [exactly](../../common/fieldbook/networks/relu_path.hpp), piece by piece. A network gives, for each layer, the zeros per neuron, their difference to the
// length of the curve over $\pi$, and the share of neurons with two zeros. The neurons of a layer share their curve, so the network is the replicate.
Averages follow(Report& report, const char* name, const MatrixXd& corners, const Law& law,
                std::int64_t draws) {
  const auto add = [&](std::uint64_t draw, Averages& averages) {
    VectorXd observed(3 * law.depth);
    ReluPath path{corners};
    for (int l = 0; l < law.depth; ++l) {
      const double length =
          path.length_on_sphere(l == 0 ? 1 : std::sqrt(2. / law.width), std::sqrt(law.bias_variance));
      path.apply(law.weights(draw, l), law.biases(draw, l));
      const std::vector<int> zeros = path.rectify();
      double sum = 0;
      for (const int zero : zeros) sum += zero;
      observed[3 * l] = sum / law.width;
      observed[3 * l + 1] = sum / law.width - length / pi;
      observed[3 * l + 2] = static_cast<double>(std::count(zeros.begin(), zeros.end(), 2)) / law.width;
    }
    averages.add(observed);
  };
  return merged(sample_draws(report, fmt::format("{}, width {}", name, law.width), draws,
                             Averages{3 * law.depth}, add));
}

// ## The claims
constexpr int narrow = 16;
const std::vector<int> wider{32, 64, 128};
constexpr std::int64_t many = 10;  // networks for an error bar

// A limit of infinite width, seen at finite width: three per cent at 64 neurons and more, where the deepest layer needs 128
double share_at(int width) { return 0.03 * std::max(1., 64. / width); }

void declare(Claims& claims, const Law& law, double half_length) {
  claims.exact("two-zeros", "DS4", "loop, layer 1: the share of neurons with exactly two zeros", absolute(0));
  claims.exact("circle", "DS4", "loop, layer 1: zeros per neuron less length over $\\pi$", absolute(1e-12));
  for (int l = 1; l <= law.depth; ++l) {
    if (l > 1)
      claims.statistical(
          fmt::format("crofton-loop-{}", l), "DS5",
          fmt::format("loop, layer {}, $n={}$: zeros per neuron less length over $\\pi$", l, narrow));
    Claim& claim = claims.statistical(
        fmt::format("crofton-segment-{}", l), "DS5",
        fmt::format("segment, layer {}, $n={}$: zeros per neuron less length over $\\pi$", l, narrow));
    if (l == 1) claim.independent();
    claims.scaling(fmt::format("loop-{}", l), "DS6", fmt::format("loop, layer {}: zeros per neuron", l),
                   2 * share_at(law.width));
    const double predicted = predicted_zeros(l, law.bias_variance, half_length);
    const std::string id = fmt::format("segment-{}", l),
                      text = fmt::format("segment, layer {}: zeros per neuron", l);
    if (l == 1)
      claims.statistical(id, "DS7", text).independent();
    else
      claims.scaling(id, "DS7", text, predicted * share_at(law.width));
    claims.exact(
        fmt::format("kac-rice-{}", l), "DS7",
        fmt::format("layer {}: the formula of Kac and Rice, integrated, and the arctangent (no network)", l),
        relative(1e-10));
    claims.bound(fmt::format("pieces-{}", l), "DS8",
                 fmt::format("loop, $n={}$, depth {}: pieces below the bound $4(n+1)^L$", narrow, l),
                 Side::below);
  }
  claims.scaling("zeros-per-neuron", "DS8",
                 "loop, widths 16 to 128, all depths: zeros per neuron by a straight line", 0.05);
}

// ## The experiment, step by step
//
// All zeros up to depth $L$, for each $L$, from the averages by layer; errors are added as if layers moved together, which is the worst case.
std::vector<Estimate> pieces_by_depth(const Law& law, const Averages& averages) {
  std::vector<Estimate> pieces;
  Estimate sum;
  for (Index l = 0; l < law.depth; ++l) {
    const Estimate layer = averages.mean(3 * l).times(law.width);
    sum = {sum.value + layer.value, sum.standard_error + layer.standard_error};
    pieces.push_back(sum);
  }
  return pieces;
}

// The slope of a line through the origin is linear in the averages, with the covariance of the layers of a network:
Estimate zeros_per_neuron(const std::vector<Law>& laws, const std::vector<Averages>& averages) {
  double xy = 0, xx = 0, variance = 0;
  for (std::size_t w = 0; w < laws.size(); ++w) {
    const double n = laws[w].width;
    VectorXd weight = VectorXd::Zero(averages[w].means().size());
    for (int depth = 1; depth <= laws[w].depth; ++depth) {
      for (Index l = 0; l < depth; ++l) weight[3 * l] += n * n * depth;
      xx += n * n * depth * depth;
    }
    xy += weight.dot(averages[w].means());
    variance += weight.dot(averages[w].covariance() * weight) / static_cast<double>(averages[w].count());
  }
  return {xy / xx, std::sqrt(variance) / xx};
}

void compare_crofton(Report& report, int depth, const Averages& on_loop, const Averages& on_segment) {
  report.compare("two-zeros", 1, on_loop.mean(2).value);
  report.compare("circle", 0, on_loop.mean(1).value);
  for (int l = 1; l <= depth; ++l) {
    if (l > 1) report.compare(fmt::format("crofton-loop-{}", l), 0, on_loop.mean(3 * l - 2));
    report.compare(fmt::format("crofton-segment-{}", l), 0, on_segment.mean(3 * l - 2));
  }
}

void compare_wide(Report& report, const Law& law, double half_length, const Averages& on_loop,
                  const Averages& on_segment) {
  for (int l = 1; l <= law.depth; ++l) {
    const double predicted = predicted_zeros(l, law.bias_variance, half_length);
    report.compare(fmt::format("loop-{}", l), 2, on_loop.mean(3 * l - 3));
    report.compare(fmt::format("segment-{}", l), predicted, on_segment.mean(3 * l - 3));
    report.compare(fmt::format("kac-rice-{}", l), zeros_by_kac_rice(l, law.bias_variance, half_length),
                   predicted);
  }
}

// ## The figures
Panel map_of_neurons(const Law& law, int depth) {
  const auto on = [&](double x, double y) {
    VectorXd h = Eigen::Vector2d{x, y};
    double sum = 0;
    for (int l = 0; l < depth; ++l) {
      h = (law.weights(0, l) * h + law.biases(0, l)).cwiseMax(0).eval();
      sum += static_cast<double>((h.array() > 0).count());
    }
    return sum;
  };
  return map_of(fmt::format("L = {}", depth), -2, 2, on, 96);
}

Panel zeros_panel(const Law& law, double half_length, const Averages& on_loop, const Averages& on_segment) {
  std::vector<double> layers, predicted;
  std::vector<Estimate> loops, segments;
  for (int l = 1; l <= law.depth; ++l) {
    layers.push_back(l);
    predicted.push_back(predicted_zeros(l, law.bias_variance, half_length));
    loops.push_back(on_loop.mean(3 * l - 3));
    segments.push_back(on_segment.mean(3 * l - 3));
  }
  Panel panel;
  panel.x_axis({"layer l", false, 0.5, law.depth + 0.5})
      .y_axis({"zeros per neuron", false, 0, 2.4})
      .legend("center right")
      .line(0, "loop: 2", layers, std::vector<double>(layers.size(), 2))
      .line(1, "segment", layers, predicted);
  draw_estimates(panel, 0, "", layers, loops);
  return draw_estimates(panel, 1, "", layers, segments);
}

Panel pieces_panel(const std::vector<Law>& laws, const std::vector<Averages>& averages) {
  std::vector<double> layers, bound;
  Panel panel;
  const int depth = laws[0].depth;
  for (int l = 1; l <= depth; ++l) {
    layers.push_back(l);
    bound.push_back(4 * std::pow(narrow + 1, l));
  }
  panel.x_axis({"depth L", false, 0.5, depth + 0.5})
      .y_axis({"pieces on the loop", true, 10, 1e7})
      .legend("top left");
  panel.guide("at most, n = 16: 4(n+1)^L", layers, bound);
  for (std::size_t w = laws.size(); w-- > 0;) {
    std::vector<double> line;
    for (const double l : layers) line.push_back(2 * l * laws[w].width);
    const int colour = static_cast<int>(w);
    panel.line(colour, fmt::format("2nL, n = {}", laws[w].width), layers, line);
    draw_estimates(panel, colour, "", layers, pieces_by_depth(laws[w], averages[w]));
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/zeros_of_random_networks", "2.1",
                  "How many pieces does a random network have?"};
  const auto& width =
      program.option("width", 128, between(16, 128), "neurons n in a hidden layer", "neurons");
  const auto& depth = program.option("depth", 5, between(1, 6), "hidden layers L", "layers");
  const auto& bias_variance = program.option("bias-variance", 0.25, between(0.01, 4.), "σ_b² on the segment");
  const auto& half_length =
      program.option("half-length", 2., between(0.2, 20.), "half the length T of the segment");
  const auto& draws = program.samples(800, 150, 20);
  const auto law = [&](int n, double biases, std::uint64_t seed) { return Law{n, depth, biases, seed}; };
  program.figure("zeros_map",
                 "How many neurons of a random network are on, over a square, for one, two and four layers "
                 "of 16. Lines bend where they cross earlier lines.");
  program.figure("zeros_layers",
                 "Zeros per neuron. On a loop without biases every layer has two; with biases zeros move out "
                 "of the segment as layers are added. Lines: infinite width, below which "
                 "finite networks fall with depth.");
  program.figure("zeros_pieces",
                 "The pieces of random networks on the loop grow with the number of neurons, $2nL$. What "
                 "weights could do grows with its power (dashed).");
  program.claims([&](Claims& claims) { declare(claims, law(width, bias_variance, 0), half_length); });

  return program.run(argc, argv, [&](Report& report) {
    const MatrixXd around = loop(), through = segment(half_length);

    // 1. Any width: Crofton's formula in narrow networks
    std::vector<Law> laws{law(narrow, 0, report.seed())};
    std::vector<Averages> averages{follow(report, "loop", around, laws[0], 10 * draws)};
    const Law thin = law(narrow, bias_variance, report.seed());
    compare_crofton(report, depth, averages[0], follow(report, "thin segment", through, thin, 10 * draws));

    // 2. Wide networks, layer by layer
    const Law bare = law(width, 0, report.seed()), wide = law(width, bias_variance, report.seed());
    const Averages on_loop = follow(report, "layers on the loop", around, bare, draws);
    const Averages on_segment = follow(report, "segment", through, wide, draws);
    compare_wide(report, wide, half_length, on_loop, on_segment);

    // 3. All pieces: wider networks, fewer of them
    for (const int n : wider) {
      laws.push_back(law(n, 0, report.seed()));
      averages.push_back(follow(report, "loop", around, laws.back(), std::max(draws * 2560 / (n * n), many)));
    }
    const std::vector<Estimate> pieces = pieces_by_depth(laws[0], averages[0]);
    for (int l = 1; l <= depth; ++l)
      report.compare(fmt::format("pieces-{}", l), 4 * std::pow(narrow + 1, l),
                     pieces[static_cast<std::size_t>(l - 1)]);
    report.compare("zeros-per-neuron", 2, zeros_per_neuron(laws, averages));

    // 4. Draw
    report.draw("zeros_map", [&] {
      const Law mapped{narrow, 4, bias_variance, report.seed()};
      return Figure{
          {map_of_neurons(mapped, 1), map_of_neurons(mapped, 2), map_of_neurons(mapped, 4)}, 3, 320, 300};
    });
    report.draw("zeros_layers",
                [&] { return Figure{{zeros_panel(wide, half_length, on_loop, on_segment)}}; });
    report.draw("zeros_pieces", [&] { return Figure{{pieces_panel(laws, averages)}}; });
  });
}

// ## What we found
//
// In layer 5 a neuron has @value loop-5 zeros on the loop, in layer 1 exactly two; over all widths and depths a straight line gives @value zeros-per-neuron per neuron. A
// [sawtooth](sawteeth.cpp) of five layers of 16 neurons has a million pieces on a line, the random network @value pieces-5 around the origin.
//
// @figure zeros_map
//
// @figure zeros_layers
//
// With biases there are @value segment-1 zeros a neuron on the segment in the first layer and @value segment-5 in the fifth, a little less than the @predicted segment-5 of infinite width: every layer in
// between corrects by a share of order $1/n$. Scales grow from layer to layer, and
// with them the distance to the next zero.
//
// @figure zeros_pieces
//
// Depth *can* multiply pieces, and at initialisation it does not (Hanin and Rolnick 2019). Training starts from here.
//
// @claims
//
// ## What can go wrong
//
// Counting zeros on a grid misses pairs in narrow pieces, and the more the deeper. In networks of few neurons a whole layer may be dead on an arc: there the curve vanishes, has no direction and no length, and
// $0/0$ is one careless division away. The number of layers at a fixed width has a limit, too: fluctuations grow with $L/n$.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Prove Crofton's formula for an arc of a great circle. Why is that enough?
// 2. What is the number of zeros on a segment for $\sigma_b=0$, and why is it the same in every layer?
// 3. Which activations $\sigma$ have a dual with a slope other than one at $\theta=0$? What happens to zeros with depth there?
