// # Which network measures a propagator best, and which interactions come with it?
//
// Lecture §5 · after free_scalar · about 2 s on two cores
//
// **Question.** Networks of every width have the propagator of the free scalar, and the density of momenta is free: it can be
// traded for amplitudes. Which choice has the smallest error, and what does it do to the interactions?
//
// ## The model
//
// A neuron is a plane wave with a random momentum $b$ from the ball $B_\Lambda$, a random phase and a random amplitude $s$,
// $$ F(x)=s\,\sqrt{2Z_\alpha}\,(b^2+m^2)^{\alpha/2}\cos(b\cdot x+c),\qquad
//    p_\alpha(b)=\frac{(b^2+m^2)^{-1-\alpha}}{(2\pi)^dZ_\alpha}, $$
// and $\phi(x)=N^{-1/2}\sum_{i=1}^NF_i(x)$. The exponent $\alpha$ says how the propagator is shared between the density of momenta
// and the amplitudes: at $\alpha=-1$, the Scalar-net of the lectures, momenta are uniform; at $\alpha=0$ they are drawn as the propagator
// weighs them, and all amplitudes are equal. The law of $s$ is `const`, $s=1$, or `gauss`, with $\langle s^2\rangle=1$.
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/feature_ensemble.hpp>
#include <fieldbook/ensembles/field_products.hpp>
#include <fieldbook/fields/scalar_net_moment.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says: the interaction
//
// Write $I_\beta(r)=\int_{B_\Lambda}\frac{d^dp}{(2\pi)^d}(p^2+m^2)^{-1-\beta}\cos p\cdot r$ and $Z_\beta=I_\beta(0)$. One neuron has one
// momentum for all four points, and a product of four cosines leaves three terms,
// $$ \langle F_1F_2F_3F_4\rangle=\mu_4\frac{Z_\alpha}2\bigl[I_{-\alpha}(x_1+x_2-x_3-x_4)+\text{2 more}\bigr],\qquad
//    N\kappa_4=\langle F_1F_2F_3F_4\rangle-G_{12}G_{34}-G_{13}G_{24}-G_{14}G_{23}. $$
double predicted_vertex(const FreeScalar& field, double alpha, double mu4, const Eigen::MatrixXd& x) {
  return neuron_cumulant(scalar_net_moment(field, alpha, x), 4, {1, mu4, 0});
}

// ## What theory says: the best network
//
// The estimator $\phi(x)\phi(y)$ of one network has the variance
// $$ G(0)^2+G(r)^2+\frac1N\Bigl\{\mu_4\frac{Z_\alpha}2[2Z_{-\alpha}+I_{-\alpha}(2r)]-G(0)^2-2G(r)^2\Bigr\}. $$
// At $r=0$ it depends on $\alpha$ through $Z_\alpha Z_{-\alpha}\ge Z_0^2$: choosing momenta by importance, $\alpha=0$, is best, and averaging
// over the phases as well would leave no variance at all. At finite distance the best $\alpha$ is slightly positive.
double integral(const FreeScalar& field, double beta, double r) {
  return cutoff_integral(field, r, 1 + beta);
}

double predicted_variance(const FreeScalar& field, double alpha, int width, double r) {
  const double g0 = integral(field, 0, 0), g = integral(field, 0, r);
  const double neuron =
      integral(field, alpha, 0) / 2 * (2 * integral(field, -alpha, 0) + integral(field, -alpha, 2 * r));
  return g0 * g0 + g * g + (neuron - g0 * g0 - 2 * g * g) / width;
}

double best_alpha(const FreeScalar& field, double r) {
  return boost::math::tools::brent_find_minima(
             [&](double alpha) { return predicted_variance(field, alpha, 1, r); }, -0.5, 0.5, 30)
      .first;
}

// In the plane $Z_\alpha$ is elementary. So is a second route to the best $\alpha$: the zero of the derivative, in which the
// logarithm of $p^2+m^2$ appears.
double closed_normalisation(const FreeScalar& plane, double alpha) {
  const double m2 = plane.mass * plane.mass, top = plane.cutoff * plane.cutoff + m2;
  return alpha == 0 ? std::log(top / m2) / (4 * pi)
                    : (std::pow(m2, -alpha) - std::pow(top, -alpha)) / (4 * pi * alpha);
}

