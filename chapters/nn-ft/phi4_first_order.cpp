// # What does a finite width change first?
//
// Lecture §5 · after phi4_quantum · about 1 s on two cores
//
// **Question.** Networks of finite width interact before any potential is switched on. How does this mix with $\lambda\phi^4$ to first
// order, and does the error stay the same when the circle grows?
//
// ## The model
//
// $N$ neurons of random momenta on a circle of length $T$, with amplitudes of three laws: `constant`, `rayleigh` (the two quadratures
// of a wave are Gaussian) and `gauss`; $P_n\propto\hat G_n^{1+\alpha}$ is the probability of momentum $n$. Their parameters get the weight
// $e^{-\lambda\varepsilon\sum_t\phi(t)^4/4!}$, and the question is about $dG/d\lambda$ at $\lambda=0$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/networks/wave_network.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>

using namespace fieldbook;

namespace {

// ## What theory says
//
// The derivative of a weighted average is a covariance,
// $$ \frac{dG(t)}{d\lambda}\Big|_0=-\frac\varepsilon{24}\sum_y\bigl[\langle\phi_0\phi_t\phi_y^4\rangle-\langle\phi_0\phi_t\rangle\langle\phi_y^4\rangle\bigr], $$
// and the correlators of independent neurons are exact at every width (`two_point_slope`): sums over partitions of the points among
// neurons. Written with the cumulants $k$ of one neuron,
// $$ -\frac\varepsilon{24}\sum_y\Bigl[12G_{0y}G_{ty}G_0+\frac{6G_0k_{0tyy}+4G_{0y}k_{tyyy}+4G_{ty}k_{0yyy}}N+\frac{k_{0tyyyy}}{N^2}\Bigr]. $$
// The first term is all that is left at infinite width: a shift of the mass.
struct Law {
  const char* name;
  double alpha;
  WeightMoments moments;
};

const std::vector<Law> laws{{"constant", 0, {1, 1, 1}},
                            {"rayleigh", 0, {1, 2, 6}},
                            {"gauss", 0, {1, 3, 15}},
                            {"shared", -0.5, {1, 1, 1}}};

// The last one shares the propagator between momenta and amplitudes, $\alpha=-\frac12$. The second form is evaluated literally, with
// moments of a neuron averaged over all momenta and eight phases (`two_point_slope_by_cumulants`): two routes to one number.
//
// For `rayleigh` and $\alpha=0$ a closed form exists, since given the momenta the field is Gaussian with a variance $G_0$ that does not
// fluctuate: the deviation from infinite width is
// $$ -\frac{G_0}{2N}\,\varepsilon\sum_y\bigl[G_0^2\langle\cos^2k_y\rangle-G_y^2\bigr], $$
// with $\langle\cos^2\rangle=\frac12$ except for the two waves that are their own reflection. It grows like $T$: every neuron is
// everywhere on the circle.
double rayleigh_bias(const PeriodicField& field) {
  const double g0 = field.propagator[0];
  const double own = (field.spectrum[0] + field.spectrum[field.sites_per_direction / 2]) / g0;
  const double length = field.cell * field.sites_per_direction;
  return -g0 / 2 * (g0 * g0 * length * (1 + own) / 2 - field.cell * field.propagator.squaredNorm());
}

// ## What networks do
//
// Free networks are drawn, $\phi=\sum_is_iu_i$ with waves $u_i$. Products of six fields have heavy tails when amplitudes do, and error bars from
// their spread are too small: so the average over the amplitudes is done exactly, given the waves. With the cumulants
// $c_2=1$, $c_4=\mu_4-3$, $c_6=\mu_6-15\mu_4+30$ of $s$ and $C_{xy}=\sum_iu_i(x)u_i(y)$,
// $$ \langle\phi_0\phi_t\phi_y^4\rangle_s=3C_{0t}C_{yy}^2+12C_{0y}C_{ty}C_{yy}
//    +c_4\sum_i\bigl[C_{0t}u_y^4+4C_{0y}u_tu_y^3+4C_{ty}u_0u_y^3+6C_{yy}u_0u_tu_y^2\bigr]_i+c_6\sum_i\bigl[u_0u_tu_y^4\bigr]_i , $$
// $\langle\phi_0\phi_t\rangle_s=C_{0t}$ and $\langle\phi_y^4\rangle_s=3C_{yy}^2+c_4\sum_iu_i(y)^4$. Sums over $y$ are taken in each network.
struct GivenWaves {
  double six = 0, pair = 0, four = 0;
};

GivenWaves given_waves(const Eigen::ArrayXXd& u, Eigen::Index t, const WeightMoments& mu) {
  const double c4 = mu.fourth - 3, c6 = mu.sixth - 15 * mu.fourth + 30;
  GivenWaves sums;
  const auto zero = u.col(0), at = u.col(t);  // a row a neuron, a column a site
  sums.pair = (zero * at).sum();
  for (Eigen::Index y = 0; y < u.cols(); ++y) {
    const auto here = u.col(y);
    double from_zero = 0, from_t = 0, own = 0, fourth = 0, zero_cube = 0, t_cube = 0, both = 0,
           both_fourth = 0;
    for (Eigen::Index i = 0; i < u.rows(); ++i) {
      const double a = zero[i], b = at[i], c = here[i], square = c * c;
      from_zero += a * c;
      from_t += b * c;
      own += square;
      fourth += square * square;
      zero_cube += a * c * square;
      t_cube += b * c * square;
      both += a * b * square;
      both_fourth += a * b * square * square;
    }
    sums.six += 3 * sums.pair * own * own + 12 * from_zero * from_t * own +
                c4 * (sums.pair * fourth + 4 * from_zero * t_cube + 4 * from_t * zero_cube + 6 * own * both) +
                c6 * both_fourth;
    sums.four += 3 * own * own + c4 * fourth;
  }
  return sums;
}

// For each of the two times: the three sums of every network.
std::vector<Averages> sample_sums(Report& report, const PeriodicField& field, const Law& law, int width,
                                  const std::array<int, 2>& times, std::int64_t draws) {
  const std::string stage = fmt::format("{} networks", law.name);
  const PeriodicGrid grid{1, field.sites_per_direction};
  const WaveNetwork network = WaveNetwork::random_momenta(
      grid, field.spectrum, law.alpha, AmplitudeLaw::constant, width, report.seed(), stage);
  return sample_blocks(report, stage, draws, Averages{6}, [&](Block block, Averages& averages) {
    std::vector<Wave> waves(network.neurons());
    std::vector<float> row(grid.stride());
    Eigen::ArrayXXd u(width, field.sites_per_direction);
    Eigen::VectorXd observed(6);
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      network.draw(draw, waves);
      for (Eigen::Index i = 0; i < u.rows(); ++i) {
        network.row(waves[static_cast<std::size_t>(i)], row);
        for (Eigen::Index y = 0; y < u.cols(); ++y)
          u(i, y) = static_cast<double>(row[static_cast<std::size_t>(y)]);
      }
      for (std::size_t k = 0; k < 2; ++k) {
        const GivenWaves sums = given_waves(u, times[k], law.moments);
        observed.segment(3 * static_cast<Eigen::Index>(k), 3) << sums.six, sums.pair, sums.four;
      }
      averages.add(observed);
    }
  });
}

