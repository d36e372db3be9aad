// # Does a network of finite width realise the free massive scalar?
//
// Lecture §5 · the first program of the chapter · about 4 s on two cores
//
// **Question.** A free field is fixed by its propagator, $1/(p^2+m^2)$. Is there a network of finite width that has exactly this one,
// in one, two and three dimensions?
//
// ## The model
//
// A neuron is a plane wave with a random momentum $b$ from the ball $B_\Lambda$, a random phase and a random amplitude $s$,
// $$ F(x)=s\,\sqrt{2Z_\alpha}\,(b^2+m^2)^{\alpha/2}\cos(b\cdot x+c),\qquad
//    p_\alpha(b)=\frac{(b^2+m^2)^{-1-\alpha}}{(2\pi)^dZ_\alpha}, $$
// and $\phi(x)=N^{-1/2}\sum_{i=1}^NF_i(x)$. The exponent $\alpha$ says how the propagator is shared between the density of momenta
// and the amplitudes: at $\alpha=-1$, the Scalar-net of the lectures, momenta are uniform; at $\alpha=0$ they are drawn as the propagator
// weighs them, and all amplitudes are equal. Here $s=1$; any other law with $\langle s^2\rangle=1$ has the same propagator.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/field_products.hpp>
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>
#include <complex>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// The average over the phase leaves $\langle\phi(x)\phi(y)\rangle=\int_{B_\Lambda}\frac{d^dp}{(2\pi)^d}\frac{\cos p\cdot r}{p^2+m^2}$: for
// every $N$, every $\alpha$ and every law of $s$ (`cutoff_integral`). The net of the lectures has uniform momenta and amplitudes
// $A/\sqrt{b^2+m^2}$ with $A=\sqrt{2V/(2\pi)^d}=\sqrt{2Z_{-1}}$, $V$ the volume of the ball.
constexpr double unit_distance = 1, spectrum_cutoff = 10;

// ## Momentum space, from field values alone
//
// A window $w(x)=e^{-x^2/2\sigma^2}$ on a grid turns a field into $\tilde\phi(p)=\delta x\sum_xw(x)\phi(x)e^{-ipx}$, and
// $$ \langle|\tilde\phi(p)|^2\rangle=\int_{-\Lambda}^{\Lambda}\frac{dq}{2\pi}\frac{|\hat w(p-q)|^2}{q^2+m^2}, $$
// which divided by $\sqrt\pi\,\sigma$ is the propagator in momentum space, blurred by the window.
constexpr double window = 4, grid_step = 0.25, grid_edge = 20;
const std::vector<double> spectrum_momenta{0.5, 1, 2, 4};

std::vector<double> grid() {
  std::vector<double> x;
  for (int i = 0; i <= std::lround(2 * grid_edge / grid_step); ++i) x.push_back(-grid_edge + i * grid_step);
  return x;
}

double window_value(double x) { return std::exp(-x * x / (2 * window * window)); }

double predicted_spectrum(const FreeScalar& line, double p) {
  const std::vector<double> x = grid();
  const auto squared_transform = [&](double k) {
    double sum = 0;
    for (const double at : x) sum += grid_step * window_value(at) * std::cos(k * at);
    return sum * sum;
  };
  // Beyond twelve widths of its transform the window lets nothing through
  const double reach = 12 / window, from = std::max(-line.cutoff, p - reach),
               to = std::min(line.cutoff, p + reach);
  double sum = 0;
  for (int panel = 0; panel < 24; ++panel)
    sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(
        [&](double q) { return squared_transform(p - q) / (q * q + line.mass * line.mass); },
        from + (to - from) * panel / 24, from + (to - from) * (panel + 1) / 24, 0);
  return sum / (2 * pi) / (std::sqrt(pi) * window);
}