double best_alpha_by_derivative(const FreeScalar& plane, double r) {
  const double m2 = plane.mass * plane.mass;
  // int (1 + J_0(2 p r) / 2) (p^2 + m^2)^{alpha - 1} and the same with a logarithm, over the disc
  const auto over_disc = [&](double alpha, bool logarithm) {
    double sum = 0;
    for (int panel = 0; panel < 200; ++panel)
      sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(
          [&](double p) {
            const double energy = p * p + m2;
            return p * (1 + boost::math::cyl_bessel_j(0, 2 * p * r) / 2) * std::pow(energy, alpha - 1) *
                   (logarithm ? std::log(energy) : 1);
          },
          plane.cutoff * panel / 200, plane.cutoff * (panel + 1) / 200, 0);
    return sum;
  };
  const double h = 1e-5;
  const auto derivative = [&](double alpha) {
    const double z = closed_normalisation(plane, alpha);
    const double slope =
        (closed_normalisation(plane, alpha + h) - closed_normalisation(plane, alpha - h)) / (2 * h);
    return slope * over_disc(alpha, false) + z * over_disc(alpha, true);
  };
  std::uintmax_t steps = 100;
  const auto [low, high] = boost::math::tools::toms748_solve(
      derivative, -0.2, 0.3001, boost::math::tools::eps_tolerance<double>{30}, steps);
  return (low + high) / 2;
}

// ## What networks do
//
// Gaussian amplitudes are averaged exactly; constant ones have to be seen in the outputs. Below $\alpha=0$ small momenta are rare and
// large in amplitude: with uniform ones, one in a hundred lies below $m$, and these make half of $\langle F^4\rangle$. An ensemble has to
// hold enough of them to know its own error bar, so it is not smaller there than 400000, whatever `--samples` says.
std::int64_t draws_of_outputs(double alpha, std::int64_t draws) {
  return alpha < 0 ? std::max<std::int64_t>(draws, 400000) : draws;
}

Estimate measure_vertex(Report& report, const std::string& law, const ScalarFeatures& features,
                        const Eigen::MatrixXd& points, int width, std::int64_t draws) {
  const std::string stage = fmt::format("vertex, {} amplitudes, alpha = {}", law, features.alpha);
  if (law == "gauss")
    return sample_features(report, stage, report.seed(), {features, points, width, draws}, ConditionalFour{})
        .estimate()
        .times(width);
  return merged(sample_blocks(report, stage, draws_of_outputs(features.alpha, draws), NaiveFour{},
                              [&](Block block, NaiveFour& estimator) {
                                RandomFeatures<float> networks{features, 2, width, report.seed(), stage};
                                for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                                  const std::vector<double> phi = networks.plain_outputs(draw, points);
                                  estimator.add({phi[0], phi[1], phi[2], phi[3]});
                                }
                              }))
      .estimate()
      .times(width);
}

// ## The claims
constexpr double half = 0.5;
const std::vector<double> alphas{-1, -0.5, 0, 0.5, 1}, other_alphas{-1, -0.5, -0.25, 0.25, 0.5, 1};
const std::map<std::string, double> amplitude_laws{{"const", 1}, {"gauss", 3}};

Eigen::MatrixXd plane_points() {
  return (Eigen::MatrixXd(2, 4) << 0, 0.5, 0.2, -0.4, 0, 0, 0.7, 0.3).finished();
}

std::string alpha_id(const char* what, double alpha) { return fmt::format("{}-alpha-{}", what, alpha); }

void declare(Claims& claims) {
  for (const auto& [law, mu4] : amplitude_laws)
    for (const double alpha : alphas)
      claims.statistical(alpha_id(("vertex-" + law).c_str(), alpha), "FS4",
                         fmt::format("$N\\kappa_4$ in the plane, {} amplitudes, $\\alpha={}$", law, alpha));
  for (const double alpha : alphas)
    claims
        .statistical(
            alpha_id("variance", alpha), "FS5",
            fmt::format("variance of $\\phi(x)\\phi(y)$ at distance 1/2 in the plane, $\\alpha={}$", alpha))
        .independent();
  claims.exact("cost-of-uniform-momenta", "FS6",
               "$Z_1Z_{-1}/Z_0^2$ in the plane: closed forms and quadrature", relative(1e-6));
  claims.bound("no-variance", "FS7",
               "averaged over phases, $\\phi(x)^2$ of every network is $G(0)$ at $\\alpha=0$", Side::below);
  for (const double alpha : other_alphas)
    claims.bound(alpha_id("ranking", alpha), "FS8",
                 fmt::format("at $r=0$ the variance at $\\alpha={}$ is above that at $\\alpha=0$", alpha),
                 Side::above);
  claims.exact("best-alpha", "FS8",
               "the best $\\alpha$ at distance 1/2 in the plane: minimum and zero of the derivative",
               absolute(5e-4));
}

