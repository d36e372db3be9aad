// # Can interactions survive infinite width?
//
// Lecture §3.2 · after non_gaussian · about 1 s on two cores
//
// **Question.** The central limit theorem wants independent neurons. If the output weights depend on each other, does the
// network stay interacting at infinite width?
//
// ## The model
//
// The hidden layer is that of `non_gaussian`, $f_i(x)=\sqrt2\cos(b_ix+c_i)$. The output weights of a network share something,
// in two ways.
//
// **A shared scale.** $\phi = \sqrt S\,\phi_{\mathrm{iid}}$ with $S=(1-\alpha)+\alpha E$, $E\sim\mathrm{Exp}(1)$: one number for all
// neurons of a network. $\langle S\rangle=1$ and $\mathrm{Var}\,S=\alpha^2$, so the two-point function is that of independent
// weights.
//
// **A quartic density.** $P(w)\propto\exp\bigl(-\tfrac12R-\tfrac{\lambda}{4N}R^2\bigr)$ with $R=|w|^2$: every weight interacts with
// all others, as in an O($N$) model with its natural scaling.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>
#include <functional>
#include <map>

using namespace fieldbook;

namespace {

Eigen::MatrixXd four_points() { return Eigen::RowVector4d{0, 0.5, -0.4, 0.9}; }

// ## What theory says: a shared scale
//
// Given $S$, everything is as before with $\langle S\rangle\to S$. Averaging, exactly and for every $N$,
// $$ G^{(4)}_c = (1+\alpha^2)\Bigl(G^{(4)}_{c,\mathrm{iid}}+\sum_3KK\Bigr)-\sum_3KK
//    \;\to\; \alpha^2\sum_3KK \quad (N\to\infty). $$
// The interaction survives. It is not local in any sense: it is the fluctuation of a number that all neurons share.
struct Free {
  double vertex;  ///< N G4c with independent Gaussian weights
  double wick;    ///< the sum over pairings of K K
};

Free free_theory(double variance) {
  const NeuronMoment moment = cos_net_moment(variance, four_points());
  return {neuron_cumulant(moment, 4), wick_sum(moment, 4)};
}

double predicted_with_scale(const Free& free, double alpha, int width) {
  return (1 + alpha * alpha) * (free.vertex / width + free.wick) - free.wick;
}

// ## What theory says: a quartic density
//
// The density depends on $R$ alone, so $w$ has a uniform direction, and $\langle w_i^2\rangle=\langle R\rangle/N$,
// $\langle w_i^2w_j^2\rangle=\langle R^2\rangle/(N(N+2))$, $\langle w_i^4\rangle$ three times that. Hence
// $$ G^{(4)}_c = \frac{\langle R^2\rangle}{N(N+2)}\Bigl[\frac3NF_{1234}+\Bigl(1-\frac1N\Bigr)\sum_3KK\Bigr]
//    -\frac{\langle R\rangle^2}{N^2}\sum_3KK. $$
// Partial integration of $I(\nu)=\int_0^\infty R^{\nu-1}e^{-R/2-bR^2}dR$, $b=\lambda/4N$, which is a parabolic cylinder function, gives
// $\nu I(\nu)=\frac12I(\nu+1)+2bI(\nu+2)$: a continued fraction with positive terms for the ratio $I(\nu+1)/I(\nu)$.
double radial_ratio(double nu, double b) {
  double ratio = 1;
  for (int step = 4000; step >= 0; --step) ratio = (nu + step) / (0.5 + 2 * b * ratio);
  return ratio;
}

struct RadialMoments {
  double first;   ///< < R >
  double second;  ///< < R^2 >
};

RadialMoments radial_moments(double lambda, int width) {
  const double b = lambda / (4. * width), first = radial_ratio(width / 2., b);
  return {first, first * radial_ratio(width / 2. + 1, b)};
}

double quartic_vertex(const Free& free, const RadialMoments& radius, int width) {
  const double n = width, square = radius.first / n, fourth = radius.second / (n * (n + 2));
  const double moment = (free.vertex + free.wick) / 3;  // F_1234
  return fourth * (3 / n * moment + (1 - 1 / n) * free.wick) - square * square * free.wick;
}

// For large $N$ a saddle point: $R/N$ freezes at $r=(\sqrt{1+4\lambda}-1)/2\lambda$ with fluctuations of order $1/\sqrt N$, and so
// $G^{(4)}_c$ is of order $1/N$ again. Dependence is not enough. What survives must fluctuate by itself at infinite width.
double quartic_limit(const Free& free, double lambda) {
  const double r = lambda > 0 ? (std::sqrt(1 + 4 * lambda) - 1) / (2 * lambda) : 1;
  const double variance = 1 / (1 / (2 * r * r) + lambda / 2);  // N Var(R/N)
  return r * r * (free.vertex + free.wick) + free.wick * (variance - 3 * r * r);
}

// ## An independent computation
//
// The same two moments by brute force: the radial density on a fine panel around its peak.
RadialMoments radial_moments_by_quadrature(double lambda, int width) {
  const double n = width, b = lambda / (4 * n);
  const double peak = n / (0.5 + std::sqrt(0.25 + 4 * b * n));  // of R^{N/2} e^{-R/2-bR^2}
  const auto logarithm = [&](double radius) {
    return (n / 2 - 1) * std::log(radius / peak) - (radius - peak) / 2 - b * (radius * radius - peak * peak);
  };
  double sum[3] = {};
  const double panel = peak * std::min(1., 2 / std::sqrt(n));
  for (double from = 0; from < peak + 40 * std::max(panel, 1.); from += panel)
    for (int k = 0; k < 3; ++k)
      sum[k] += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
          [&](double radius) { return std::pow(radius, k) * std::exp(logarithm(radius)); }, from,
          from + panel, 0);
  return {sum[1] / sum[0], sum[2] / sum[0]};
}