Averages sample_spectrum(Report& report, const ScalarFeatures& law, int width, std::int64_t draws,
                         const std::vector<double>& momenta) {
  const std::string stage = fmt::format("spectrum of networks of width {}", width);
  const std::vector<double> x = grid();
  const Eigen::MatrixXd points =
      Eigen::Map<const Eigen::RowVectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
  Eigen::MatrixXcd waves(static_cast<Eigen::Index>(momenta.size()), points.cols());
  for (Eigen::Index k = 0; k < waves.rows(); ++k)
    for (Eigen::Index i = 0; i < waves.cols(); ++i)
      waves(k, i) = grid_step * window_value(points(0, i)) *
                    std::polar(1., -momenta[static_cast<std::size_t>(k)] * points(0, i));
  const auto empty = Averages{waves.rows()};
  return merged(sample_blocks(report, stage, draws, empty, [&](Block block, Averages& averages) {
    RandomFeatures<float> networks{law, 1, width, report.seed(), stage};
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const std::vector<double> phi = networks.plain_outputs(draw, points);
      const Eigen::VectorXcd transform =
          waves * Eigen::Map<const Eigen::VectorXd>(phi.data(), points.cols()).cast<std::complex<double>>();
      averages.add(transform.cwiseAbs2() / (std::sqrt(pi) * window));
    }
  }));
}

// ## The claims
std::string position_id(int dimension, int width, double alpha) {
  return fmt::format("propagator-{}d-width-{}-alpha-{}", dimension, width, alpha);
}

// Which networks are looked at: the width that is asked for, and the narrow and wide ones that would show a shift with $1/N$.
struct Case {
  int width;
  double alpha;
  const char* code;
};

std::vector<Case> cases(int width, double asked_alpha) {
  std::vector<Case> all{{width, asked_alpha, "FS1"}};
  for (const int n : {1, 16})
    for (const double alpha : {-1., 0.})
      if (n != width || alpha != asked_alpha) all.push_back({n, alpha, "FS2"});
  return all;
}

void declare(Claims& claims, int width, double asked_alpha) {
  for (int dimension = 1; dimension <= 3; ++dimension) {
    for (const auto& [n, alpha, code] : cases(width, asked_alpha))
      claims
          .statistical(position_id(dimension, n, alpha), code,
                       fmt::format("$G(1)$ in {} dimensions, $N={}$, $\\alpha={}$, is the cutoff integral",
                                   dimension, n, alpha))
          .independent();
    claims.exact(
        fmt::format("amplitude-{}d", dimension), "FS3",
        fmt::format(
            "amplitude $\\sqrt{{2Z_{{-1}}}}$ of the lectures' net in {} dimensions: volume and quadrature",
            dimension),
        relative(1e-10));
  }
  for (const double p : spectrum_momenta)
    claims.statistical(fmt::format("spectrum-{}", p), "FS9",
                       fmt::format("the windowed spectrum of networks of width 8 at $p={}$", p));
}

// ## The experiment, step by step
void compare_positions(Report& report, double mass, double cutoff, int width, double asked_alpha,
                       std::int64_t draws) {
  for (int dimension = 1; dimension <= 3; ++dimension) {
    const FreeScalar field{dimension, mass, cutoff};
    for (const auto& [n, alpha, code] : cases(width, asked_alpha)) {
      const std::string id = position_id(dimension, n, alpha);
      report.compare(id, cutoff_integral(field, unit_distance),
                     mean_estimate(sample_products(report, id, report.seed(), {mass, cutoff, alpha},
                                                   dimension, unit_distance, n, draws)));
    }
    report.compare(fmt::format("amplitude-{}d", dimension),
                   std::sqrt(2 * momentum_ball(field) / std::pow(2 * pi, dimension)),
                   std::sqrt(2 * cutoff_integral(field, 0, 0)));
  }
}

// ## The figures
Figure position_figure(Report& report, double mass, double cutoff, int width, double alpha,
                       std::int64_t draws) {
  Figure figure{{}, 3, 380, 380};
  for (int dimension = 1; dimension <= 3; ++dimension) {
    const FreeScalar field{dimension, mass, cutoff};
    Panel panel{fmt::format("d = {}", dimension)};
    panel.x_axis({"distance r", false, 0, 3}).y_axis({"G(r)", true}).legend("top right");
    std::vector<double> r, cut, limit, at, measured, error;
    for (int i = 2; i <= 120; ++i) {
      r.push_back(i / 40.);
      cut.push_back(cutoff_integral(field, r.back()));
      limit.push_back(cutoff_integral({dimension, mass}, r.back()));
    }
    for (int i = 1; i <= 8; ++i) {
      const double distance = 0.25 * i;
      const Estimate mean = mean_estimate(
          sample_products(report, fmt::format("figure, {} dimensions at {}", dimension, distance),
                          report.seed(), {mass, cutoff, alpha}, dimension, distance, width, draws));
      if (mean.value < 2 * mean.standard_error) continue;  // a logarithm needs its sign
      at.push_back(distance);
      measured.push_back(mean.value);
      error.push_back(mean.standard_error);
    }
    figure.panels.push_back(panel.line(0, fmt::format("cutoff Λ = {}", cutoff), r, cut)
                                .guide("no cutoff", r, limit)
                                .points(0, fmt::format("networks, N = {}", width), at, measured, error));
  }
  return figure;
}

