// # How do networks become a free scalar field, and which interactions come with it?
//
// Lecture §3.4 · after gauss_cos_scalar_nets · about 2 s on two cores
//
// **Question.** Choose the law of the momenta so that the two-point function of a network is the propagator $1/(p^2+m^2)$. What are its
// interactions, do they depend on the cutoff, and does the free theory determine them?
//
// ## The model
//
// The `Scalar-net`: momenta uniform in the ball $|b|<\Lambda$ of volume $V$, and
// $$ f(x)=\sqrt{\frac{2V}{(2\pi)^d}}\;\frac{\cos(b\cdot x+c)}{\sqrt{b^2+m^2}}. $$
// The `Cauchy-net` does it without a cutoff on the line: $b$ of the Cauchy law with scale $m$ and $f=\sqrt{2Z}\cos(bx+c)$,
// $Z=1/2m$.
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/feature_ensemble.hpp>
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/fields/scalar_net_moment.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// Averaging over the phase, $G_2(r)=\int_{|p|<\Lambda}\frac{d^dp}{(2\pi)^d}\frac{e^{ip\cdot r}}{p^2+m^2}$: a free scalar field of
// mass $m$ with a sharp cutoff, at every width. For the four-point function a neuron has one momentum for all four points, so
// $$ F_{1234}=\frac{V}{(2\pi)^d}\,\frac12\sum_3H(x_1+x_2-x_3-x_4),\qquad
//    H(r)=\int_{|p|<\Lambda}\frac{d^dp}{(2\pi)^d}\frac{e^{ip\cdot r}}{(p^2+m^2)^2}, $$
// and $NG^{(4)}_c=3F_{1234}-\sum_3G_2G_2$ grows like $V$. Although $G_2$ converges in one dimension, the loop parameter of the
// interaction is $V/N$ and not $1/N$: every neuron carries one momentum, and $V$ of them have to share the work.
Eigen::MatrixXd line_points() { return Eigen::RowVector4d{0, 0.7, -0.4, 1.1}; }

double scalar_vertex(const FreeScalar& field, const Eigen::MatrixXd& x) {
  return neuron_cumulant(scalar_net_moment(field, -1, x), 4);
}

// The Cauchy-net has $F_{1234}=\frac{Z^2}2\sum_3e^{-m|x_1+x_2-x_3-x_4|}$ and no cutoff at all: momenta are drawn as the propagator
// weighs them, so that all amplitudes are equal.
double cauchy_vertex(double mass, const Eigen::MatrixXd& x) {
  return neuron_cumulant(scalar_net_moment({1, mass}, 0, x), 4);
}

// At coinciding points of the line, in closed form: $G_2(0)=\frac{1}{\pi m}\arctan\frac\Lambda m$ and
// $H(0)=\frac1{2\pi}\bigl[\frac{\Lambda}{m^2(\Lambda^2+m^2)}+\frac1{m^3}\arctan\frac\Lambda m\bigr]$.
double coincident_two_point(const FreeScalar& field) {
  return std::atan(field.cutoff / field.mass) / (pi * field.mass);
}

double coincident_vertex(const FreeScalar& field) {
  const double m = field.mass, cutoff = field.cutoff, angle = std::atan(cutoff / m);
  const double h = (cutoff / (m * m * (cutoff * cutoff + m * m)) + angle / (m * m * m)) / (2 * pi);
  const double g = coincident_two_point(field);
  return 4.5 * (2 * cutoff / (2 * pi)) * h - 3 * g * g;
}

// ## One free theory, a line of interacting ones
//
// For any $f=\sqrt2A(b)\cos(bx+c)$, $b\sim P$, the two-point function fixes the product $PA^2$ only. At coinciding points
// $NG^{(4)}_c=\frac92\langle A^4\rangle-3\langle A^2\rangle^2\ge\frac32G_2(0)^2$, with equality if and only if $A$ is constant. A family
// between: $P\propto(b^2+m^2)^{-(1-t)}$, $A^2\propto(b^2+m^2)^{-t}$ with $0\le t<\frac12$. Every member has
// $G_2=e^{-m|r|}/2m$, and
// $$ \frac{NG^{(4)}_c}{Z^2}=\frac92\,\frac{\tan\pi t}{\pi t}-3, $$
// from $3/2$ for the Cauchy-net ($t=0$) to infinity.
double family_vertex(double t) { return 4.5 * (t > 0 ? std::tan(pi * t) / (pi * t) : 1) - 3; }