// ## What networks do
//
// With a shared scale the conditional estimator still works: given hidden layer and $S$ the network is Gaussian of covariance
// $S\,C$.
Estimate measure_with_scale(Report& report, double variance, double alpha, int width, std::int64_t draws) {
  const std::string stage = fmt::format("scale {} at width {}", alpha, width);
  const auto sample = [&](Block block, ConditionalFour& estimator) {
    RandomFeatures<float> networks{CosFeatures{variance}, 1, width, report.seed(), stage};
    const Stream scales{report.seed(), stage + ": scales"};
    const Eigen::MatrixXd points = four_points();
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      double e[1];
      scales.exponentials(draw, e);
      estimator.add(networks.features(draw, points), 1 - alpha + alpha * e[0]);
    }
  };
  return merged(sample_blocks(report, stage, draws, ConditionalFour{}, sample)).estimate();
}

// Weights of the quartic density are drawn exactly, by rejection. Completing the square around some $R_0$,
// $e^{-R/2-bR^2}\propto e^{-(1/2+2bR_0)R}\,e^{-b(R-R_0)^2}$: propose independent Gaussian weights of variance $1/(1+4bR_0)$,
// accept with the probability $e^{-b(R-R_0)^2}$. With $R_0=\langle R\rangle$ most proposals are accepted.
class QuarticWeights {
 public:
  QuarticWeights(double lambda, int width, std::uint64_t seed, const std::string& name)
      : b_{lambda / (4. * width)},
        centre_{radial_moments_by_quadrature(lambda, width).first},
        normals_{seed, name + ": proposals"},
        uniforms_{seed, name + ": acceptance"},
        w_(static_cast<std::size_t>(width)) {}

  const std::vector<double>& operator()(std::uint64_t draw) {
    const std::uint64_t stride = (w_.size() + 3) / 4 * 4;  // where the next proposal begins
    for (std::uint64_t attempt = 0;; ++attempt) {
      normals_.normals(draw, w_, attempt * stride);
      double u[1], radius = 0;
      uniforms_.uniforms(draw, u, attempt * 4);
      for (double& w : w_) {
        w /= std::sqrt(1 + 4 * b_ * centre_);
        radius += w * w;
      }
      if (u[0] < std::exp(-b_ * (radius - centre_) * (radius - centre_))) return w_;
    }
  }

 private:
  double b_, centre_;
  Stream normals_, uniforms_;
  std::vector<double> w_;
};

struct Quartic {
  NaiveFour vertex;
  Averages radius{2};  ///< R/N and its square

  void merge(const Quartic& other) {
    vertex.merge(other.vertex);
    radius.merge(other.radius);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& vertex& radius;
  }
};