Panel spectrum_panel(const FreeScalar& line, const std::vector<double>& momenta, const Averages& sampled) {
  Panel panel;
  panel.x_axis({"momentum p", true, 0.2, 12}).y_axis({"G_2(p)", true}).legend("bottom left");
  std::vector<double> p, windowed, exact, measured, error;
  for (int i = 0; i <= 50; ++i) {
    p.push_back(0.2 * std::pow(40, i / 50.));
    windowed.push_back(predicted_spectrum(line, p.back()));
    exact.push_back(1 / (p.back() * p.back() + line.mass * line.mass));
  }
  for (std::size_t k = 0; k < momenta.size(); ++k) {
    const Estimate mean = sampled.mean(static_cast<Eigen::Index>(k));
    measured.push_back(mean.value);
    error.push_back(mean.standard_error);
  }
  return panel.line(0, "seen through the window", p, windowed)
      .guide("1/(p^2 + m^2)", p, exact)
      .points(0, "networks, N = 8", momenta, measured, error);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/free_scalar", "5",
                  "Does a network of finite width realise the free massive scalar?"};
  const auto& mass =
      program.option("mass", 1., between(0.2, 5.), "mass m of the field, in units of the inverse length");
  const auto& cutoff =
      program.option("cutoff", 20., between(4., 40.), "momentum cutoff of the propagators in position space");
  const auto& alpha = program.option("alpha", 0., between(-1., 0.5),
                                     "how momenta are drawn: -1 uniform, 0 as the propagator weighs them");
  const auto& width = program.option("width", 4, between(1, 256), "width N", "neurons");
  const auto& draws = program.samples(400000, 40000, 10000);
  program.figure("fs_position",
                 "The propagator in one, two and three dimensions: networks of a few neurons on the cutoff "
                 "integral. Points that the "
                 "noise has swallowed are left out. A hard cutoff is crude: in three dimensions its "
                 "oscillations around the propagator "
                 "without cutoff are seen.");
  program.figure("fs_momentum",
                 "The propagator in momentum space, from field values seen through a window of width 4.");
  program.claims([&](Claims& claims) { declare(claims, width, alpha); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. The propagator in three dimensions, at several widths
    compare_positions(report, mass, cutoff, width, alpha, draws);

    // 2. Momentum space
    const FreeScalar line{1, mass, spectrum_cutoff};
    const Averages spectrum =
        sample_spectrum(report, {mass, spectrum_cutoff, 0}, 8, draws / 4, spectrum_momenta);
    for (std::size_t k = 0; k < spectrum_momenta.size(); ++k)
      report.compare(fmt::format("spectrum-{}", spectrum_momenta[k]),
                     predicted_spectrum(line, spectrum_momenta[k]),
                     spectrum.mean(static_cast<Eigen::Index>(k)));

    // 3. Draw
    report.draw("fs_position",
                [&] { return position_figure(report, mass, cutoff, width, alpha, draws / 4); });
    report.draw("fs_momentum", {{spectrum_panel(line, spectrum_momenta, spectrum)}});
  });
}

// ## What we found
//
// A single neuron has the propagator of the free field: in three dimensions $G(1)=$ @value propagator-3d-width-1-alpha-0, sixteen have
// @value propagator-3d-width-16-alpha-0, where the cutoff integral is @predicted propagator-3d-width-1-alpha-0. So has the net of the
// lectures, at $\alpha=-1$: @value propagator-3d-width-1-alpha--1, with a larger error; why it is larger is the next program's question.
//
// @figure fs_position
//
// Fourier transforms of field values see the propagator directly: at $p=1$ it is @value spectrum-1 through the window,
// where theory has @predicted spectrum-1.
//
// @figure fs_momentum
//
// @claims
//
// ## What can go wrong
//
// A sharp cutoff in momentum space makes the propagator oscillate in position space, by many percent at distances of a few units
// in three dimensions; these are properties of the cutoff and not of the networks.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Replace the hard ball by a Gaussian cutoff. How do the oscillations in position space change?
// 2. How large must the window of the spectrum be for one percent at $p=0$, and where does the grid limit $p$?
