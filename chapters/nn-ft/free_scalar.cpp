// # Does a network of finite width realise the free massive scalar?
//
// Lecture §5 · the first program of the chapter · about 5 s on two cores
//
// **Question.** A free field is fixed by its propagator, $1/(p^2+m^2)$. Is there a network of finite width that has exactly this one,
// in one, two and three dimensions? There are many; which of them measures it with the smallest error, and what are its
// interactions?
//
// ## The model
//
// A neuron is a plane wave with a random momentum $b$ from the ball $B_\Lambda$, a random phase and a random amplitude $s$,
// $$ F(x)=s\,\sqrt{2Z_\alpha}\,(b^2+m^2)^{\alpha/2}\cos(b\cdot x+c),\qquad
//    p_\alpha(b)=\frac{(b^2+m^2)^{-1-\alpha}}{(2\pi)^dZ_\alpha}, $$
// and $\phi(x)=N^{-1/2}\sum_{i=1}^NF_i(x)$. The exponent $\alpha$ says how the propagator is shared between the density of momenta
// and the amplitudes: at $\alpha=-1$, the Scalar-net of the lectures, momenta are uniform; at $\alpha=0$ they are drawn as the propagator
// weighs them, and all amplitudes are equal. The law of $s$ is `const`, $s=1$, or `gauss`, with $\langle s^2\rangle=1$.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/feature_ensemble.hpp>
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says: the propagator
//
// The average over the phase leaves $\langle\phi(x)\phi(y)\rangle=\int_{B_\Lambda}\frac{d^dp}{(2\pi)^d}\frac{\cos p\cdot r}{p^2+m^2}$: for
// every $N$, every $\alpha$ and every law of $s$. Write $I_\beta(r)$ for the same integral with $(p^2+m^2)^{-1-\beta}$, and
// $Z_\beta=I_\beta(0)$.
double integral(const FreeScalar& field, double beta, double r) {
  return cutoff_integral(field, r, 1 + beta);
}

// ## What theory says: the interaction
//
// One neuron has one momentum for all four points, and a product of four cosines leaves three terms,
// $$ \langle F_1F_2F_3F_4\rangle=\mu_4\frac{Z_\alpha}2\bigl[I_{-\alpha}(x_1+x_2-x_3-x_4)+\text{2 more}\bigr],\qquad
//    N\kappa_4=\langle F_1F_2F_3F_4\rangle-G_{12}G_{34}-G_{13}G_{24}-G_{14}G_{23}. $$
double distance(const Eigen::VectorXd& x) { return x.norm(); }

double predicted_vertex(const FreeScalar& field, double alpha, double mu4, const Eigen::MatrixXd& x) {
  const double z = integral(field, alpha, 0);
  double sum = 0;
  for (const auto& [a, b, c, d] : {std::array{0, 1, 2, 3}, std::array{0, 2, 1, 3}, std::array{0, 3, 1, 2}})
    sum +=
        mu4 * z / 2 * integral(field, -alpha, distance(x.col(a) + x.col(b) - x.col(c) - x.col(d))) -
        integral(field, 0, distance(x.col(a) - x.col(b))) * integral(field, 0, distance(x.col(c) - x.col(d)));
  return sum;
}

// ## What theory says: the best network
//
// The estimator $\phi(x)\phi(y)$ of one network has the variance
// $$ G(0)^2+G(r)^2+\frac1N\Bigl\{\mu_4\frac{Z_\alpha}2[2Z_{-\alpha}+I_{-\alpha}(2r)]-G(0)^2-2G(r)^2\Bigr\}. $$
// At $r=0$ it depends on $\alpha$ through $Z_\alpha Z_{-\alpha}\ge Z_0^2$: choosing momenta by importance, $\alpha=0$, is best, and averaging
// over the phases as well would leave no variance at all. At finite distance the best $\alpha$ is slightly positive.
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
// A network is drawn through its features; the amplitudes $s$ are one for `const`.
struct Product {
  CentralMoments moments;

