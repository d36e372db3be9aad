// # Is there a curse of dimension?
//
// Lecture §2.1 · after steps_and_rates · about 1 s on two cores
//
// **Question.** Steps on a line follow a function with an error $1/N$. What becomes of the rate in the plane, and in eight dimensions?
//
// ## The model
//
// Two ways to build a staircase over the cube $[0,1]^d$. A **tower** has two hidden layers: the first cuts every axis into $M$ parts, and each of the $N=M^d$
// neurons of the second is on in one cell, where the output is the value of $f$ at the centre. A **ridge** network has one hidden layer,
// $$ f_N(x)=b+\sum_{i=1}^N a_i\,H(w_i\cdot x-t_i), $$
// and each of its neurons varies in one direction only, $w_i$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/networks/staircase.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::Index;
using std::numbers::pi;

namespace {

// ## What theory says: the plane
//
// The error of a tower is that of a cell. For $f=\sin\pi x\cos\pi y$ and even $M$ it is $\tfrac12\sin(\pi/M)$, attained at $x=0$: it falls with $1/M=N^{-1/2}$. But
// this $f$ is a sum of two ridges,
// $$ f=\tfrac12\bigl[\sin\pi s+\sin\pi t\bigr],\qquad s=x+y,\quad t=x-y, $$
// each of variation $V=4$. With $n=N/2$ [steps of equal variation](steps_and_rates.cpp) for each, both are off by $V/2(n+1)$ at most, and together
// $$ \sup|f-f_N|=\frac12\cdot2\cdot\frac4{2(n+1)}=\frac4{N+2}. $$
const std::vector<int> ridge_steps{2, 7, 31, 63, 127};
const std::vector<int> tower_sizes{4, 8, 16, 32};

double predicted_tower_error(double size) { return std::sin(pi / size) / 2; }
double predicted_ridge_error(double width) { return 4 / (width + 2); }

double wave(double x, double y) { return std::sin(pi * x) * std::cos(pi * y); }
double plane(double x, double y) { return x + y; }
double ridge(double z) { return std::sin(pi * z); }

// ## What theory says: many dimensions
//
// A plane wave along the diagonal with a random phase, $f=\sqrt2\cos(k\cdot x+\theta)$, $k=\omega(1,\dots,1)/\sqrt d$, is the same function in every dimension.
// For a displacement $u$ from the centre of a cell, the average over the phase is $\langle(f(x)-f(x-u))^2\rangle=2(1-\cos k\cdot u)$, and a uniform point in a cell makes the
// components of $u$ independent and uniform. So the mean square error over the cube is exactly
// $$ \text{tower:}\quad 2\Bigl[1-\operatorname{sinc}^d\frac{\omega}{2M\sqrt d}\Bigr]\simeq\frac{\omega^2}{12}N^{-2/d},\qquad\quad
//    \text{ridge:}\quad 2\Bigl[1-\operatorname{sinc}\frac{\omega\sqrt d}{2N}\Bigr]\simeq\frac{\omega^2d}{12N^2}, $$
// with $\operatorname{sinc}z=\sin z/z$. The ridge network has $N$ parallel steps, a distance $\omega\sqrt d/N$ in $k\cdot x$ apart from a random offset on. In
// $d$ dimensions the tower pays for the power of seeing *any* function: $N^{-1/d}$.
struct Wave {
  int dimension;
  double frequency;
};

double sinc(double z) { return std::sin(z) / z; }

double predicted_tower_square(const Wave& f, double size) {
  const double root = std::sqrt(f.dimension);
  return 2 * (1 - std::pow(sinc(f.frequency / (2 * size * root)), f.dimension));
}

double predicted_ridge_square(const Wave& f, double width) {
  return 2 * (1 - sinc(f.frequency * std::sqrt(f.dimension) / (2 * width)));
}

// ## What networks do: the plane
//
// The worst of a tower is looked for in every closed cell on nine by nine points, corners included. The worst of a ridge network is a pair of one-sided
// limits, each at a knot, wherever the two lines cross inside the square.
double largest_tower_error(double (*f)(double, double), int size) {
  double worst = 0;
  for (int i = 0; i < size; ++i)
    for (int j = 0; j < size; ++j)
      for (int p = 0; p <= 8; ++p)
        for (int q = 0; q <= 8; ++q)
          worst = std::max(worst, std::abs(f((i + p / 8.) / size, (j + q / 8.) / size) -
                                           f((i + 0.5) / size, (j + 0.5) / size)));
  return worst;
}

struct RidgeNetwork {
  explicit RidgeNetwork(int steps)
      : sum{steps_of_equal_variation(ridge, {0, 0.5, 1.5, 2}, static_cast<std::size_t>(steps))},
        difference{steps_of_equal_variation(ridge, {-1, -0.5, 0.5, 1}, static_cast<std::size_t>(steps))} {}