// ## What networks do
//
// The family has momenta up to $10^{33}$ and more, so its networks are evaluated in double precision, with a cosine that
// reduces any argument. Given the hidden layer, the network has the covariance $C$, and at a single point
// $NG^{(4)}_c=3N\,\mathrm{Var}\,C_{00}$.
struct Family {
  CentralMoments same;       ///< C at coinciding points
  CentralMoments separated;  ///< C at two points

  void merge(const Family& other) {
    same.merge(other.same);
    separated.merge(other.separated);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& same& separated;
  }
};

Family sample_family(Report& report, double mass, double t, double distance, int width, std::int64_t draws,
                     const std::string& purpose) {
  const std::string stage = fmt::format("{} t = {}", purpose, t);
  const Eigen::MatrixXd points = Eigen::RowVector2d{0, distance};
  return merged(sample_blocks(report, stage, draws, Family{}, [&](Block block, Family& family) {
    RandomFeatures<double> networks{PowerFeatures{mass, t}, 1, width, report.seed(), stage};
    std::vector<double> same, separated;
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const std::span<const double> f = networks.features(draw, points);
      const auto n = static_cast<std::size_t>(width);
      double c00 = 0, c01 = 0;
      for (std::size_t i = 0; i < n; ++i) {
        c00 += f[i] * f[i];
        c01 += f[i] * f[n + i];
      }
      same.push_back(c00 / width);
      separated.push_back(c01 / width);
    }
    family.same.add(same);
    family.separated.add(separated);
  }));
}

// ## The claims
constexpr double family_distance = 0.7, space_distance = 0.5, space_cutoff = 10;

void declare(Claims& claims, const std::vector<double>& cutoffs, const std::vector<double>& family) {
  for (const double cutoff : cutoffs) {
    claims
        .statistical(fmt::format("propagator-{}", cutoff), "GC-6",
                     fmt::format("$G_2(0.7)$ of the Scalar-net on the line, $\\Lambda={}$", cutoff))
        .independent();
    claims.statistical(fmt::format("vertex-{}", cutoff), "GC-7",
                       fmt::format("$NG^{{(4)}}_c$ of the Scalar-net on the line, $\\Lambda={}$", cutoff));
    claims.exact(
        fmt::format("coincident-{}", cutoff), "GC-8",
        fmt::format("$NG^{{(4)}}_c$ at coinciding points: closed form and quadrature, $\\Lambda={}$", cutoff),
        relative(1e-8));
    claims.bound(fmt::format("bound-{}", cutoff), "GC-8",
                 fmt::format("it is at least $\\frac32G_2(0)^2$, $\\Lambda={}$", cutoff), Side::above);
  }
  claims.statistical("vertex-cauchy", "GC-7", "$NG^{(4)}_c$ of the Cauchy-net on the line").independent();
  claims.exact("coincident-cauchy", "GC-8",
               "the Cauchy-net meets the bound: $NG^{(4)}_c=\\frac32Z^2$ at coinciding points",
               relative(1e-8));
  claims
      .statistical("propagator-space", "GC-9",
                   "$G_2(0.5)$ of the Scalar-net in three dimensions, $\\Lambda=10$")
      .independent();
  for (const double t : family) {
    claims
        .statistical(fmt::format("family-propagator-{}", t), "GC-10",
                     fmt::format("$G_2(0.7)=e^{{-0.7m}}/2m$ in the family, $t={}$", t))
        .independent();
    claims.statistical(fmt::format("family-vertex-{}", t), "GC-10",
                       fmt::format("$NG^{{(4)}}_c/Z^2=\\frac92\\tan(\\pi t)/\\pi t-3$, $t={}$", t));
  }
}

