// # Which action has the correlators of a network, and is it local?
//
// Lecture §5 · after phi4_plane · about 1 s on two cores
//
// **Question.** So far an action or a density of parameters was given and correlators followed. Now backwards: networks of finite width
// have a free propagator and a connected four-point function. What is their action at order $1/N$?
//
// ## The model
//
// The field of a network on the line at $n$ points a distance $h$ apart, $\phi_k=\phi(kh)$: plane waves
// $F(t)=m^{-1/2}s\cos(bt+c)$ with $b$ of the Cauchy law of scale $m$ and $s$ of the law `constant`, `rayleigh` or `gauss`. Beside it a
// local interaction, $n$ Gaussian variables with the same propagator and the weight $e^{-(\lambda/24)\sum_a\phi_a^4}$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/fields/line_net_moments.hpp>
#include <fieldbook/fields/reconstructed_action.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace fieldbook;

namespace {

// ## What theory says
//
// The density of $n$ outputs is $p(\phi)=[1+\frac1{24}\kappa_{abcd}H_{abcd}+\dots]\,\mathcal N(\phi;G)$ with Hermite tensors $H$, and its
// logarithm is the action
// $$ S=\tfrac12\phi G^{-1}\phi+\tfrac1{24}g_{abcd}\phi_a\phi_b\phi_c\phi_d+\dots,\qquad g=-\kappa\text{ with four legs amputated by }G^{-1}. $$
// $G=e^{-mh|i-j|}/2m$ is the covariance of a Markov chain, so $G^{-1}$ couples neighbours alone. With $\rho=e^{-mh}$,
// $\kappa=2m/(1-\rho^2)$ and $\gamma=\kappa(1+\rho^2)$ on the diagonal, an amputated wave is the wave times $\kappa(1+\rho^2-2\rho\cos bh)$ away
// from the ends, which makes the couplings of two interior points elementary:
// $$ N g_{iijj}=\gamma^2-\mu_4E\quad(|i-j|\ge2),\qquad N g_{iiii}=3\gamma^2-\tfrac32\mu_4E,\qquad
//    E=Z_0^2\,\langle[\kappa(1+\rho^2-2\rho\cos bh)]^4\rangle. $$
// It does not depend on the distance.

struct Line {
  double mass;
  double spacing;
  int points;

  double rho() const { return std::exp(-mass * spacing); }
  double kappa() const { return 2 * mass / (1 - rho() * rho()); }
  double gamma() const { return kappa() * (1 + rho() * rho()); }

  Eigen::MatrixXd propagator() const {
    Eigen::MatrixXd g(points, points);
    for (int i = 0; i < points; ++i)
      for (int j = 0; j < points; ++j) g(i, j) = std::pow(rho(), std::abs(i - j)) / (2 * mass);
    return g;
  }