// The product of the two means is made unbiased with their covariance.
Estimate measured_slope(const std::vector<Averages>& blocks, double spacing, Eigen::Index time) {
  return jackknife(blocks, [&](const Averages& sampled) {
    const Eigen::VectorXd& mean = sampled.means();
    const double product =
        mean[3 * time + 1] * mean[3 * time + 2] -
        sampled.covariance()(3 * time + 1, 3 * time + 2) / static_cast<double>(sampled.count());
    return -spacing / 24 * (mean[3 * time] - product);
  });
}

// ## The claims
constexpr int sites_per_unit = 4;
const std::vector<double> lengths{1, 2, 4};  // in units of the length that is asked for

std::string slope_id(const Law& law, int unit) { return fmt::format("slope-{}-at-{}", law.name, unit); }
std::string bias_id(const Law& law, double factor) {
  return fmt::format("bias-{}-length-times-{}", law.name, factor);
}

void declare(Claims& claims) {
  for (const Law& law : laws) {
    for (const int unit : {0, 1})
      claims.statistical(
          slope_id(law, unit), law.name == std::string{"constant"} ? "PQ6" : "PQ7",
          fmt::format("{} amplitudes, $\\alpha={}$: $dG/d\\lambda$ at $t={}$",
                      law.name == std::string{"shared"} ? "constant" : law.name, law.alpha, unit));
    for (const double factor : lengths)
      claims.exact(
          bias_id(law, factor), "PQ8",
          fmt::format("{}: $N$ times the deviation of the slope at width 64 on a circle {} times as long, "
                      "by partitions and by cumulants",
                      law.name, factor),
          absolute(1e-9));
  }
  claims.exact("rayleigh-closed-form", "PQ8",
               "rayleigh: the same deviation in closed form, on the longest circle", relative(1e-9));
  claims.bound(
      "constant-does-not-grow", "PQ8",
      "constant: the deviation on a circle four times as long is that on one twice as long, to a hundredth",
      Side::below);
  claims.bound("gauss-grows", "PQ8", "gauss: it is more than twice as large on a circle four times as long",
               Side::above);
}

// ## The experiment, step by step
PeriodicField circle(double mass, double length) {
  return circle_field(mass, length, static_cast<int>(std::lround(sites_per_unit * length)));
}