Quartic sample_quartic(Report& report, double variance, double lambda, int width, std::int64_t draws) {
  const std::string stage = fmt::format("quartic weights at width {}", width);
  const auto sample = [&](Block block, Quartic& quartic) {
    RandomFeatures<float> networks{CosFeatures{variance}, 1, width, report.seed(), stage};
    QuarticWeights weights{lambda, width, report.seed(), stage};
    const Eigen::MatrixXd points = four_points();
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const std::span<const float> f = networks.features(draw, points);
      const std::vector<double>& w = weights(draw);
      std::array<double, 4> phi{};
      double radius = 0;
      for (std::size_t i = 0; i < w.size(); ++i) radius += w[i] * w[i] / width;
      for (std::size_t p = 0; p < 4; ++p) {
        for (std::size_t i = 0; i < w.size(); ++i) phi[p] += w[i] * f[p * w.size() + i];
        phi[p] /= std::sqrt(width);
      }
      quartic.vertex.add(phi);
      quartic.radius.add(Eigen::Vector2d{radius, radius * radius});
    }
  };
  return merged(sample_blocks(report, stage, draws, Quartic{}, sample));
}

// ## The claims
const std::vector<int> radial_widths{4, 16, 64, 256, 1024};
constexpr int nearly_infinite = 1000000;

std::string scale_id(double alpha, int width) { return fmt::format("scale-{}-width-{}", alpha, width); }

void declare(Claims& claims, const std::vector<double>& alphas, const std::vector<int>& widths, double lambda,
             int quartic_width) {
  for (const double alpha : alphas) {
    for (const int width : widths)
      claims
          .statistical(scale_id(alpha, width), "NG-8",
                       fmt::format("$G^{{(4)}}_c$ with a shared scale, $\\alpha={}$, $N={}$", alpha, width))
          .independent();
    if (widths.size() >= 3)
      claims.statistical(
          fmt::format("scale-{}-limit", alpha), "NG-9",
          fmt::format("extrapolated to infinite width it is $\\alpha^2\\sum KK$, $\\alpha={}$", alpha));
    else
      claims.leave_out(fmt::format("scale-{}-limit", alpha), "NG-9", "needs three widths");
  }
  for (const int width : radial_widths)
    claims.exact(fmt::format("quartic-radial-{}", width), "NG-10",
                 fmt::format("$N G^{{(4)}}_c$ of the quartic density, $\\lambda={}$, $N={}$: continued "
                             "fraction and quadrature agree",
                             lambda, width),
                 relative(1e-5));
  claims.exact(
      "quartic-limit", "NG-10",
      fmt::format("$N G^{{(4)}}_c$ of the quartic density at $N=10^6$ is its limit, $\\lambda={}$", lambda),
      relative(1e-4));
  for (const auto& [id, symbol] :
       {std::pair{"quartic-radius", "R/N"}, std::pair{"quartic-radius-squared", "(R/N)^2"}})
    claims.statistical(
        id, "NG-11",
        fmt::format("$\\langle {}\\rangle$ of sampled quartic weights, $N={}$", symbol, quartic_width));
  claims
      .statistical("quartic-sampled", "NG-11",
                   fmt::format("$G^{{(4)}}_c$ of networks with quartic weights, $N={}$", quartic_width))
      .independent();
}

// ## The experiment, step by step
using Sampled = std::map<double, std::vector<Estimate>>;  // by alpha, in the order of the widths

void compare_scales(Report& report, const Free& free, const std::vector<int>& widths,
                    const Sampled& sampled) {
  for (const auto& [alpha, vertices] : sampled) {
    for (std::size_t k = 0; k < widths.size(); ++k)
      report.compare(scale_id(alpha, widths[k]), predicted_with_scale(free, alpha, widths[k]), vertices[k]);
    if (widths.size() < 3) continue;
    const std::vector<double> n(widths.begin(), widths.end());
    report.compare(fmt::format("scale-{}-limit", alpha), alpha * alpha * free.wick,
                   fit_inverse_powers(n, vertices, 1)[0]);
  }
}

void compare_quartic(Report& report, const Free& free, double lambda) {
  for (const int width : radial_widths)
    report.compare(fmt::format("quartic-radial-{}", width),
                   width * quartic_vertex(free, radial_moments(lambda, width), width),
                   width * quartic_vertex(free, radial_moments_by_quadrature(lambda, width), width));
  report.compare(
      "quartic-limit", quartic_limit(free, lambda),
      nearly_infinite * quartic_vertex(free, radial_moments(lambda, nearly_infinite), nearly_infinite));
}