  std::vector<double> times() const {
    std::vector<double> t;
    for (int k = 0; k < points; ++k) t.push_back(k * spacing);
    return t;
  }
};

// The average of the fourth power by the binomial theorem, with $\langle\cos kbh\rangle=\rho^k$.
double amputated_fourth_power(const Line& line) {
  const double rho = line.rho(), s = 1 + rho * rho, q = 2 * rho;
  const double cos1 = rho, cos2 = (1 + std::pow(rho, 2)) / 2, cos3 = (3 * rho + std::pow(rho, 3)) / 4,
               cos4 = (3 + 4 * std::pow(rho, 2) + std::pow(rho, 4)) / 8;
  const double power = std::pow(s, 4) - 4 * std::pow(s, 3) * q * cos1 + 6 * s * s * q * q * cos2 -
                       4 * s * std::pow(q, 3) * cos3 + std::pow(q, 4) * cos4;
  return std::pow(line.kappa(), 4) * power / (4 * line.mass * line.mass);
}

double plateau(const Line& line, double mu4) {
  return line.gamma() * line.gamma() - mu4 * amputated_fourth_power(line);
}

double self_coupling(const Line& line, double mu4) {
  return 3 * line.gamma() * line.gamma() - 1.5 * mu4 * amputated_fourth_power(line);
}

QuarticTensor couplings_of_networks(const Line& line, const WeightMoments& law) {
  return quartic_couplings(connected_tensor(plane_wave_moment(line.mass, line.times()), line.points, law),
                           line.propagator());
}

// ## What theory says: a local interaction
//
// Three points suffice to see the contrast. All moments of the weighted density are integrals in three dimensions, here sums on a
// grid; the couplings that are reconstructed from its own propagator and connected function must be $\lambda$ on the diagonal, up to
// $O(\lambda^2)$, and nothing elsewhere.
QuarticTensor couplings_of_local_theory(const Line& line, double lambda) {
  const Eigen::MatrixXd free = line.propagator(), root = free.llt().matrixL();
  // Along the columns of a root of G the Gaussian factorises: a grid of 41^3 points up to 7 standard deviations
  constexpr int half = 20;
  constexpr double step = 7. / half;
  double norm = 0;
  Eigen::MatrixXd two = Eigen::MatrixXd::Zero(3, 3);
  QuarticTensor four{3};
  for (int i = -half; i <= half; ++i)
    for (int j = -half; j <= half; ++j)
      for (int k = -half; k <= half; ++k) {
        const Eigen::Vector3d z{i * step, j * step, k * step}, phi = root * z;
        const double weight = std::exp(-z.squaredNorm() / 2 - lambda / 24 * phi.array().pow(4).sum());
        norm += weight;
        two += weight * phi * phi.transpose();
        for (int a = 0; a < 3; ++a)
          for (int b = a; b < 3; ++b)
            for (int c = b; c < 3; ++c)
              for (int d = c; d < 3; ++d) four(a, b, c, d) += weight * phi[a] * phi[b] * phi[c] * phi[d];
      }
  two /= norm;
  QuarticTensor kappa{3};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      for (int c = 0; c < 3; ++c)
        for (int d = 0; d < 3; ++d) {
          int at[] = {a, b, c, d};
          std::sort(at, at + 4);
          kappa(a, b, c, d) = four(at[0], at[1], at[2], at[3]) / norm - two(a, b) * two(c, d) -
                              two(a, c) * two(b, d) - two(a, d) * two(b, c);
        }
  return quartic_couplings(kappa, two);
}

double largest_off_diagonal(const QuarticTensor& g) {
  double largest = 0;
  for (int a = 0; a < g.size(); ++a)
    for (int b = 0; b < g.size(); ++b)
      for (int c = 0; c < g.size(); ++c)
        for (int d = 0; d < g.size(); ++d)
          if (a != b || b != c || c != d) largest = std::max(largest, std::abs(g(a, b, c, d)));
  return largest;
}

// ## What networks do
//
// The legs can be amputated before averaging: with $\hat F=G^{-1}F$ for one neuron,
// $$ N g_{iijj}=G^{-1}_{ii}G^{-1}_{jj}+2(G^{-1}_{ij})^2-\mu_4\langle\hat F_i^2\hat F_j^2\rangle, $$
// with $s=1$ in $\hat F$: sampled neurons give all couplings of one row without an inverse of anything noisy.
Averages sample_couplings(Report& report, const Line& line, int row, std::int64_t draws) {
  const Eigen::MatrixXd inverse =
      line.propagator().llt().solve(Eigen::MatrixXd::Identity(line.points, line.points));
  const std::vector<double> t = line.times();
  const Eigen::MatrixXd points = Eigen::Map<const Eigen::RowVectorXd>(t.data(), line.points);
  return merged(
      sample_blocks(report, "neurons", draws, Averages{line.points}, [&](Block block, Averages& averages) {
        RandomFeatures<double> neurons{CauchyFeatures{line.mass}, 1, 1, report.seed(), "neurons"};
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const std::span<const double> f = neurons.features(draw, points);
          const Eigen::ArrayXd squares =
              (inverse * Eigen::Map<const Eigen::VectorXd>(f.data(), line.points)).array().square();
          averages.add((squares[row] * squares).matrix());
        }
      }));
}

// ## The claims
const std::vector<double> strengths{0.2, 0.1, 0.05, 0.025};

void declare(Claims& claims, int points) {
  for (const NamedAmplitudes& law : named_amplitudes) {
    claims.exact(fmt::format("plateau-{}", law.name), "AC2",
                 fmt::format("{}: $Ng_{{iijj}}$ of interior points, tensor and closed form", law.name),
                 relative(1e-9));
    claims.exact(fmt::format("self-{}", law.name), "AC1",
                 fmt::format("{}: $Ng_{{iiii}}$ of an interior point, tensor and closed form", law.name),
                 relative(1e-9));
  }
  claims.bound(
      "flat", "AC2",
      "constant: over all interior pairs at least 2 apart the coupling varies by rounding errors alone",
      Side::below);
  for (int j = 0; j < points; ++j)
    claims.statistical(
        fmt::format("coupling-{}", j), "AC1",
        fmt::format("constant: $Ng_{{iijj}}$ of the point in the middle with point {}, from neurons", j));
  claims.exact("edgeworth-0000", "AC5", "two points: $Ng_{0000}$ by the tensor and by amputated waves",
               relative(1e-9));
  claims.exact("edgeworth-0011", "AC5", "two points: $Ng_{0011}$ by the tensor and by amputated waves",
               relative(1e-9));
  claims.exact("local-strength", "AC9",
               "local interaction: $g_{1111}/\\lambda$ continued to $\\lambda=0$ is one", absolute(5e-3));
  claims.scaling("local-rest", "AC9",
                 "local interaction: other couplings over $g_{1111}$ vanish as $\\lambda^1$", 0.1);
  claims.bound("contrast", "AC9",
               "gauss: the coupling of distant points is more than half that of a point with itself",
               Side::above);
}