  void merge(const Product& other) { moments.merge(other.moments); }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& moments;
  }
};

std::vector<double> constant_amplitude_fields(std::span<const float> features, Eigen::Index points) {
  const std::size_t width = features.size() / static_cast<std::size_t>(points);
  std::vector<double> phi;
  for (std::size_t p = 0; p < static_cast<std::size_t>(points); ++p) {
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += features[p * width + i];
    phi.push_back(sum / std::sqrt(static_cast<double>(width)));
  }
  return phi;
}

// Moments of $\phi(x)\phi(y)$ for points on the first axis.
Product sample_product(Report& report, const FeatureLaw& law, int dimension, double r, int width,
                       std::int64_t draws, const std::string& stage) {
  Eigen::MatrixXd points = Eigen::MatrixXd::Zero(dimension, 2);
  points(0, 1) = r;
  return merged(sample_blocks(report, stage, draws, Product{}, [&](Block block, Product& product) {
    RandomFeatures<float> networks{law, dimension, width, report.seed(), stage};
    std::vector<double> values;
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const std::vector<double> phi = constant_amplitude_fields(networks.features(draw, points), 2);
      values.push_back(phi[0] * phi[1]);
    }
    product.moments.add(values);
  }));
}

Estimate measure_vertex(Report& report, const std::string& law, const ScalarFeatures& features,
                        const Eigen::MatrixXd& points, int width, std::int64_t draws) {
  const std::string stage = fmt::format("vertex, {} amplitudes, alpha = {}", law, features.alpha);
  // Gaussian amplitudes are averaged exactly; constant ones have to be seen in the outputs
  if (law == "gauss")
    return sample_features(report, stage, report.seed(), {features, points, width, draws}, ConditionalFour{})
        .estimate()
        .times(width);
  return merged(sample_blocks(report, stage, draws, NaiveFour{},
                              [&](Block block, NaiveFour& estimator) {
                                RandomFeatures<float> networks{features, 2, width, report.seed(), stage};
                                for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                                  const std::vector<double> phi =
                                      constant_amplitude_fields(networks.features(draw, points), 4);
                                  estimator.add({phi[0], phi[1], phi[2], phi[3]});
                                }
                              }))
      .estimate()
      .times(width);
}

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
      const std::vector<double> phi =
          constant_amplitude_fields(networks.features(draw, points), points.cols());
      const Eigen::VectorXcd transform =
          waves * Eigen::Map<const Eigen::VectorXd>(phi.data(), points.cols()).cast<std::complex<double>>();
      averages.add(transform.cwiseAbs2() / (std::sqrt(pi) * window));
    }
  }));
}

// ## The claims
constexpr double unit_distance = 1, half = 0.5, position_cutoff = 20, plane_cutoff = 10;
const std::vector<double> alphas{-1, -0.5, 0, 0.5, 1};
const std::map<std::string, double> amplitude_laws{{"const", 1}, {"gauss", 3}};

Eigen::MatrixXd plane_points() {
  return (Eigen::MatrixXd(2, 4) << 0, 0.5, 0.2, -0.4, 0, 0, 0.7, 0.3).finished();
}

std::string position_id(int dimension, int width, double alpha) {
  return fmt::format("propagator-{}d-width-{}-alpha-{}", dimension, width, alpha);
}

std::string alpha_id(const char* what, double alpha) { return fmt::format("{}-alpha-{}", what, alpha); }