// ## The experiment, step by step
//
// The mean square of the amplitudes of a network is twice its phase-averaged $\phi(x)^2$.
double variance_without_phases(const Report& report, const FreeScalar& plane) {
  RandomFeatures<double> networks{ScalarFeatures{plane.mass, plane.cutoff, 0}, 2, 4, report.seed(),
                                  "amplitudes"};
  std::vector<double> squares;
  for (std::uint64_t draw = 0; draw < 1000; ++draw) {
    (void)networks.features(draw, Eigen::MatrixXd::Zero(2, 1));
    double sum = 0;
    for (const double amplitude : networks.amplitudes()) sum += amplitude * amplitude / 2;
    squares.push_back(sum / 4);
  }
  CentralMoments moments;
  moments.add(squares);
  return variance_estimate(moments).value;
}

void compare_alphas(Report& report, const FreeScalar& plane) {
  const double closed = closed_normalisation(plane, 1) * closed_normalisation(plane, -1) /
                        std::pow(closed_normalisation(plane, 0), 2);
  report.compare("cost-of-uniform-momenta", closed,
                 integral(plane, 1, 0) * integral(plane, -1, 0) / std::pow(integral(plane, 0, 0), 2));
  report.compare("no-variance", 1e-24, variance_without_phases(report, plane));
  for (const double alpha : other_alphas)
    report.compare(alpha_id("ranking", alpha), predicted_variance(plane, 0, 4, 0),
                   predicted_variance(plane, alpha, 4, 0));
  report.compare("best-alpha", best_alpha(plane, half), best_alpha_by_derivative(plane, half));
}

using ByAlpha = std::map<double, Estimate>;

ByAlpha compare_variances(Report& report, const FreeScalar& plane, int width, std::int64_t draws) {
  ByAlpha variances;
  for (const double alpha : alphas) {
    const std::string id = alpha_id("variance", alpha);
    variances[alpha] = variance_estimate(
        sample_products(report, id, report.seed(), {plane.mass, plane.cutoff, alpha}, 2, half, width, draws));
    report.compare(id, predicted_variance(plane, alpha, width, half), variances.at(alpha));
  }
  return variances;
}

std::map<std::string, ByAlpha> compare_vertices(Report& report, const FreeScalar& plane, int width,
                                                std::int64_t draws) {
  std::map<std::string, ByAlpha> vertices;
  for (const auto& [law, mu4] : amplitude_laws)
    for (const double alpha : alphas) {
      vertices[law][alpha] =
          measure_vertex(report, law, {plane.mass, plane.cutoff, alpha}, plane_points(), width, draws);
      report.compare(alpha_id(("vertex-" + law).c_str(), alpha),
                     predicted_vertex(plane, alpha, mu4, plane_points()), vertices.at(law).at(alpha));
    }
  return vertices;
}

// ## The figures
Panel vertex_panel(const FreeScalar& plane, const std::map<std::string, ByAlpha>& vertices) {
  Panel panel;
  panel.x_axis({"α", false, -1.1, 1.1}).y_axis({"N κ_4"}).legend("top right");
  int colour = 0;
  for (const auto& [law, mu4] : amplitude_laws) {
    std::vector<double> x, theory, at, y, error;
    for (int i = -44; i <= 44; ++i) {
      x.push_back(i / 40.);
      theory.push_back(predicted_vertex(plane, x.back(), mu4, plane_points()));
    }
    for (const auto& [alpha, vertex] : vertices.at(law)) {
      at.push_back(alpha);
      y.push_back(vertex.value);
      error.push_back(vertex.standard_error);
    }
    panel.line(colour, law + " amplitudes", x, theory).points(colour, "", at, y, error);
    ++colour;
  }
  return panel;
}

