// # How does a symmetry of the parameters become a symmetry of the field?
//
// Lecture §3.3 · after non_gaussian · about 3 s on two cores
//
// **Question.** If the density of the parameters has a symmetry, which correlators are forced to respect it, and how large is the
// violation if it has not?
//
// ## The model
//
// Networks with one hidden layer, $\phi_a(x)=N^{-1/2}\sum_iw_{ia}f_i(x)$. A transformation $g$ of inputs or outputs that can be
// undone by a change of the parameters, $\phi_{\theta}(g\cdot x)=\phi_{g'\theta}(x)$, is a symmetry of all correlators if
// $P(g'\theta)=P(\theta)$: the average over $\theta$ cannot tell the difference.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/feature_ensemble.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/special_functions/sinc.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## Sign flips
//
// If the law of $w$ is even, $w\to-w$ shows that all odd correlators vanish. A skewed law, $w=E-1$ with $E\sim\mathrm{Exp}(1)$
// and $\kappa_3=2$, breaks this: $\langle\phi_1\phi_2\phi_3\rangle=\kappa_3F_{123}/\sqrt N$. The cosine would hide it (its own odd
// moments vanish), so the neuron here is $f=e^{bx-sx^2}$.
constexpr double parity_variance = 0.2;

Eigen::MatrixXd parity_points() { return Eigen::RowVector3d{0.3, -0.2, 0.5}; }

double predicted_three_point(double third_cumulant, int width) {
  return third_cumulant * gauss_net_moment(parity_variance, parity_points())({0, 1, 2}) / std::sqrt(width);
}

Estimate measure_three_point(Report& report, const std::string& weights, int width, std::int64_t draws) {
  const std::string stage = fmt::format("{} weights", weights);
  const auto sample = [&](Block block, Averages& averages) {
    RandomFeatures<float> networks{GaussFeatures{parity_variance}, 1, width, report.seed(), stage};
    const Stream outputs{report.seed(), stage + ": weights"};
    const Eigen::MatrixXd points = parity_points();
    const auto n = static_cast<std::size_t>(width);
    std::vector<double> w(n);
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      if (weights == "even") {
        outputs.normals(draw, w);
      } else {
        outputs.exponentials(draw, w);
        for (double& value : w) value -= 1;
      }
      const std::span<const float> f = networks.features(draw, points);
      double product = 1;
      for (std::size_t p = 0; p < 3; ++p) {
        double phi = 0;
        for (std::size_t i = 0; i < n; ++i) phi += w[i] * f[p * n + i];
        product *= phi / std::sqrt(width);
      }
      averages.add(Eigen::Matrix<double, 1, 1>{product});
    }
  };
  return merged(sample_blocks(report, stage, draws, Averages{1}, sample)).mean(0);
}

// ## Rotations of the output
//
// Two outputs share a hidden layer. They can be rotated into each other if the law of the pair $(w_{i1},w_{i2})$ is isotropic. A
// polynomial that feels a rotation by 45 degrees, $T=\frac12(\phi_1^4+\phi_2^4)-3\phi_1^2\phi_2^2$, has the mean
// $$ \langle T\rangle = \frac{(\mu_4-3\mu_{22})\langle f^4\rangle}{N}, \qquad \mu_{22}=\langle w_{i1}^2w_{i2}^2\rangle, $$
// with $\langle f^4\rangle=3/2$ for $f=\sqrt2\cos c$. And the connected function of two different outputs,
// $G_c(1122)=(\mu_{22}\langle f^4\rangle-1)/N$, vanishes neither for independent weights nor for Gaussian ones: the outputs
// share their neurons.
struct PairLaw {
  const char* name;
  double fourth;  ///< mu_4
  double mixed;   ///< mu_22
};

const std::vector<PairLaw> pair_laws{
    {"gauss", 3, 1}, {"circle", 1.5, 0.5}, {"uniform", 1.8, 1}, {"sign", 1, 1}};
