// # Into how many regions do neurons cut the plane?
//
// Lecture §2.1 · after sawteeth · about 1 s on two cores
//
// **Question.** On a line, $N$ ReLUs of one layer make $N+1$ pieces. How many are there in the plane, and how many of them can data inside a disc see?
//
// ## The model
//
// One layer of $N$ neurons $z_i(x)=w_i\cdot x+b_i$ on the plane, with $w_{ij}\sim\mathcal N(0,1)$ and $b_i\sim\mathcal N(0,\sigma_b^2)$. Each neuron is off on one side of the line
// $z_i=0$, and the network is linear in every region between the lines.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <set>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::Vector2d;
using Eigen::VectorXd;
using std::numbers::pi;

namespace {

// ## What theory says: all regions
//
// A new line crosses all old ones and cuts one region more than it crosses lines, so $N$ generic lines make
// $$ 1+N+\binom N2 $$
// regions. Without biases all lines run through the origin, and there are $2N$ only.
double predicted_regions(double n) { return 1 + n + n * (n - 1) / 2; }

// ## What theory says: regions in a disc
//
// The same argument inside a convex set: one region, one more for every line that hits it, one more for every crossing inside. A line hits the disc of radius $R$ if
// $b^2<R^2|w|^2$, and $|w|^2$ is exponential, so
// $$ P(\text{hit})=\bigl\langle e^{-b^2/2R^2}\bigr\rangle_b=\frac R{\sqrt{R^2+\sigma_b^2}}. $$
// Two lines cross with the density of Kac and Rice. At distance $r$ a neuron has the variance $q=r^2+\sigma_b^2$, and its gradient, given $z=0$, has the variances 1 and $\sigma_b^2/q$, hence
// $$ P(\text{crossing in the disc})=\int_0^R\frac1{2\pi q}\,\frac{\sigma_b}{\sqrt q}\;2\pi r\,dr=1-\frac{\sigma_b}{\sqrt{R^2+\sigma_b^2}}. $$
// The mean number of regions in the disc is $1+N\,P(\text{hit})+\binom N2P(\text{crossing})$, at every $N$.
struct Disc {
  double radius, bias_variance;
};

double predicted_hits(const Disc& disc, double n) {
  return n * disc.radius / std::sqrt(disc.radius * disc.radius + disc.bias_variance);
}

double predicted_crossings(const Disc& disc, double n) {
  const double outside = std::sqrt(disc.bias_variance / (disc.radius * disc.radius + disc.bias_variance));
  return n * (n - 1) / 2 * (1 - outside);
}

double predicted_regions(const Disc& disc, double n) {
  return 1 + predicted_hits(disc, n) + predicted_crossings(disc, n);
}

// ## What networks do
//
// Regions are told apart by which neurons are on. A region has a corner, where two lines cross, or a piece of the rim of the disc, so we go round all corners and along the rim and
// collect patterns: no formula of the above is used.
struct Layer {
  MatrixXd weights;
  VectorXd biases;

  Layer(std::uint64_t seed, std::uint64_t draw, int n, double bias_variance)
      : weights{gaussian_matrix({seed, fmt::format("weights of {}", n)}, draw, n, 2)},
        biases{std::sqrt(bias_variance) *
               gaussian_matrix({seed, fmt::format("biases of {}", n)}, draw, n, 1)} {}

  Index width() const { return biases.size(); }

  std::uint64_t pattern(const Vector2d& x) const {
    std::uint64_t on = 0;
    for (Index i = 0; i < width(); ++i)
      if (weights.row(i).dot(x) + biases[i] > 0) on |= std::uint64_t{1} << i;
    return on;
  }