  double operator()(double x, double y) const { return (sum(x + y) + difference(x - y)) / 2; }

  Staircase sum, difference;
};

using ErrorAt = std::pair<double, double>;  // of a ridge, on one side of a knot
std::vector<ErrorAt> errors_at_knots(const Staircase& steps) {
  std::vector<ErrorAt> errors;
  for (std::size_t i = 0; i < steps.width(); ++i) {
    const double z = steps.knots[i];
    errors.emplace_back(z, ridge(z) - steps.values[i]);
    errors.emplace_back(z, ridge(z) - steps.values[i + 1]);
  }
  return errors;
}

double largest_ridge_error(const RidgeNetwork& network) {
  double worst = 0;
  for (const auto& [s, along] : errors_at_knots(network.sum))
    for (const auto& [t, across] : errors_at_knots(network.difference))
      if (std::abs(t) <= std::min(s, 2 - s)) worst = std::max(worst, std::abs(along + across) / 2);
  return worst;
}

// ## What networks do: many dimensions
//
// A tower with $4^8$ neurons need not be stored: its output at a point is the value of $f$ at the centre of one cell.
constexpr double largest_tower = 65536;
const std::vector<int> ridge_widths{4, 16, 64, 256, 1024};

std::vector<int> sizes_of_towers(int dimension) {
  std::vector<int> sizes;
  for (int size = 2; size <= 32 && std::pow(size, dimension) <= largest_tower; size *= 2)
    sizes.push_back(size);
  return sizes;
}

// The squared errors of all networks at one point; `random` holds the point, the phase and the offset of the ridge's knots.
Eigen::VectorXd squared_errors(const Wave& f, std::span<const double> random) {
  const auto d = static_cast<std::size_t>(f.dimension);
  const Eigen::ArrayXd x = Eigen::Map<const Eigen::ArrayXd>{random.data(), f.dimension};
  const double per_length = f.frequency / std::sqrt(f.dimension), phase = 2 * pi * random[d];
  const auto square = [&](double z) {
    const double error = std::numbers::sqrt2 * (std::cos(per_length * x.sum() + phase) - std::cos(z + phase));
    return error * error;
  };
  const std::vector<int> sizes = sizes_of_towers(f.dimension);
  Eigen::VectorXd squares(static_cast<Index>(sizes.size() + ridge_widths.size()));
  Index entry = 0;
  for (const int size : sizes)
    squares[entry++] = square(per_length * ((x * size).floor() + 0.5).sum() / size);
  for (const int width : ridge_widths) {
    const double cell = f.frequency * std::sqrt(f.dimension) / width;
    squares[entry++] =
        square((std::floor(per_length * x.sum() / cell - random[d + 1]) + 0.5 + random[d + 1]) * cell);
  }
  return squares;
}

// A draw is a batch of points, so that the averages over batches, not over points, are kept.
constexpr int points_of_a_draw = 100;

std::vector<Averages> sample_errors(Report& report, const Wave& f, std::int64_t draws) {
  const Stream uniform{report.seed(), fmt::format("points, d = {}", f.dimension)};
  const auto numbers = static_cast<std::size_t>(f.dimension) + 2;
  const auto observables = static_cast<Index>(sizes_of_towers(f.dimension).size() + ridge_widths.size());
  return sample_draws(report, fmt::format("points in {} dimensions", f.dimension), draws,
                      Averages{observables}, [&](std::uint64_t draw, Averages& averages) {
                        std::vector<double> random(numbers * points_of_a_draw);
                        uniform.uniforms(draw, random);
                        Eigen::VectorXd mean = Eigen::VectorXd::Zero(observables);
                        for (std::size_t p = 0; p < points_of_a_draw; ++p)
                          mean += squared_errors(f, std::span{random}.subspan(p * numbers, numbers));
                        averages.add(mean / points_of_a_draw);
                      });
}

// ## The claims
//
// A rate is that of small cells. In $\theta=\omega^2/24M^2$ the mean square error of a tower is $2(1-e^{-\theta})=2\theta(1-\theta/2+\dots)$ but for $O(1/d)$, so
// between $M=2$ and $M=4$ its exponent is too small by about $3\%$ at $\omega=\pi$, and by a share that grows with $\omega^2$.
double tolerated_share(double frequency) { return 0.05 * std::max(1., std::pow(frequency / pi, 2)); }

void declare(Claims& claims, const std::vector<int>& dimensions, double frequency) {
  for (const int n : ridge_steps)
    claims.exact(fmt::format("ridges-{}", 2 * n), "UA5",
                 fmt::format("ridges in the plane, $N={}$: the error is $4/(N+2)$", 2 * n), absolute(1e-9));
  for (const int m : tower_sizes) {
    claims.exact(fmt::format("tower-{}", m), "UA6",
                 fmt::format("tower in the plane, $M={}$: $M\\sup|f-f_N|$ is $\\frac M2\\sin(\\pi/M)$", m),
                 absolute(1e-6));
    claims.exact(fmt::format("tower-sum-{}", m), "UA6",
                 fmt::format("tower for $x+y$, $M={}$: $M\\sup|f-f_N|$", m), absolute(1e-6));
  }
  for (const int d : dimensions) {
    for (const int m : sizes_of_towers(d)) {
      Claim& claim = claims.statistical(fmt::format("tower-{}d-{}", d, m), "UA6",
                                        fmt::format("tower, $d={}$, $M={}$: the mean square error", d, m));
      if (m == 2) claim.independent();
    }
    claims.scaling(
        fmt::format("tower-rate-{}d", d), "UA6",
        fmt::format("tower, $d={}$: the RMS error falls with $N^{{-1/d}}$, to {:.0f}% of the exponent", d,
                    100 * tolerated_share(frequency)),
        tolerated_share(frequency) / d);
    for (const int n : ridge_widths)
      claims.statistical(fmt::format("ridge-{}d-{}", d, n), "UA5",
                         fmt::format("ridge, $d={}$, $N={}$: the mean square error", d, n));
    claims.scaling(fmt::format("ridge-rate-{}d", d), "UA5",
                   fmt::format("ridge, $d={}$: the RMS error falls with $N^{{-1}}$", d), 0.05);
  }
}

// ## The experiment, step by step
void compare_plane(Report& report) {
  for (const int n : ridge_steps)
    report.compare(fmt::format("ridges-{}", 2 * n), predicted_ridge_error(2 * n),
                   largest_ridge_error(RidgeNetwork{n}));
  for (const int m : tower_sizes) {
    report.compare(fmt::format("tower-{}", m), m * predicted_tower_error(m),
                   m * largest_tower_error(wave, m));
    report.compare(fmt::format("tower-sum-{}", m), 1, m * largest_tower_error(plane, m));
  }
}

// The exponent of the RMS error is half of that of its square.
double exponent(const std::vector<double>& widths, const Averages& averages, Index first) {
  std::vector<Estimate> squares;
  for (std::size_t i = 0; i < widths.size(); ++i)
    squares.push_back(averages.mean(first + static_cast<Index>(i)));
  return fit_power_law(widths, squares).parameters[1] / 2;
}

void compare_wave(Report& report, const Wave& f, const std::vector<Averages>& blocks) {
  const int d = f.dimension;
  const Averages averages = merged(blocks);
  std::vector<double> towers, ridges{ridge_widths.begin(), ridge_widths.end()};
  Index entry = 0;
  for (const int m : sizes_of_towers(d)) {
    towers.push_back(std::pow(m, d));
    report.compare(fmt::format("tower-{}d-{}", d, m), predicted_tower_square(f, m), averages.mean(entry++));
  }
  const Index first_ridge = entry;
  for (const int n : ridge_widths)
    report.compare(fmt::format("ridge-{}d-{}", d, n), predicted_ridge_square(f, n), averages.mean(entry++));
  report.compare(fmt::format("tower-rate-{}d", d), -1. / d,
                 jackknife(blocks, [&](const Averages& some) { return exponent(towers, some, 0); }));
  report.compare(fmt::format("ridge-rate-{}d", d), -1, jackknife(blocks, [&](const Averages& some) {
                   return exponent(ridges, some, first_ridge);
                 }));
}

// ## The figures
Figure maps() {
  const auto centre = [](double u) { return (std::floor(8 * u) + 0.5) / 8; };
  const auto tower = [&](double x, double y) { return wave(centre(x), centre(y)); };
  return {{map_of("sin πx_1 cos πx_2", 0, 1, wave), map_of("tower of 64", 0, 1, tower),
           map_of("64 ridges", 0, 1, RidgeNetwork{32})},
          3,
          320,
          300};
}

Panel curse(const std::vector<Wave>& waves, const std::vector<Averages>& averages) {
  Panel panel;
  panel.x_axis({"neurons N", true, 1.5, 1e5}).y_axis({"RMS error", true, 3e-4, 4}).legend("bottom left");
  for (std::size_t w = 0; w < waves.size(); ++w) {
    const Wave& f = waves[w];
    std::vector<double> neurons, tower, ridge;
    std::vector<Estimate> of_towers, of_ridges;
    Index entry = 0;
    for (const int m : sizes_of_towers(f.dimension)) {
      neurons.push_back(std::pow(m, f.dimension));
      tower.push_back(std::sqrt(predicted_tower_square(f, m)));
      of_towers.push_back(averages[w].mean(entry++).root());
    }
    for (const int n : ridge_widths) {
      ridge.push_back(std::sqrt(predicted_ridge_square(f, n)));
      of_ridges.push_back(averages[w].mean(entry++).root());
    }
    const int colour = static_cast<int>(w);
    panel.line(colour, fmt::format("tower, d = {}", f.dimension), neurons, tower);
    draw_estimates(panel, colour, "", neurons, of_towers);
    if (w + 1 < waves.size()) continue;
    const std::vector<double> widths{ridge_widths.begin(), ridge_widths.end()};
    panel.line(6, fmt::format("ridge, d = {}", f.dimension), widths, ridge);
    draw_estimates(panel, 6, "", widths, of_ridges);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/ridges_and_towers", "2.1", "Is there a curse of dimension?"};
  const auto& dimensions = program.list("dimensions", std::vector{1, 2, 4, 8}, between(1, 8), "dimensions d");
  const auto& frequency = program.option("frequency", pi, between(0.5, 6.), "frequency ω of the plane wave");
  const auto& draws = program.samples(4000, 1000, 128);
  program.figure(
      "ridges_maps",
      "A function and two networks with 64 neurons in the layer that matters. The tower paints its "
      "cells one by one; the ridges cross, and 64 of them cut the square into hundreds of pieces.");
  program.figure(
      "ridges_curse",
      "The RMS error of a plane wave along the diagonal, the same function in every dimension. Towers "
      "fall with $N^{-1/d}$; ridges, which know the direction, with $N^{-1}$ in any (drawn for the last "
      "one).");
  program.claims([&](Claims& claims) { declare(claims, dimensions, frequency); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. The plane: the worst case
    compare_plane(report);

    // 2. Many dimensions: the mean
    std::vector<Wave> waves;
    std::vector<Averages> averages;
    for (const int d : dimensions) {
      waves.push_back({d, frequency});
      const std::vector<Averages> blocks = sample_errors(report, waves.back(), draws);
      compare_wave(report, waves.back(), blocks);
      averages.push_back(merged(blocks));
    }

    // 3. Draw
    report.draw("ridges_maps", maps);
    report.draw("ridges_curse", [&] { return Figure{{curse(waves, averages)}}; });
  });
}

// ## What we found
//
// With 126 neurons, ridges in the plane have an error of @value ridges-126; a tower needs a thousand cells for $M\sup|f-f_N|=$ @value tower-32, an error one and a half times as
// large.
//
// @figure ridges_maps
//
// In eight dimensions the tower of 256 cells has a mean square error of @value tower-8d-2, and the one of 65536 of @value tower-8d-4: the exponent is
// @value tower-rate-8d. For ridges it is @value ridge-rate-8d.
//
// @figure ridges_curse
//
// The curse belongs to the class of functions and not to networks alone: *any* method needs $\epsilon^{-d}$ numbers to describe a Lipschitz function of $d$ variables up to
// $\epsilon$. A function that is known to be a sum of few ridges takes far fewer. What decides is whether a network can use such knowledge.
//
// @claims
//
// ## What can go wrong
//
// We gave the ridge network its directions. A rotation of the wave changes nothing for ridges that rotate with it, and a tower does not care; but ridges in wrong
// directions are as lost as the tower. And counting neurons flatters the tower: $M^d$ neurons need $2d$ wires each.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Into how many pieces do $n$ and $n$ lines in two directions cut the square, and how many cells has a tower of as many neurons?
// 2. Why is the largest error of the ridge network attained in the square, and not only bounded?
// 3. Which directions would you give to ridges for $f=x_1x_2\cdots x_d$? How many are needed? (Polarisation.)