constexpr double fourth_of_cosine = 1.5;

class TwoOutputs {
 public:
  TwoOutputs(std::string law, int width, std::uint64_t seed, const std::string& name)
      : law_{std::move(law)},
        network_{CosFeatures{1}, 1, width, seed, name},
        weights_{seed, name + ": pairs"},
        w_(2 * static_cast<std::size_t>(width)) {}

  std::array<double, 2> operator()(std::uint64_t draw) {
    draw_pairs(draw);
    const std::span<const float> f = network_.features(draw, Eigen::MatrixXd::Zero(1, 1));
    std::array<double, 2> phi{};
    for (std::size_t i = 0; i < f.size(); ++i)
      for (std::size_t a = 0; a < 2; ++a) phi[a] += w_[2 * i + a] * f[i];
    for (double& value : phi) value /= std::sqrt(static_cast<double>(f.size()));
    return phi;
  }

 private:
  void draw_pairs(std::uint64_t draw) {
    if (law_ == "gauss") return weights_.normals(draw, w_);
    if (law_ == "sign") return weights_.signs(draw, w_);
    weights_.uniforms(draw, w_);
    for (std::size_t i = 0; i < w_.size(); i += 2) {
      if (law_ == "circle") {
        const double angle = 2 * pi * w_[i];
        w_[i] = std::numbers::sqrt2 * std::cos(angle);
        w_[i + 1] = std::numbers::sqrt2 * std::sin(angle);
      } else {
        for (std::size_t a = 0; a < 2; ++a) w_[i + a] = std::sqrt(12) * (w_[i + a] - 0.5);
      }
    }
  }

  std::string law_;
  RandomFeatures<float> network_;
  Stream weights_;
  std::vector<double> w_;
};

struct Rotation {
  Averages test{1};    ///< T
  NaiveFour vertex{};  ///< at (1, 1, 2, 2)

  void merge(const Rotation& other) {
    test.merge(other.test);
    vertex.merge(other.vertex);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& test& vertex;
  }
};

Rotation sample_rotation(Report& report, const std::string& law, int width, std::int64_t draws) {
  const std::string stage = fmt::format("pairs of the {} law", law);
  return merged(sample_blocks(report, stage, draws, Rotation{}, [&](Block block, Rotation& rotation) {
    TwoOutputs networks{law, width, report.seed(), stage};
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const auto [one, two] = networks(draw);
      const double a = one * one, b = two * two;
      rotation.test.add(Eigen::Matrix<double, 1, 1>{(a * a + b * b) / 2 - 3 * a * b});
      rotation.vertex.add({one, one, two, two});
    }
  }));
}

// ## Rotations of the input
//
// In the plane, momenta of an isotropic law make the two-point function depend on $|x-y|$ alone. Independent components on
// $[-\sqrt3,\sqrt3]$ have the same variance, but give $\mathrm{sinc}(\sqrt3r)$ along an axis and
// $\mathrm{sinc}^2(\sqrt{3/2}\,r)$ along the diagonal.
constexpr double rotation_radius = 2;

double predicted_kernel(MomentumLaw momenta, double angle) {
  const double x = rotation_radius * std::cos(angle), y = rotation_radius * std::sin(angle);
  if (momenta == MomentumLaw::gaussian) return std::exp(-(x * x + y * y) / 2);
  return boost::math::sinc_pi(std::sqrt(3) * x) * boost::math::sinc_pi(std::sqrt(3) * y);
}

Estimate measure_kernel(Report& report, MomentumLaw momenta, double angle, std::int64_t draws,
                        const std::string& stage) {
  Eigen::MatrixXd points =
      Eigen::MatrixXd::Zero(2, 4);  // the estimator wants four; two of them stay at the origin
  points.col(1) << rotation_radius * std::cos(angle), rotation_radius * std::sin(angle);
  return sample_features(report, stage, report.seed(),
                         {CosFeatures{1, PhaseLaw::full, momenta}, points, 1, draws}, ConditionalFour{})
      .two_point();
}