// ## The figures
Panel propagator_panel(Report& report, double mass, const std::vector<double>& cutoffs, int width,
                       std::int64_t draws) {
  Panel panel{"one line, three cutoffs"};
  panel.x_axis({"distance r", false, 0, 3}).y_axis({"G_2(r)"}).legend("top right");
  for (std::size_t k = 0; k < cutoffs.size(); ++k) {
    const FreeScalar field{1, mass, cutoffs[k]};
    std::vector<double> r, theory, at, measured, error;
    for (int i = 0; i <= 150; ++i) {
      r.push_back(i / 50.);
      theory.push_back(cutoff_integral(field, r.back()));
    }
    for (int i = 0; i <= 7; ++i) {
      at.push_back(0.4 * i + 0.1);
      const Estimate two =
          sample_features(
              report, fmt::format("figure, cutoff {} at {}", cutoffs[k], at.back()), report.seed(),
              {ScalarFeatures{mass, cutoffs[k]}, Eigen::RowVector4d{0, at.back(), 0, 0}, width, draws},
              ConditionalFour{})
              .two_point();
      measured.push_back(two.value);
      error.push_back(two.standard_error);
    }
    panel.line(static_cast<int>(k), fmt::format("Λ = {}", cutoffs[k]), r, theory)
        .points(static_cast<int>(k), "", at, measured, error);
  }
  std::vector<double> r, limit;
  for (int i = 0; i <= 60; ++i) {
    r.push_back(i / 20.);
    limit.push_back(cutoff_integral({1, mass}, r.back()));
  }
  return panel.guide("no cutoff", r, limit);
}

Panel cutoff_panel(double mass) {
  Panel panel{"interaction at coinciding points"};
  panel.x_axis({"cutoff Λ/m", true}).y_axis({"N G_c^{(4)}", true}).legend("top left");
  std::vector<double> cutoff, scalar, cauchy;
  for (int i = 0; i <= 60; ++i) {
    cutoff.push_back(std::pow(10, i / 20.));
    scalar.push_back(coincident_vertex({1, mass, cutoff.back() * mass}));
    cauchy.push_back(1.5 / (4 * mass * mass));
  }
  return panel.line(0, "Scalar-net", cutoff, scalar).line(1, "Cauchy-net, no cutoff", cutoff, cauchy);
}

Panel family_panel(const std::vector<double>& t, const std::vector<Estimate>& vertices) {
  Panel panel;
  panel.x_axis({"member t of the family", false, -0.02, 0.45})
      .y_axis({"N G_c^{(4)}/Z^2", false, 0, 14})
      .legend("top left");
  std::vector<double> x, theory, y, error;
  for (int i = 0; i <= 88; ++i) {
    x.push_back(i / 200.);
    theory.push_back(family_vertex(x.back()));
  }
  for (const Estimate& measured : vertices) {
    y.push_back(measured.value);
    error.push_back(measured.standard_error);
  }
  return panel.line(0, "exact", x, theory).points(0, "networks", t, y, error);
}