// ## The experiment, step by step
Averages compare_networks(Report& report, const Line& line, std::int64_t draws) {
  const int middle = (line.points - 1) / 2;
  for (const NamedAmplitudes& law : named_amplitudes) {
    const QuarticTensor g = couplings_of_networks(line, law.moments);
    report.compare(fmt::format("plateau-{}", law.name), plateau(line, law.moments.fourth),
                   g(1, 1, line.points - 2, line.points - 2));
    report.compare(fmt::format("self-{}", law.name), self_coupling(line, law.moments.fourth),
                   g(middle, middle, middle, middle));
  }
  const QuarticTensor g = couplings_of_networks(line, named_amplitudes[0].moments),
                      gauss = couplings_of_networks(line, named_amplitudes[2].moments);
  double spread = 0;
  for (int i = 1; i < line.points - 1; ++i)
    for (int j = i + 2; j < line.points - 1; ++j)
      spread = std::max(spread, std::abs(g(i, i, j, j) - plateau(line, 1)));
  report.compare("flat", 1e-9 * std::abs(plateau(line, 1)), spread);
  const Eigen::MatrixXd inverse =
      line.propagator().llt().solve(Eigen::MatrixXd::Identity(line.points, line.points));
  const Averages sampled = sample_couplings(report, line, middle, draws);
  for (int j = 0; j < line.points; ++j) {
    const Estimate mean = sampled.mean(j);
    report.compare(fmt::format("coupling-{}", j), g(middle, middle, j, j),
                   Estimate{inverse(middle, middle) * inverse(j, j) +
                                2 * inverse(middle, j) * inverse(middle, j) - mean.value,
                            mean.standard_error});
  }
  report.compare("contrast", 0.5,
                 gauss(1, 1, line.points - 2, line.points - 2) / gauss(middle, middle, middle, middle));
  return sampled;
}

// Two points have no interior; their amputated waves are $\hat F_0\propto\cos c-\rho\cos(bh+c)$, and products of cosines average to
// powers of $\rho$.
void compare_two_points(Report& report, double mass, double spacing) {
  const Line two{mass, spacing, 2};
  const QuarticTensor g = couplings_of_networks(two, named_amplitudes[0].moments);
  const double rho = two.rho(), kappa = two.kappa();
  // A wave with size r^2 = 1 + rho^2 - 2 rho cos(bh) and a phase: < cos^4 > = 3/8; for two waves < cos^2 cos^2 > = 1/4 + cos(2 d)/8, where
  // r^2 e^{i d} is the product of one wave with the conjugate of the other
  const double size2 =
      std::pow(1 + rho * rho, 2) - 4 * rho * rho * (1 + rho * rho) + 2 * rho * rho * (1 + rho * rho);
  const double fourth = 1.5 / (mass * mass) / 4 * std::pow(kappa, 4) * size2;
  // Re of [(1 - rho e)(conj(e) - rho)]^2 with e = exp(i b h), < e^k > = rho^|k|: (conj(e) - 2 rho + rho^2 e)^2
  const double square = std::pow(rho, 2) + 4 * rho * rho + std::pow(rho, 4) * rho * rho - 4 * rho * rho +
                        2 * rho * rho - 4 * std::pow(rho, 4);
  const double mixed = (size2 / 4 + square / 8) / (mass * mass) * std::pow(kappa, 4);
  const double diagonal = kappa, off = -kappa * rho;
  report.compare("edgeworth-0000", 3 * diagonal * diagonal - fourth, g(0, 0, 0, 0));
  report.compare("edgeworth-0011", diagonal * diagonal + 2 * off * off - mixed, g(0, 0, 1, 1));
}

QuarticTensor compare_local(Report& report, double mass, double spacing) {
  const Line three{mass, spacing, 3};
  std::vector<double> inverse;
  std::vector<Estimate> strength, rest;
  for (const double lambda : strengths) {
    // In units of the mass
    const QuarticTensor g = couplings_of_local_theory(three, lambda * mass * mass);
    inverse.push_back(1 / lambda);
    strength.emplace_back(g(1, 1, 1, 1) / (lambda * mass * mass), 1e-3 * lambda);
    rest.emplace_back(largest_off_diagonal(g) / g(1, 1, 1, 1), 1e-3 * lambda);
  }
  report.compare("local-strength", 1, fit_inverse_powers(inverse, strength, 2).parameters[0]);
  report.compare("local-rest", 1,
                 fit_power_law(std::span{strengths}.last(3), std::span{rest}.last(3)).parameters[1]);
  return couplings_of_local_theory(three, strengths.back() * mass * mass);
}