void declare(Claims& claims, int width) {
  for (int dimension = 1; dimension <= 3; ++dimension) {
    const auto propagator = [&](int n, double alpha, const char* code) {
      claims
          .statistical(position_id(dimension, n, alpha), code,
                       fmt::format("$G(1)$ in {} dimensions, $N={}$, $\\alpha={}$, is the cutoff integral",
                                   dimension, n, alpha))
          .independent();
    };
    propagator(width, 0, "FS1");
    for (const int n : {1, 16})
      for (const double alpha : {-1., 0.})
        if (n != width || alpha != 0) propagator(n, alpha, "FS2");
    claims.exact(
        fmt::format("amplitude-{}d", dimension), "FS3",
        fmt::format(
            "amplitude $\\sqrt{{2Z_{{-1}}}}$ of the lectures' net in {} dimensions: volume and quadrature",
            dimension),
        relative(1e-10));
  }
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
  for (const double alpha : {-1., -0.5, -0.25, 0.25, 0.5, 1.})
    claims.bound(alpha_id("ranking", alpha), "FS8",
                 fmt::format("at $r=0$ the variance at $\\alpha={}$ is above that at $\\alpha=0$", alpha),
                 Side::above);
  claims.exact("best-alpha", "FS8",
               "the best $\\alpha$ at distance 1/2 in the plane: minimum and zero of the derivative",
               absolute(5e-4));
  for (const double p : spectrum_momenta)
    claims.statistical(fmt::format("spectrum-{}", p), "FS9",
                       fmt::format("the windowed spectrum of networks of width 8 at $p={}$", p));
}

// ## The experiment, step by step
void compare_positions(Report& report, double mass, int width, std::int64_t draws) {
  for (int dimension = 1; dimension <= 3; ++dimension) {
    const FreeScalar field{dimension, mass, position_cutoff};
    const auto compare = [&](int n, double alpha) {
      report.compare(
          position_id(dimension, n, alpha), integral(field, 0, unit_distance),
          mean_estimate(sample_product(report, ScalarFeatures{mass, position_cutoff, alpha}, dimension,
                                       unit_distance, n, draws, position_id(dimension, n, alpha))
                            .moments));
    };
    compare(width, 0);
    for (const int n : {1, 16})
      for (const double alpha : {-1., 0.})
        if (n != width || alpha != 0) compare(n, alpha);
    report.compare(fmt::format("amplitude-{}d", dimension),
                   std::sqrt(2 * momentum_ball(field) / std::pow(2 * pi, dimension)),
                   std::sqrt(2 * integral(field, -1, 0)));
  }
}