  Vector2d crossing(Index a, Index b) const {
    const double det = weights(a, 0) * weights(b, 1) - weights(a, 1) * weights(b, 0);
    return Vector2d{biases[b] * weights(a, 1) - biases[a] * weights(b, 1),
                    biases[a] * weights(b, 0) - biases[b] * weights(a, 0)} /
           det;
  }
};

// What the disc contains; an infinite radius is the whole plane, where a rim is not needed.
struct Content {
  std::size_t regions;
  int hits, crossings;
};

Content look(const Layer& layer, double radius) {
  std::set<std::uint64_t> patterns;
  int crossings = 0;
  for (Index a = 0; a < layer.width(); ++a)
    for (Index b = a + 1; b < layer.width(); ++b) {
      const Vector2d corner = layer.crossing(a, b);
      if (corner.norm() > radius) continue;
      ++crossings;
      // The two neurons themselves are on or off in the four regions around the corner
      const std::uint64_t first = std::uint64_t{1} << a, second = std::uint64_t{1} << b;
      const std::uint64_t others = layer.pattern(corner) & ~first & ~second;
      patterns.insert({others, others | first, others | second, others | first | second});
    }
  if (std::isinf(radius)) return {patterns.size(), static_cast<int>(layer.width()), crossings};

  // A line hits the rim at the angle of its normal, plus and minus an arccosine
  std::vector<double> angles;
  for (Index i = 0; i < layer.width(); ++i) {
    const double cosine = -layer.biases[i] / (radius * layer.weights.row(i).norm());
    if (std::abs(cosine) >= 1) continue;
    const double normal = std::atan2(layer.weights(i, 1), layer.weights(i, 0));
    for (const double side : {-1., 1.})
      angles.push_back(std::remainder(normal + side * std::acos(cosine), 2 * pi));
  }
  std::sort(angles.begin(), angles.end());
  const std::size_t rim = angles.size();
  angles.push_back(angles.empty() ? pi : angles.front() + 2 * pi);
  for (std::size_t k = 0; k < std::max<std::size_t>(rim, 1); ++k) {
    const double middle = rim == 0 ? 0 : (angles[k] + angles[k + 1]) / 2;
    patterns.insert(layer.pattern(radius * Vector2d{std::cos(middle), std::sin(middle)}));
  }
  return {patterns.size(), static_cast<int>(rim / 2), crossings};
}

Averages sample(Report& report, const Disc& disc, int n, std::int64_t draws) {
  return merged(sample_draws(
      report, fmt::format("layers of {}", n), draws, Averages{3},
      [&](std::uint64_t draw, Averages& averages) {
        const Content found = look(Layer{report.seed(), draw, n, disc.bias_variance}, disc.radius);
        averages.add(Eigen::Vector3d{static_cast<double>(found.regions), static_cast<double>(found.hits),
                                     static_cast<double>(found.crossings)});
      }));
}

// Of lines through the origin each is crossed twice on the way round it:
std::size_t count_sectors(const Layer& layer) {
  std::vector<double> angles;
  for (Index i = 0; i < layer.width(); ++i)
    for (const double side : {1., -1.})
      angles.push_back(std::atan2(side * layer.weights(i, 0), -side * layer.weights(i, 1)));
  std::sort(angles.begin(), angles.end());
  angles.push_back(angles.front() + 2 * pi);
  std::set<std::uint64_t> patterns;
  for (std::size_t k = 0; k + 1 < angles.size(); ++k) {
    const double middle = (angles[k] + angles[k + 1]) / 2;
    patterns.insert(layer.pattern({std::cos(middle), std::sin(middle)}));
  }
  return patterns.size();
}

// ## The claims
void declare(Claims& claims, const std::vector<int>& neurons) {
  for (const int n : neurons) {
    claims.exact(fmt::format("regions-{}", n), "DS9",
                 fmt::format("$N={}$ lines in the whole plane: $1+N+\\binom N2$ regions", n), absolute(0));
    claims.exact(fmt::format("sectors-{}", n), "DS9", fmt::format("$N={}$ lines through 0: $2N$ regions", n),
                 absolute(0));
    claims
        .statistical(fmt::format("regions-in-disc-{}", n), "DS9",
                     fmt::format("$N={}$: mean number of regions in the disc", n))
        .independent();
    claims.statistical(fmt::format("hits-{}", n), "DS9",
                       fmt::format("$N={}$: mean number of lines that hit the disc", n));
    claims.statistical(fmt::format("crossings-{}", n), "DS9",
                       fmt::format("$N={}$: mean number of crossings in the disc", n));
  }
}

// ## The experiment, step by step
Estimate compare(Report& report, const Disc& disc, int n, std::int64_t draws) {
  // Without biases lines differ by their directions alone
  const Layer one{report.seed(), 0, n, 1}, bare{report.seed(), 0, n, 0};
  report.compare(fmt::format("regions-{}", n), predicted_regions(n),
                 static_cast<double>(look(one, std::numeric_limits<double>::infinity()).regions));
  report.compare(fmt::format("sectors-{}", n), 2 * n, static_cast<double>(count_sectors(bare)));
  const Averages found = sample(report, disc, n, draws);
  report.compare(fmt::format("regions-in-disc-{}", n), predicted_regions(disc, n), found.mean(0));
  report.compare(fmt::format("hits-{}", n), predicted_hits(disc, n), found.mean(1));
  report.compare(fmt::format("crossings-{}", n), predicted_crossings(disc, n), found.mean(2));
  return found.mean(0);
}

// ## The figures
Panel map_of_lines(std::uint64_t seed, double bias_variance) {
  const Layer layer{seed, 0, 24, bias_variance};
  return map_of(
      fmt::format("σ_b^2 = {}", bias_variance), -2, 2,
      [&](double x, double y) {
        return static_cast<double>(((layer.weights * Vector2d{x, y} + layer.biases).array() > 0).count());
      },
      96);
}

Panel regions_panel(const Disc& disc, const std::vector<int>& neurons,
                    const std::vector<Estimate>& measured) {
  const std::vector<double> at{neurons.begin(), neurons.end()};
  const double last = *std::max_element(at.begin(), at.end());
  std::vector<double> n, in_disc, all, bare;
  for (double k = 1; k <= last; ++k) {
    n.push_back(k);
    in_disc.push_back(predicted_regions(disc, k));
    all.push_back(predicted_regions(k));
    bare.push_back(2 * k);
  }
  Panel panel;
  panel.x_axis({"neurons N", false, 0, 1.05 * last})
      .y_axis({"regions"})
      .legend("top left")
      .guide("whole plane", n, all)
      .line(0, fmt::format("mean in the disc, R = {}", disc.radius), n, in_disc)
      .line(1, "without biases: 2N", n, bare);
  return draw_estimates(panel, 0, "", at, measured);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/lines_in_the_plane", "2.1",
                  "Into how many regions do neurons cut the plane?"};
  const auto& neurons = program.list("neurons", std::vector{2, 6, 12, 18, 24}, between(2, 40), "neurons N");
  const auto& radius = program.option("radius", 1.5, between(0.1, 10.), "radius R of the disc");
  const auto& bias_variance = program.option("bias-variance", 0.5, between(0.01, 4.), "σ_b²");
  const auto& draws = program.samples(10000, 2000, 200);
  program.figure(
      "lines_map",
      "How many of 24 neurons are on. Without biases all lines meet in the origin; with larger and larger "
      "biases they spread, and leave the square.");
  program.figure(
      "lines_regions",
      "Regions against neurons: quadratic with biases, in the plane (dashed) and in a disc (mean over random "
      "layers, points), linear without.");
  program.claims([&](Claims& claims) { declare(claims, neurons); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Count regions
    const Disc disc{radius, bias_variance};
    std::vector<Estimate> regions;
    for (const int n : neurons) regions.push_back(compare(report, disc, n, draws));

    // 2. Draw
    report.draw("lines_map", [&] {
      return Figure{
          {map_of_lines(report.seed(), 0), map_of_lines(report.seed(), 0.25), map_of_lines(report.seed(), 4)},
          3,
          320,
          300};
    });
    report.draw("lines_regions", [&] { return Figure{{regions_panel(disc, neurons, regions)}}; });
  });
}

// ## What we found
//
// Six lines make @value regions-6 regions, 24 lines @value regions-24, but a disc of about twice the size of the biases sees @value regions-in-disc-24 on average, from
// @value crossings-24 crossings. Without biases there are @value sectors-24.
//
// @figure lines_map
//
// @figure lines_regions
//
// In $d$ dimensions the largest number is $\sum_{k\le d}\binom Nk\propto N^d$: width buys pieces with a power that is fixed by the dimension of the input, and depth
// [multiplies](sawteeth.cpp). Random networks do [neither](zeros_of_random_networks.cpp) beyond their first layer.
//
// @claims
//
// ## What can go wrong
//
// Lines in special position, three through a point or two parallel, make fewer regions; random weights never do that, trained weights may. Which neurons are on is a name of a region
// in deep networks, too, if the neurons of all layers are written down; most of the $2^N$ patterns do not occur in either.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive $\sum_{k\le d}\binom Nk$ by adding one hyperplane at a time.
// 2. For which $\sigma_b$ does the disc see most regions? Why is it not the largest?
// 3. How does the number of regions in the disc change if weights have the variance $\sigma_w^2$?