// ## The figures
Figure vertex_figure(const Line& line, const QuarticTensor& local) {
  const QuarticTensor g = couplings_of_networks(line, named_amplitudes[0].moments);
  const auto heat = [](const char* title, const QuarticTensor& tensor) {
    std::vector<double> at;
    Eigen::MatrixXd values(tensor.size(), tensor.size());
    for (int i = 0; i < tensor.size(); ++i) {
      at.push_back(i);
      for (int j = 0; j < tensor.size(); ++j)
        values(i, j) = tensor(i, i, j, j) / std::abs(tensor(1, 1, 1, 1));
    }
    Panel panel{title};
    const double edge = tensor.size() - 0.5;
    return panel.x_axis({"j", false, -0.5, edge})
        .y_axis({"i", false, -0.5, edge})
        .heat_map("g_{iijj} / |g_{1111}|", at, at, values);
  };
  return {{heat("networks", g), heat("local interaction", local)}, 2, 420, 380};
}

Panel range_panel(const Line& line, const Averages& sampled) {
  Panel panel;
  panel.x_axis({"point j", false, -0.5, line.points - 0.5}).y_axis({"N g_{iijj}"}).legend("bottom center");
  const int middle = (line.points - 1) / 2;
  const Eigen::MatrixXd inverse =
      line.propagator().llt().solve(Eigen::MatrixXd::Identity(line.points, line.points));
  int colour = 0;
  for (const NamedAmplitudes& law : named_amplitudes) {
    const QuarticTensor g = couplings_of_networks(line, law.moments);
    std::vector<double> j, exact, measured, error;
    for (int k = 0; k < line.points; ++k) {
      j.push_back(k);
      exact.push_back(g(middle, middle, k, k));
      measured.push_back(inverse(middle, middle) * inverse(k, k) +
                         2 * inverse(middle, k) * inverse(middle, k) -
                         law.moments.fourth * sampled.mean(k).value);
      error.push_back(law.moments.fourth * sampled.mean(k).standard_error);
    }
    panel.line(colour, law.name, j, exact).points(colour, "", j, measured, error);
    ++colour;
  }
  return panel.legend("outside right");
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/action_from_correlators", "5",
                  "Which action has the correlators of a network, and is it local?"};
  const auto& mass =
      program.option("mass", 1., between(0.5, 2.), "mass m of the field, in units of the inverse length");
  const auto& spacing = program.option("spacing", 1., between(0.5, 3.), "distance h of neighbouring points");
  const auto& points = program.option("points", 8, between(5, 10), "number of points");
  const auto& draws = program.samples(1000000, 100000, 20000);
  program.figure("ac_vertex",
                 "The reconstructed couplings of pairs of points: networks couple all points with one "
                 "another, a local interaction each point with itself.");
  program.figure("ac_range",
                 "The coupling of a point in the middle with all others, for three laws of amplitudes: away "
                 "from the ends it does not depend on the distance.");
  program.claims([&](Claims& claims) { declare(claims, points); });

  return program.run(argc, argv, [&](Report& report) {
    const Line line{mass, spacing, points};
    const Averages sampled = compare_networks(report, line, draws);
    compare_two_points(report, mass, spacing);
    const QuarticTensor local = compare_local(report, mass, spacing);
    report.draw("ac_vertex", vertex_figure(line, local));
    report.draw("ac_range", {{range_panel(line, sampled)}});
  });
}

// ## What we found
//
// Networks of constant amplitudes have the coupling $Ng_{iijj}=$ @value plateau-constant between any two distant points, larger in size than
// that of a point with itself, @value self-constant. Its range is infinite: all points share the momenta of the neurons, the same
// fact that keeps correlators from clustering.
//
// @figure ac_vertex
//
// @figure ac_range
//
// For a local interaction the same reconstruction gives $g_{1111}/\lambda\to$ @value local-strength, and other couplings vanish with the exponent
// @value local-rest. Breaking the independence of neurons by a local weight makes a local action; a finite width does not.
//
// @claims
//
// ## What can go wrong
//
// Amputation multiplies noise by the fourth power of the condition number of $G$: points must not be closer than $1/2m$ or so, and
// connected functions should be exact or averaged over phases. The quartic form of two or more points is not positive, so
// $e^{-S}$ cut off at this order is no density.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Why is $G^{-1}$ tridiagonal, and what would change for the squared exponential?
// 2. Which law of amplitudes has no coupling at one point, and which none between distant points?