Panel variance_panel(const FreeScalar& plane, int width, const ByAlpha& variances) {
  Panel panel;
  panel.x_axis({"α", false, -1.1, 1.1}).y_axis({"variance of φ(x)φ(y)"}).legend("top center");
  int colour = 0;
  for (const double r : {half, 0.}) {
    std::vector<double> x, theory;
    for (int i = -44; i <= 44; ++i) {
      x.push_back(i / 40.);
      theory.push_back(predicted_variance(plane, x.back(), width, r));
    }
    panel.line(colour++, fmt::format("r = {}", r), x, theory);
  }
  std::vector<double> at, y, error;
  for (const auto& [alpha, variance] : variances) {
    at.push_back(alpha);
    y.push_back(variance.value);
    error.push_back(variance.standard_error);
  }
  return panel.points(0, "networks", at, y, error);
}

Figure field_figure(const Report& report, const FreeScalar& plane) {
  constexpr int cells = 64;
  constexpr double edge = 4;
  std::vector<double> x;
  for (int i = 0; i < cells; ++i) x.push_back(edge * (2 * (i + 0.5) / cells - 1));
  Eigen::MatrixXd points(2, cells * cells);
  for (int row = 0; row < cells; ++row)
    for (int column = 0; column < cells; ++column)
      points.col(row * cells + column) << x[static_cast<std::size_t>(column)],
          x[static_cast<std::size_t>(row)];
  Figure figure{{}, 3, 320, 320};
  for (const double alpha : {-1., 0.})
    for (const int width : {2, 20, 2000}) {
      RandomFeatures<double> network{ScalarFeatures{plane.mass, plane.cutoff, alpha}, 2, width, report.seed(),
                                     "field"};
      const std::vector<double> phi = network.outputs(0, points);
      Panel panel{fmt::format("α = {}, N = {}", alpha, width)};
      panel.x_axis({"x_1", false, -edge, edge}).y_axis({"x_2", false, -edge, edge});
      figure.panels.push_back(
          panel.heat_map("", x, x, Eigen::Map<const Eigen::MatrixXd>(phi.data(), cells, cells).transpose()));
    }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/importance_of_momenta", "5",
                  "Which network measures a propagator best, and which interactions come with it?"};
  const auto& mass =
      program.option("mass", 1., between(0.2, 5.), "mass m of the field, in units of the inverse length");
  const auto& cutoff = program.option("cutoff", 10., between(5., 20.), "momentum cutoff");
  const auto& width = program.option("width", 4, between(1, 256), "width N", "neurons");
  const auto& draws = program.samples(400000, 40000, 10000);
  program.figure("fs_kappa4",
                 "The interaction at four points against $\\alpha$: one free theory, and a vertex whose size "
                 "and even sign are a matter of "
                 "how momenta are drawn.");
  program.figure("fs_variance",
                 "The variance of a measured propagator against $\\alpha$: a bowl with its minimum at 0, or "
                 "slightly to the right "
                 "at a finite distance.");
  program.figure("fs_fields",
                 "Fields in the plane, with Gaussian amplitudes. A pair of neurons is a pair of plane waves, "
                 "of which one may drown the "
                 "other. With uniform momenta (above) most waves are short; drawn as the propagator weighs "
                 "them (below) they are longer. At width "
                 "2000 both look alike.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    const FreeScalar plane{2, mass, cutoff};
    const std::map<std::string, ByAlpha> vertices = compare_vertices(report, plane, width, draws);
    const ByAlpha variances = compare_variances(report, plane, width, draws);
    compare_alphas(report, plane);
    report.draw("fs_kappa4", {{vertex_panel(plane, vertices)}});
    report.draw("fs_variance", {{variance_panel(plane, width, variances)}});
    report.draw("fs_fields", field_figure(report, plane));
  });
}

// ## What we found
//
// The interaction is $N\kappa_4=$ @value vertex-const-alpha--1 for the net of the lectures, @value vertex-const-alpha-0 for momenta drawn as
// the propagator weighs them, and @value vertex-const-alpha-1 beyond.
//
// @figure fs_kappa4
//
// The price of uniform momenta is a factor @value cost-of-uniform-momenta in $\langle F^4\rangle$ at one point. At distance 1/2 the best
// $\alpha$ is @value best-alpha, hardly better than 0.
//
// @figure fs_variance
//
// @figure fs_fields
//
// @claims
//
// ## What can go wrong
//
// Variances and vertices at $\alpha=-1$ rest on the few neurons with small momenta, and their error bars are the largest.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which density of momenta minimises the variance at a given distance, among all densities? It is not in the family.
// 2. Which law of $s$ has no interaction at one point at $\alpha=0$?