// ## The claims
//
// At $n$ draws the skewed law is seen with a significance that grows like $\sqrt n$.
double required_significance(std::int64_t draws) { return 20 * std::sqrt(static_cast<double>(draws) / 4e5); }

const std::map<std::string, double> directions{{"axis", 0}, {"diagonal", pi / 4}};
const std::map<std::string, MomentumLaw> momentum_laws{{"gaussian", MomentumLaw::gaussian},
                                                       {"uniform", MomentumLaw::uniform}};

void declare(Claims& claims) {
  for (const char* weights : {"even", "skew"})
    claims
        .statistical(fmt::format("three-point-{}", weights), "SY-1",
                     fmt::format("$\\langle\\phi_1\\phi_2\\phi_3\\rangle$ with {} weights", weights))
        .independent();
  claims.bound(
      "three-point-skew-seen", "SY-1",
      "the skewed law breaks the sign flip by at least twenty standard errors per $4\\cdot10^5$ draws",
      Side::above);
  for (const PairLaw& law : pair_laws) {
    claims
        .statistical(fmt::format("rotation-{}", law.name), "SY-2",
                     fmt::format("$\\langle T\\rangle$ of two outputs with {} weights is "
                                 "$(\\mu_4-3\\mu_{{22}})\\langle f^4\\rangle/N$",
                                 law.name))
        .independent();
    claims.statistical(fmt::format("two-outputs-{}", law.name), "SY-3",
                       fmt::format("$G_c(1122)$ of two outputs with {} weights", law.name));
  }
  for (const auto& [momenta, law] : momentum_laws)
    for (const auto& [direction, angle] : directions)
      claims
          .statistical(fmt::format("plane-{}-{}", momenta, direction), "SY-6",
                       fmt::format("$G_2$ at distance 2 along the {} with {} momenta", direction, momenta))
          .independent();
}

// ## The figures
Panel angle_panel(Report& report, std::int64_t draws) {
  Panel panel;
  panel.x_axis({"direction in degrees", false, 0, 360})
      .y_axis({"two-point function at distance 2", false, -0.15, 0.3});
  int colour = 0;
  for (const auto& [name, law] : momentum_laws) {
    std::vector<double> angle, theory, at, measured, error;
    for (int degrees = 0; degrees <= 360; degrees += 3) {
      angle.push_back(degrees);
      theory.push_back(predicted_kernel(law, degrees * pi / 180));
    }
    for (int degrees = 0; degrees < 360; degrees += 15) {
      const Estimate kernel = measure_kernel(report, law, degrees * pi / 180, draws,
                                             fmt::format("{} momenta at {} degrees", name, degrees));
      at.push_back(degrees);
      measured.push_back(kernel.value);
      error.push_back(kernel.standard_error);
    }
    panel.line(colour, name + " components", angle, theory).points(colour, "", at, measured, error);
    ++colour;
  }
  return panel;
}