// The mean square of the amplitudes of a network is twice its phase-averaged $\phi(x)^2$.
double variance_without_phases(const Report& report, double mass) {
  RandomFeatures<double> networks{ScalarFeatures{mass, plane_cutoff, 0}, 2, 4, report.seed(), "amplitudes"};
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
  report.compare("no-variance", 1e-24, variance_without_phases(report, plane.mass));
  for (const double alpha : {-1., -0.5, -0.25, 0.25, 0.5, 1.})
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
        sample_product(report, ScalarFeatures{plane.mass, plane.cutoff, alpha}, 2, half, width, draws, id)
            .moments);
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
Figure position_figure(Report& report, double mass, int width, std::int64_t draws) {
  Figure figure{{}, 3, 380, 380};
  for (int dimension = 1; dimension <= 3; ++dimension) {
    const FreeScalar field{dimension, mass, position_cutoff};
    Panel panel{fmt::format("d = {}", dimension)};
    panel.x_axis({"distance r", false, 0, 3}).y_axis({"G(r)", true}).legend("top right");
    std::vector<double> r, cut, limit, at, measured, error;
    for (int i = 2; i <= 120; ++i) {
      r.push_back(i / 40.);
      cut.push_back(integral(field, 0, r.back()));
      limit.push_back(cutoff_integral({dimension, mass}, r.back()));
    }
    for (int i = 1; i <= 8; ++i) {
      const double distance = 0.25 * i;
      const Estimate mean = mean_estimate(
          sample_product(report, ScalarFeatures{mass, position_cutoff, 0}, dimension, distance, width, draws,
                         fmt::format("figure, {} dimensions at {}", dimension, distance))
              .moments);
      if (mean.value < 2 * mean.standard_error) continue;  // a logarithm needs its sign
      at.push_back(distance);
      measured.push_back(mean.value);
      error.push_back(mean.standard_error);
    }
    figure.panels.push_back(panel.line(0, "cutoff Λ = 20", r, cut)
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

Figure field_figure(const Report& report, double mass) {
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
      RandomFeatures<double> network{ScalarFeatures{mass, plane_cutoff, alpha}, 2, width, report.seed(),
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
  Program program{"nn-ft/free_scalar", "5",
                  "Does a network of finite width realise the free massive scalar?"};
  const auto& mass =
      program.option("mass", 1., between(0.2, 5.), "mass m of the field, in units of the inverse length");
  const auto& width = program.option("width", 4, between(1, 256), "width N", "neurons");
  const auto& draws = program.samples(400000, 40000, 10000);
  program.figure("fs_position",
                 "The propagator in one, two and three dimensions: networks of a few neurons on the cutoff "
                 "integral. A hard "
                 "cutoff is crude: its oscillations around the propagator without cutoff do not go away with "
                 "the width.");
  program.figure("fs_momentum",
                 "The propagator in momentum space, from field values seen through a window of width 4.");
  program.figure(
      "fs_kappa4",
      "The interaction against $\\alpha$: networks of the same free theory have any interaction from "
      "attractive to repulsive.");
  program.figure("fs_variance",
                 "The variance of a measured propagator against $\\alpha$: a bowl with its minimum at 0, or "
                 "slightly to the right "
                 "at a finite distance.");
  program.figure(
      "fs_fields",
      "Fields in the plane. Two neurons are two plane waves. With uniform momenta (above) most waves are "
      "short and carry "
      "no weight; with momenta drawn as the propagator weighs them (below) few neurons do better.");
  program.claims([&](Claims& claims) { declare(claims, width); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. The propagator in three dimensions, at several widths
    compare_positions(report, mass, width, draws);

    // 2. The interaction, and the error of a measured propagator, in the plane
    const FreeScalar plane{2, mass, plane_cutoff};
    const std::map<std::string, ByAlpha> vertices = compare_vertices(report, plane, width, draws);
    const ByAlpha variances = compare_variances(report, plane, width, draws);
    compare_alphas(report, plane);

    // 3. Momentum space
    const FreeScalar line{1, mass, plane_cutoff};
    const Averages spectrum =
        sample_spectrum(report, {mass, plane_cutoff, 0}, 8, draws / 4, spectrum_momenta);
    for (std::size_t k = 0; k < spectrum_momenta.size(); ++k)
      report.compare(fmt::format("spectrum-{}", spectrum_momenta[k]),
                     predicted_spectrum(line, spectrum_momenta[k]),
                     spectrum.mean(static_cast<Eigen::Index>(k)));

    // 4. Draw
    report.draw("fs_position", position_figure(report, mass, width, draws / 4));
    report.draw("fs_momentum", {{spectrum_panel(line, spectrum_momenta, spectrum)}});
    report.draw("fs_kappa4", {{vertex_panel(plane, vertices)}});
    report.draw("fs_variance", {{variance_panel(plane, width, variances)}});
    report.draw("fs_fields", field_figure(report, mass));
  });
}

// ## What we found
//
// A single neuron has the propagator of the free field: in three dimensions $G(1)=$ @value propagator-3d-width-1-alpha-0, sixteen have
// @value propagator-3d-width-16-alpha-0, where the cutoff integral is @predicted propagator-3d-width-1-alpha-0.
//
// @figure fs_position
//
// @figure fs_momentum
//
// What the width and $\alpha$ do change is the interaction, $N\kappa_4=$ @value vertex-const-alpha--1 for the net of the lectures and
// @value vertex-const-alpha-0 for momenta drawn by importance.
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
// A sharp cutoff in momentum space makes the propagator oscillate in position space, by many percent at distances of a few units
// in three dimensions; these are properties of the cutoff and not of the networks. Variances and vertices at $\alpha=-1$ rest on the few neurons
// with small momenta, and their error bars are the largest.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which density of momenta minimises the variance at a given distance, among all densities? It is not in the family.
// 2. Replace the hard ball by a Gaussian cutoff. How do the oscillations in position space change?