// ## The figure
Figure vertex_figure(const Free& free, double lambda, const std::vector<int>& widths, const Sampled& sampled,
                     int quartic_width, const Estimate& quartic) {
  Panel panel;
  panel.x_axis({"width N", true}).y_axis({"|G_c^{(4)}|", true}).legend("bottom left");
  const auto curve = [&](int colour, const std::string& name, const std::function<double(int)>& theory) {
    std::vector<double> n, y;
    for (int width = 2; width <= 2048; width = width * 3 / 2 + 1) {
      n.push_back(width);
      y.push_back(std::abs(theory(width)));
    }
    panel.line(colour, name, n, y);
  };
  curve(0, "independent", [&](int width) { return free.vertex / width; });
  curve(1, fmt::format("quartic, λ = {}", lambda),
        [&](int width) { return quartic_vertex(free, radial_moments(lambda, width), width); });
  panel.points(1, "", {static_cast<double>(quartic_width)}, {std::abs(quartic.value)},
               {quartic.standard_error});
  int colour = 2;
  for (const auto& [alpha, vertices] : sampled) {
    const double a = alpha;
    curve(colour, fmt::format("shared scale, α = {}", a),
          [&](int width) { return predicted_with_scale(free, a, width); });
    std::vector<double> n(widths.begin(), widths.end()), y, error;
    for (const Estimate& vertex : vertices) {
      y.push_back(std::abs(vertex.value));
      error.push_back(vertex.standard_error);
    }
    panel.points(colour++, "", n, y, error);
  }
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/independence_breaking", "3.2", "Can interactions survive infinite width?"};
  const auto& alphas =
      program.list("alphas", std::vector{0.5, 1.}, between(0., 1.), "strengths α of the shared scale");
  const auto& lambda = program.option("lambda", 1., between(0., 100.), "quartic coupling λ");
  const auto& variance =
      program.option("momentum-variance", 1., Range<double>{0, 100, true}, "variance s of the momenta");
  const auto& widths =
      program.list("widths", std::vector{4, 16, 64}, between(1, 1024), "widths N", "neurons");
  const auto& quartic_width = program.option("quartic-width", 16, between(1, 256),
                                             "width N of networks with quartic weights", "neurons");
  const auto& draws = program.samples(200000, 20000, 5000);
  program.figure(
      "ng_g4",
      "The connected four-point function against the width: with independent weights it falls like "
      "$1/N$, with the quartic density too, only smaller. With a shared scale it stays.");
  program.claims([&](Claims& claims) { declare(claims, alphas, widths, lambda, quartic_width); });

  return program.run(argc, argv, [&](Report& report) {
    const Free free = free_theory(variance);

    // 1. A shared scale
    Sampled sampled;
    for (const double alpha : alphas)
      for (const int width : widths)
        sampled[alpha].push_back(measure_with_scale(report, variance, alpha, width, draws));
    compare_scales(report, free, widths, sampled);

    // 2. The quartic density, by theory and by sampling
    compare_quartic(report, free, lambda);
    const Quartic sampled_quartic = sample_quartic(report, variance, lambda, quartic_width, 5 * draws);
    const Estimate quartic = sampled_quartic.vertex.estimate();
    const RadialMoments radius = radial_moments(lambda, quartic_width);
    const double n = quartic_width;
    report.compare("quartic-radius", radius.first / n, sampled_quartic.radius.mean(0));
    report.compare("quartic-radius-squared", radius.second / (n * n), sampled_quartic.radius.mean(1));
    report.compare("quartic-sampled", quartic_vertex(free, radius, quartic_width), quartic);

    // 3. Draw
    report.draw("ng_g4", vertex_figure(free, lambda, widths, sampled, quartic_width, quartic));
  });
}

// ## What we found
//
// With the shared scale at $\alpha=1$ the four-point function is @value scale-1-width-4 at width 4 and still
// @value scale-1-width-64 at width 64; extrapolated, @value scale-1-limit, where $\alpha^2\sum KK=$ @predicted scale-1-limit.
// At infinite width this network is a Gaussian field times the square root of an exponential number: at a single point a
// Laplace law.
//
// @figure ng_g4
//
// The quartic density couples all weights, and yet $N G^{(4)}_c$ tends to the constant @value quartic-limit: the only
// quantity that the weights share, $R/N$, freezes. Sampled networks agree, @value quartic-sampled against
// @predicted quartic-sampled.
//
// @claims
//
// ## What can go wrong
//
// The quartic interaction is measured with the naive estimator, since its weights are not independent: the error bar is large,
// and at larger widths nothing would be seen. That the weights have the right law is therefore checked on their radius as
// well. The rejection needs more and more proposals as $\lambda$ grows, but never many: the spread of $R/N$ shrinks with the
// coupling.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Let the scale be shared by half of the neurons only. What is $G^{(4)}_c$ at infinite width?
// 2. Make the quartic coupling stronger, $\lambda R^2/4$ instead of $\lambda R^2/4N$. What freezes now?