void compare_slopes(Report& report, const PeriodicField& field, int width, std::int64_t draws) {
  const std::array<int, 2> times{0, sites_per_unit};
  for (const Law& law : laws) {
    const auto blocks = sample_sums(report, field, law, width, times, draws);
    for (const int unit : {0, 1})
      report.compare(
          slope_id(law, unit),
          two_point_slope(field, law.alpha, times[static_cast<std::size_t>(unit)], width, law.moments),
          measured_slope(blocks, field.cell, unit));
  }
}

double bias(const PeriodicField& field, const Law& law) {
  return 64 * (two_point_slope(field, law.alpha, 0, 64, law.moments) - two_point_slope(field, 0));
}

void compare_biases(Report& report, double mass, double length) {
  const double longest = lengths.back() * length;
  for (const Law& law : laws)
    for (const double factor : lengths) {
      const PeriodicField field = circle(mass, factor * length);
      report.compare(bias_id(law, factor), bias(field, law),
                     64 * (two_point_slope_by_cumulants(field, law.alpha, 0, 64, law.moments) -
                           two_point_slope(field, 0)));
    }
  report.compare("rayleigh-closed-form", rayleigh_bias(circle(mass, longest)),
                 bias(circle(mass, longest), laws[1]));
  report.compare(
      "constant-does-not-grow", 0.02,
      std::abs(bias(circle(mass, longest), laws[0]) / bias(circle(mass, longest / 2), laws[0]) - 1));
  report.compare("gauss-grows", 2,
                 bias(circle(mass, longest), laws[2]) / bias(circle(mass, length), laws[2]));
}

// ## The figure
Panel bias_panel(double mass, double length) {
  Panel panel;
  panel.x_axis({"length T of the circle", false, 0, 4.2 * length})
      .y_axis({"N × deviation of d<φ^2>/dλ"})
      .legend("bottom left");
  int colour = 0;
  for (const Law& law : laws) {
    std::vector<double> t, y;
    for (int i = 2; i <= 16; ++i) {
      t.push_back(length * i / 4);
      y.push_back(bias(circle(mass, t.back()), law));
    }
    panel.line(colour++, law.name == std::string{"shared"} ? "constant, α = -1/2" : law.name, t, y);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/phi4_first_order", "5", "What does a finite width change first?"};
  const auto& mass =
      program.option("mass", 1., between(0.5, 3.), "mass m of the field, in units of the inverse length");
  const auto& length =
      program.option("length", 8., between(4., 16.), "length T of the circle, a multiple of 2");
  const auto& width = program.option("width", 4, between(1, 64), "width N", "neurons");
  const auto& draws = program.samples(1000000, 100000, 10000);
  program.validate([&] {
    if (std::fmod(length, 2) != 0) throw BadOption{"length", fmt::format("{}", length), "a multiple of 2"};
    if (mass * length < 4)
      throw BadOption{
          "length", fmt::format("{}", length),
          fmt::format("at least 4/m = {:.3g}: a shorter circle is full of its own images", 4 / mass)};
  });
  program.figure(
      "pq_slope",
      "The deviation of $d\\langle\\phi^2\\rangle/d\\lambda$ from its value at infinite width, times the "
      "width, against the "
      "length of the circle: flat for constant amplitudes with momenta drawn as the propagator weighs them, "
      "and growing for all others.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    compare_slopes(report, circle(mass, length), width, draws);
    compare_biases(report, mass, length);
    report.draw("pq_slope", {{bias_panel(mass, length)}});
  });
}

// ## What we found
//
// Four neurons of constant amplitude have the slope @value slope-constant-at-0, exactly @predicted slope-constant-at-0. With
// Gaussian amplitudes it is @value slope-gauss-at-0, five times as large: such networks fluctuate a lot in size, and a weight
// that punishes size has much to do.
//
// @figure pq_slope
//
// The deviation from infinite width does not depend on the length of the circle for constant amplitudes,
// @value bias-constant-length-times-1 and @value bias-constant-length-times-4 on one four times as long. For `gauss` it grows from
// @value bias-gauss-length-times-1 to @value bias-gauss-length-times-4. Every neuron is a wave around the whole circle: if its size
// fluctuates, all points of the circle feel it together, and the longer the circle, the stronger the weight reacts.
//
// @claims
//
// ## What can go wrong
//
// Flatness is a property of the first order, of $\alpha=0$ and of local observables. The next program finds a deviation of the energy gap
// that grows with $T$ for constant amplitudes as well.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive the closed form for `rayleigh`, and from it $-T/32$ for $m=1$ and $\varepsilon\to0$.
// 2. Which sixth moment of the amplitudes makes the term in $N^{-2}$ vanish at one point?