Figure path_figure(const Report& report, double mass, const std::vector<double>& cutoffs) {
  Figure figure{{}, 2, 460, 300};
  std::vector<double> x;
  for (int i = -120; i <= 120; ++i) x.push_back(i / 40.);
  const Eigen::MatrixXd points =
      Eigen::Map<const Eigen::RowVectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
  for (const double cutoff : {cutoffs.front(), cutoffs.back()})
    for (const int width : {10, 1000}) {
      Panel panel{fmt::format("Λ = {}, N = {}", cutoff, width)};
      panel.x_axis({"x", false, -3, 3}).y_axis({"φ(x)"}).legend("off");
      RandomFeatures<double> networks{ScalarFeatures{mass, cutoff}, 1, width, report.seed(), "paths"};
      for (int path = 0; path < 5; ++path)
        panel.line(path, fmt::format("network {}", path), x,
                   networks.outputs(static_cast<std::uint64_t>(path), points));
      figure.panels.push_back(panel);
    }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/scalar_nets", "3.4",
                  "How do networks become a free scalar field, and which interactions come with it?"};
  const auto& mass = program.option("mass", 1., between(0.05, 20.),
                                    "mass m of the field; 0 is refused, since the propagator of a massless "
                                    "field diverges on the line and in the plane");
  const auto& cutoffs =
      program.list("cutoffs", std::vector{5., 10., 40.}, Range<double>{0, 200, true}, "cutoffs Λ");
  const auto& family =
      program.list("family", std::vector{0., 0.1, 0.25, 0.4}, between(0., 0.42), "members t of the family");
  const auto& width = program.option("width", 10, between(1, 1024), "width N", "neurons");
  const auto& draws = program.samples(200000, 20000, 10000);
  program.figure(
      "gc_scalar",
      "Left: the propagator on the line for three cutoffs, sampled and exact. Right: the interaction of the "
      "Scalar-net grows with its cutoff, while its free theory converges; the Cauchy-net has none.");
  program.figure("gc_family", "A line of interacting theories with one and the same propagator.");
  program.figure("gc_paths",
                 "Five fields each: a low and a high cutoff, few and many neurons. Few neurons with a high "
                 "cutoff make bad "
                 "fields: most carry a momentum of no weight.");
  program.claims([&](Claims& claims) { declare(claims, cutoffs, family); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. The Scalar-net on the line, and its coinciding points in two ways
    const Eigen::MatrixXd x = line_points();
    for (const double cutoff : cutoffs) {
      const FreeScalar field{1, mass, cutoff};
      const ConditionalFour sampled =
          sample_features(report, fmt::format("cutoff {}", cutoff), report.seed(),
                          {ScalarFeatures{mass, cutoff}, x, width, 5 * draws}, ConditionalFour{});
      report.compare(fmt::format("propagator-{}", cutoff), cutoff_integral(field, x(0, 1) - x(0, 0)),
                     sampled.two_point());
      report.compare(fmt::format("vertex-{}", cutoff), scalar_vertex(field, x),
                     sampled.estimate().times(width));
      const double quadrature = scalar_vertex(field, Eigen::MatrixXd::Zero(1, 4));
      report.compare(fmt::format("coincident-{}", cutoff), coincident_vertex(field), quadrature);
      report.compare(fmt::format("bound-{}", cutoff), 1.5 * std::pow(coincident_two_point(field), 2),
                     quadrature);
    }

    // 2. The Cauchy-net
    report.compare("vertex-cauchy", cauchy_vertex(mass, x),
                   sample_features(report, "Cauchy-nets", report.seed(),
                                   {CauchyFeatures{mass}, x, width, 5 * draws}, ConditionalFour{})
                       .estimate()
                       .times(width));
    report.compare("coincident-cauchy", 1.5 / (4 * mass * mass),
                   cauchy_vertex(mass, Eigen::MatrixXd::Zero(1, 4)));

    // 3. In three dimensions
    Eigen::MatrixXd space = Eigen::MatrixXd::Zero(3, 4);
    space(1, 1) = space_distance;
    report.compare(
        "propagator-space", cutoff_integral({3, mass, space_cutoff}, space_distance),
        sample_features(report, "three dimensions", report.seed(),
                        {ScalarFeatures{mass, space_cutoff}, space, width, 5 * draws}, ConditionalFour{})
            .two_point());

    // 4. The family
    const double z = 1 / (2 * mass);
    std::vector<Estimate> vertices;
    for (const double t : family) {
      const Family sampled = sample_family(report, mass, t, family_distance, 5, 2 * draws, "family");
      vertices.push_back(variance_estimate(sampled.same).times(3 * 5 / (z * z)));
      report.compare(fmt::format("family-propagator-{}", t), z * std::exp(-mass * family_distance),
                     mean_estimate(sampled.separated));
      report.compare(fmt::format("family-vertex-{}", t), family_vertex(t), vertices.back());
    }

    // 5. Draw
    report.draw(
        "gc_scalar",
        {{propagator_panel(report, mass, cutoffs, width, draws / 10), cutoff_panel(mass)}, 2, 480, 400});
    report.draw("gc_family", {{family_panel(family, vertices)}});
    report.draw("gc_paths", path_figure(report, mass, cutoffs));
  });
}

// ## What we found
//
// At $\Lambda=10$ the sampled propagator is @value propagator-10, the integral @predicted propagator-10; in three dimensions
// @value propagator-space against @predicted propagator-space. The free theory hardly notices the cutoff.
//
// @figure gc_scalar
//
// The interaction does: @value vertex-5, @value vertex-10 and @value vertex-40 for three cutoffs. The Cauchy-net has
// @value vertex-cauchy without any.
//
// @figure gc_paths
//
// The family has one propagator, @value family-propagator-0.1 and @value family-propagator-0.4 at the same distance, and interactions
// from @value family-vertex-0 to @value family-vertex-0.4 in units of $Z^2$. Knowing the free theory says nothing about the
// interacting one, except that the interaction is never below $\frac32G_2(0)^2$.
//
// @figure gc_family
//
// @claims
//
// ## What can go wrong
//
// At a high cutoff, few of the neurons have a momentum that matters, and the four-point function rests on them: the number of
// draws times $m/\Lambda$ must stay large, so that cutoffs end at 200. Beyond $t=0.42$ momenta of the family would leave the
// range of double precision.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. How many neurons does a Scalar-net in three dimensions need for the same interaction as on the line? Use $V/N$.
// 2. Show the bound $\frac32G_2(0)^2$. Which weights $w$ would remove the interaction of the Cauchy-net altogether?