Figure density_figure(Report& report, std::int64_t draws) {
  constexpr int cells = 48;
  constexpr double edge = 3;
  Figure figure{{}, 3, 340, 300};
  for (const int width : {1, 4, 64}) {
    TwoOutputs networks{"sign", width, report.seed(), fmt::format("cloud of width {}", width)};
    Eigen::MatrixXd density = Eigen::MatrixXd::Zero(cells, cells);
    for (std::uint64_t draw = 0; draw < static_cast<std::uint64_t>(draws); ++draw) {
      const auto [one, two] = networks(draw);
      const double column = (one + edge) / (2 * edge) * cells, row = (two + edge) / (2 * edge) * cells;
      if (column >= 0 && column < cells && row >= 0 && row < cells)
        density(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) += 1;
    }
    // Densities differ by orders of magnitude; their root shows both ends
    density = (density / density.maxCoeff()).cwiseSqrt().eval();
    std::vector<double> centres;
    for (int i = 0; i < cells; ++i) centres.push_back(edge * (2 * (i + 0.5) / cells - 1));
    Panel panel{fmt::format("N = {}", width)};
    panel.x_axis({"φ_1", false, -edge, edge}).y_axis({"φ_2", false, -edge, edge});
    figure.panels.push_back(panel.heat_map("√density, relative", centres, centres, density));
  }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/symmetries", "3.3",
                  "How does a symmetry of the parameters become a symmetry of the field?"};
  const auto& width = program.option("width", 6, between(1, 256), "width N", "neurons");
  const auto& draws = program.samples(200000, 20000, 5000);
  program.figure("sym_rotation",
                 "The two-point function at distance 2 against the direction: constant for Gaussian momenta, "
                 "with four lobes for "
                 "independent uniform components of the same variance.");
  program.figure(
      "sym_so2",
      "The law of two outputs whose weights are independent signs: at width 1 they live on the two "
      "diagonals, and become isotropic as the interactions die out.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Sign flips
    const Estimate even = measure_three_point(report, "even", width, 2 * draws);
    const Estimate skew = measure_three_point(report, "skew", width, 2 * draws);
    report.compare("three-point-even", 0, even);
    report.compare("three-point-skew", predicted_three_point(2, width), skew);
    report.compare("three-point-skew-seen", required_significance(2 * draws),
                   skew.value / skew.standard_error);

    // 2. Two outputs
    for (const PairLaw& law : pair_laws) {
      const Rotation rotation = sample_rotation(report, law.name, width, 5 * draws);
      report.compare(fmt::format("rotation-{}", law.name),
                     (law.fourth - 3 * law.mixed) * fourth_of_cosine / width, rotation.test.mean(0));
      report.compare(fmt::format("two-outputs-{}", law.name), (law.mixed * fourth_of_cosine - 1) / width,
                     rotation.vertex.estimate());
    }

    // 3. Rotations of the input
    for (const auto& [name, momenta] : momentum_laws)
      for (const auto& [direction, angle] : directions)
        report.compare(fmt::format("plane-{}-{}", name, direction), predicted_kernel(momenta, angle),
                       measure_kernel(report, momenta, angle, 5 * draws,
                                      fmt::format("{} momenta along the {}", name, direction)));

    // 4. Draw
    report.draw("sym_rotation", {{angle_panel(report, draws / 10)}});
    report.draw("sym_so2", density_figure(report, draws / 2));
  });
}

// ## What we found
//
// **Signs.** With even weights the three-point function is @value three-point-even; with skewed ones @value three-point-skew, where
// $\kappa_3F_{123}/\sqrt N$ says @predicted three-point-skew.
//
// **Outputs.** The two isotropic laws have $\langle T\rangle$ of @value rotation-gauss and @value rotation-circle; independent signs
// have @value rotation-sign (@predicted rotation-sign). Independent components are not enough for a rotation: only the Gaussian is
// both independent and isotropic. Its two outputs interact all the same, $G_c(1122)=$ @value two-outputs-gauss.
//
// @figure sym_so2
//
// **Rotations.** Uniform components of the momentum have $G_2=$ @value plane-uniform-axis along an axis and
// @value plane-uniform-diagonal along the diagonal.
//
// @figure sym_rotation
//
// @claims
//
// ## What can go wrong
//
// The neuron can hide a broken symmetry: cosines have no odd moments, so that no skewed law of $w$ would be noticed with them at three
// points. And at width 64 the two outputs look isotropic for any law: what breaks a rotation here is an interaction.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Is there a law of $w$ that is not even and has no three-point function? Which correlator gives it away?
// 2. Which law of the pairs $(w_{i1},w_{i2})$ has $\langle T\rangle=0$ without being isotropic?
