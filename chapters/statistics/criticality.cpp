// # How do a signal and a correlation flow with depth?
//
// Lecture §3 · after nngp · about 2 s on two cores
//
// **Question.** A deep network iterates a map on kernels, as a renormalisation group iterates a map on couplings. What are its fixed
// points, where is the critical line, and what are the exponents?
//
// ## The model
//
// Deep networks at infinite width, as in `nngp`: a pre-activation has the variance $q_l$ at depth $l$, and two of them, for two
// inputs of equal norm, have the correlation $c_l$. One layer maps
// $$ q'=\sigma_w^2\langle\sigma(\sqrt q z)^2\rangle+\sigma_b^2, \qquad
//    c'=\frac1{q}\bigl[\sigma_w^2\langle\sigma(u)\sigma(v)\rangle+\sigma_b^2\bigr]. $$
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/kernels/correlation_flow.hpp>
#include <fieldbook/kernels/signal_propagation.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// The variance has one fixed point $q^*$ and reaches it within a few layers: deviations decay like $\chi_\parallel^l$ with
// $\chi_\parallel=dq'/dq$. There the correlation has the fixed point $c=1$, whose stability is decided by the slope
// $$ \chi_1=\sigma_w^2\langle\sigma'^2\rangle_{q^*}. $$
// If $\chi_1<1$ all inputs become alike (*ordered*), if $\chi_1>1$ equal inputs part and meet a new fixed point $c^*<1$
// (*chaotic*). Correlations decay over $\xi_c=-1/\ln(dc'/dc)$ layers. Between the phases lies the critical line $\chi_1=1$, where
// $$ \xi_c\,|\sigma_w^2-\sigma_{w,c}^2|\to\Bigl(\frac{d\chi_1}{d\sigma_w^2}\Bigr)^{-1}, \qquad l\,(1-c_l)\to\frac2{c''(1)},
//    \qquad c''(1)=\sigma_w^2q^*\langle\sigma''^2\rangle. $$
// The exponent is $\nu=1$, with the same amplitude on both sides (two fixed points exchange their stability). A ReLU network with
// $\sigma_w^2=2$ and no bias is critical in another way: its map is singular at $c=1$,
// $1-c'=(1-c)-\frac{2\sqrt2}{3\pi}(1-c)^{3/2}+\dots$, so that $l^2(1-c_l)\to\frac92\pi^2$: another universality class. And where the
// critical line of erf ends, at $\sigma_w^2=\pi/4$ without a bias, the variance itself dies slowly, $l\,q_l\to\frac12$.
double predicted_depth_scale(double slope) { return -1 / std::log(slope); }

// The derivative of $\chi_1$ along the fixed points.
double slope_derivative(const DeepLaw& law) {
  const double h = 1e-4;
  const auto chi = [&](double weight_variance) {
    const DeepLaw moved{law.activation, weight_variance, law.bias_variance};
    return correlation_slope(moved, fixed_variance(moved));
  };
  return (chi(law.weight_variance + h) - chi(law.weight_variance - h)) / (2 * h);
}

// ## An independent computation: iterate the map
//
// Theory above knows derivatives at fixed points. `CorrelationFlow` only knows the activation: its expansion in normalised Hermite
// polynomials, $\sigma(\sqrt qz)=\sum_ka_k(q)h_k(z)$, turns both maps into sums (Mehler's formula),
// $q'=\sigma_b^2+\sigma_w^2\sum a_k^2$ and $1-c'=\frac{\sigma_w^2}{q}\sum_ka_k^2(1-c^k)$. Written for $1-c$ it loses no digits where
// $c$ is close to 1. Its slope at $c=1$ finds the critical $\sigma_w^2$.
double measured_critical_weight(Activation activation, double bias_variance) {
  std::uintmax_t steps = 100;
  const auto [low, high] = boost::math::tools::toms748_solve(
      [&](double weight_variance) {
        return CorrelationFlow{{activation, weight_variance, bias_variance}}.slope_at_one() - 1;
      },
      0.5, 10., boost::math::tools::eps_tolerance<double>{36}, steps);
  return (low + high) / 2;
}

// Two maps that need no expansion. For the ReLU, $\cos\theta'=\frac1\pi[\sin\theta+(\pi-\theta)\cos\theta]$, iterated in the angle; for
// erf at the tip, $q'=\frac12\arcsin\frac{2q}{1+2q}$.
double relu_gap(double c, int layers) {
  double angle = std::acos(c);
  for (int l = 0; l < layers; ++l) {
    const double half = std::sin(angle / 2);
    const double gap = 2 * half * half - (std::sin(angle) - angle * std::cos(angle)) / pi;
    angle = 2 * std::asin(std::sqrt(gap / 2));
  }
  return 2 * std::pow(std::sin(angle / 2), 2);
}

double variance_at_tip(double q, int layers) {
  for (int l = 0; l < layers; ++l) q = std::asin(2 * q / (1 + 2 * q)) / 2;
  return q;
}

// ## What networks do
//
// Networks of finite width follow the map up to corrections of order $1/N$. Their Gram matrices are sampled at the chaotic point for two
// inputs of variance $q^*$ and correlation $c_0$, at several widths, and extrapolated.
const std::vector<int> sampled_widths{32, 64, 128, 256}, sampled_layers{2, 6};

Eigen::MatrixXd two_inputs(double variance, double correlation) {
  return variance * (Eigen::Matrix2d{} << 1, correlation, correlation, 1).finished();
}

// Means of $G_{01}$ after every layer
Averages sample_chains(Report& report, const DeepLaw& law, double correlation, int width,
                       std::int64_t draws) {
  const int depth = sampled_layers.back();
  const std::string stage = fmt::format("chains of width {}", width);
  return merged(sample_blocks(report, stage, draws, Averages{depth}, [&](Block block, Averages& averages) {
    GramChain chain{law.activation,    width, law.weight_variance,
                    law.bias_variance, depth, two_inputs(fixed_variance(law), correlation),
                    report.seed(),     stage};
    Eigen::VectorXd observed(depth);
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const auto& grams = chain.sample(draw);
      for (int l = 0; l < depth; ++l) observed[l] = grams[static_cast<std::size_t>(l)](0, 1);
      averages.add(observed);
    }
  }));
}

double predicted_covariance(const DeepLaw& law, double correlation, int layers) {
  Eigen::MatrixXd kernel = two_inputs(fixed_variance(law), correlation);
  for (int l = 0; l < layers; ++l) kernel = next_kernel(law, kernel);
  return kernel(0, 1);
}

// ## The claims
constexpr int very_deep = 100000;
constexpr double small_distance = 0.003;
const std::vector<Activation> both{Activation::erf, Activation::tanh};
const std::vector<std::pair<std::string, int>> sides{{"ordered", -1}, {"chaotic", 1}};

void declare(Claims& claims, Activation activation, double bias_variance, double weight_variance,
             double correlation) {
  for (const Activation each : both)
    claims.exact("critical-weight-" + name(each), "CR-1",
                 fmt::format("the critical $\\sigma_w^2$ of {} networks at $\\sigma_b^2={}$: derivative at "
                             "the fixed point and "
                             "iterated map agree",
                             name(each), bias_variance),
                 relative(1e-7));
  for (const auto& [side, sign] : sides) {
    claims.scaling("exponent-" + side, "CR-2",
                   fmt::format("$\\xi_c$ of {} networks diverges with the exponent $\\nu=1$ on the {} side",
                               name(activation), side),
                   0.01);
    claims.exact(
        "amplitude-" + side, "CR-3",
        fmt::format("$\\xi_c|\\delta|$ at $|\\delta|={}$ on the {} side is $(d\\chi_1/d\\sigma_w^2)^{{-1}}$",
                    small_distance, side),
        relative(0.01));
    claims.exact("variance-scale-" + side, "CR-4",
                 fmt::format("$\\xi_q=-1/\\ln\\chi_\\parallel$ at $|\\delta|={}$ on the {} side is finite",
                             small_distance, side),
                 absolute(0.002));
  }
  for (const auto& [what, statement] : {std::pair{"variance", "$q^*$"}, std::pair{"slope", "$\\chi_1$"},
                                        std::pair{"correlation", "$c^*$"}, std::pair{"scale", "$\\xi_c$"}})
    claims.exact(fmt::format("chaotic-{}", what), "CR-5",
                 fmt::format("{} of {} networks at $\\sigma_w^2={}$, $\\sigma_b^2={}$", statement,
                             name(activation), weight_variance, bias_variance),
                 relative(1e-4));
  for (const int layers : sampled_layers)
    claims.statistical(
        fmt::format("sampled-layer-{}", layers), "CR-5",
        fmt::format(
            "$\\langle G_{{01}}\\rangle$ of sampled {} networks at this point after {} layers tends to "
            "the map's value at infinite width",
            name(activation), layers));
  claims.exact("critical-decay", "CR-6",
               fmt::format("$l(1-c_l)$ on the critical line tends to $2/c''(1)$, from $c_0={}$", correlation),
               relative(1e-3));
  claims.exact("critical-decay-relu", "CR-7",
               fmt::format("$l^2(1-c_l)$ of ReLU networks tends to $9\\pi^2/2$, from $c_0={}$", correlation),
               relative(1e-3));
  claims.exact("decay-at-tip", "CR-8",
               "$l\\,q_l$ of erf networks at $\\sigma_w^2=\\pi/4$ without bias tends to $1/2$",
               relative(1e-3));
}

// ## The experiment, step by step
//
// The correlation length on one side: iterate for a dozen of its own length, then look at the rate.
double measured_depth_scale(const DeepLaw& law, double expected) {
  return predicted_depth_scale(CorrelationFlow{law}.rate(0.5, static_cast<int>(12 * expected)));
}

struct Divergence {
  std::vector<double> distance, scale;
};

Divergence measure_divergence(const DeepLaw& critical, int sign, double amplitude) {
  Divergence result;
  for (int i = 0; i < 7; ++i) {
    const double distance = std::pow(10, -3.5 + i / 4.);
    DeepLaw law = critical;
    law.weight_variance += sign * distance;
    result.distance.push_back(distance);
    result.scale.push_back(measured_depth_scale(law, amplitude / distance));
  }
  return result;
}

double fitted_exponent(const Divergence& found) {
  Eigen::MatrixXd design(static_cast<Eigen::Index>(found.scale.size()), 2);
  std::vector<Estimate> logarithms;
  for (std::size_t i = 0; i < found.scale.size(); ++i) {
    design.row(static_cast<Eigen::Index>(i)) << 1, -std::log(found.distance[i]);
    logarithms.emplace_back(std::log(found.scale[i]), 1);
  }
  return fit_linear(design, logarithms)[1].value;
}

void compare_sides(Report& report, const DeepLaw& critical, const std::vector<Divergence>& divergences) {
  const double amplitude = 1 / slope_derivative(critical);
  for (std::size_t k = 0; k < sides.size(); ++k) {
    const auto& [side, sign] = sides[k];
    report.compare("exponent-" + side, 1, fitted_exponent(divergences[k]));
    DeepLaw law = critical;
    law.weight_variance += sign * small_distance;
    report.compare("amplitude-" + side, amplitude,
                   small_distance * measured_depth_scale(law, amplitude / small_distance));
    report.compare("variance-scale-" + side, predicted_depth_scale(variance_slope(law, fixed_variance(law))),
                   predicted_depth_scale(CorrelationFlow{law}.variance_rate()));
  }
}

void compare_chaos(Report& report, const DeepLaw& law) {
  const double q = fixed_variance(law), c = fixed_correlation(law, q);
  const double scale = predicted_depth_scale(correlation_slope(law, q, c));
  const CorrelationFlow flow{law};
  report.compare("chaotic-variance", q, flow.variance());
  report.compare("chaotic-slope", correlation_slope(law, q), flow.slope_at_one());
  report.compare("chaotic-correlation", c, 1 - flow.after(0.5, static_cast<int>(40 * scale)));
  report.compare("chaotic-scale", scale, predicted_depth_scale(flow.rate(0.5, static_cast<int>(10 * scale))));
}

using AveragesByWidth = std::map<int, Averages>;

void compare_sampled(Report& report, const DeepLaw& law, double correlation, const AveragesByWidth& sampled) {
  for (const int layers : sampled_layers) {
    std::vector<double> widths;
    std::vector<Estimate> covariances;
    for (const auto& [width, averages] : sampled) {
      widths.push_back(width);
      covariances.push_back(averages.mean(layers - 1));
    }
    report.compare(fmt::format("sampled-layer-{}", layers), predicted_covariance(law, correlation, layers),
                   fit_inverse_powers(widths, covariances, 2)[0]);
  }
}

// ## The figures
Panel phase_panel(Activation activation, double strongest) {
  Panel panel;
  panel.x_axis({"σ_w^2", false, 0.8, strongest}).y_axis({"σ_b^2", false, 0, 0.3}).legend("off");
  std::vector<double> weights, biases;
  for (int i = 0; i < 32; ++i) weights.push_back(0.8 + (strongest - 0.8) * (i + 0.5) / 32);
  for (int i = 0; i < 24; ++i) biases.push_back(0.3 * (i + 0.5) / 24);
  Eigen::MatrixXd limit(24, 32);
  for (Eigen::Index row = 0; row < 24; ++row)
    for (Eigen::Index column = 0; column < 32; ++column)
      limit(row, column) = 1 - CorrelationFlow{{activation, weights[static_cast<std::size_t>(column)],
                                                biases[static_cast<std::size_t>(row)]}}
                                   .after(0.5, 200);
  panel.heat_map("c after 200 layers", weights, biases, limit);
  std::vector<double> x, y;
  for (int i = 1; i <= 60; ++i) {
    const double bias = 0.3 * i / 60, weight = critical_point(activation, bias).weight_variance;
    if (weight > strongest) break;
    x.push_back(weight);
    y.push_back(bias);
  }
  return panel.line(1, "critical", x, y);
}

Panel flow_panel(const DeepLaw& critical, double chaotic_weight, double correlation,
                 const Averages& sampled) {
  Panel panel;
  panel.x_axis({"layer l", false, 0, 60})
      .y_axis({"correlation c_l", false, -0.6, 1.05})
      .legend("bottom right");
  const double ordered_weight = critical.weight_variance - (chaotic_weight - critical.weight_variance) / 2;
  int colour = 0;
  for (const auto& [label, weight] :
       {std::pair{"ordered", ordered_weight}, std::pair{"critical", critical.weight_variance},
        std::pair{"chaotic", chaotic_weight}}) {
    const CorrelationFlow flow{{critical.activation, std::max(weight, 0.1), critical.bias_variance}};
    for (const double start : {0.95, correlation, -0.5}) {
      std::vector<double> layer, c;
      double gap = 1 - start;
      for (int l = 0; l <= 60; ++l, gap = flow.next(gap)) {
        layer.push_back(l);
        c.push_back(1 - gap);
      }
      panel.line(colour, start == 0.95 ? label : "", layer, c);
    }
    ++colour;
  }
  const double variance = fixed_variance({critical.activation, chaotic_weight, critical.bias_variance});
  std::vector<double> layer, c, error;
  for (int l = 1; l <= sampled_layers.back(); ++l) {
    const Estimate mean = sampled.mean(l - 1).times(1 / variance);
    layer.push_back(l);
    c.push_back(mean.value);
    error.push_back(mean.standard_error);
  }
  return panel.points(2, fmt::format("networks, N = {}", sampled_widths.back()), layer, c, error);
}

Panel divergence_panel(const std::vector<Divergence>& divergences, double amplitude) {
  Panel panel;
  panel.x_axis({"distance |δ| from the critical σ_w^2", true})
      .y_axis({"depth scale ξ_c", true})
      .legend("top right");
  std::vector<double> theory;
  for (const double distance : divergences[0].distance) theory.push_back(amplitude / distance);
  panel.line(6, "1/(|δ| dχ_1/dσ_w^2)", divergences[0].distance, theory);
  for (std::size_t k = 0; k < sides.size(); ++k)
    panel.points(static_cast<int>(k), sides[k].first, divergences[k].distance, divergences[k].scale);
  return panel;
}

Panel universality_panel(const DeepLaw& critical, double correlation) {
  Panel panel;
  panel.x_axis({"layer l", true}).y_axis({"1 - c_l", true}).legend("bottom left");
  const CorrelationFlow flow{critical};
  std::vector<double> layers, smooth, kinked, smooth_theory, kinked_theory;
  double gap = 1 - correlation;
  int l = 0;
  for (int i = 0; i <= 20; ++i) {
    const int target = static_cast<int>(std::lround(std::pow(10, i / 4.)));
    gap = flow.after(gap, target - l);
    l = target;
    layers.push_back(l);
    smooth.push_back(gap);
    kinked.push_back(relu_gap(correlation, l));
    smooth_theory.push_back(2 / correlation_curvature(critical, fixed_variance(critical)) / l);
    kinked_theory.push_back(4.5 * pi * pi / l / l);
  }
  return panel.line(0, "2/(c''(1) l)", layers, smooth_theory)
      .points(0, name(critical.activation), layers, smooth)
      .line(1, "9π^2/(2 l^2)", layers, kinked_theory)
      .points(1, "ReLU", layers, kinked);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/criticality", "3", "How do a signal and a correlation flow with depth?"};
  const auto& activation_name = program.choice("activation", "erf", {"erf", "tanh"}, "activation σ");
  const auto& bias_variance = program.option("bias-variance", 0.05, between(0.005, 0.3),
                                             "σ_b² of the critical and of the chaotic point");
  const auto& weight_variance =
      program.option("weight-variance", 2.5, Range<double>{0, 4, true}, "σ_w² of the chaotic point");
  const auto& correlation =
      program.option("correlation", 0.5, between(-0.9, 0.9), "correlation c_0 of the inputs");
  const auto& draws = program.samples(40000, 10000, 1000);
  program.validate([&] {
    const double critical = critical_point(activation_of(activation_name), bias_variance).weight_variance;
    if (weight_variance < critical + 0.1)
      throw BadOption{"weight-variance", fmt::format("{}", weight_variance),
                      fmt::format("at least {:.3f}, well inside the chaotic phase", critical + 0.1)};
  });
  program.figure("cr_phase",
                 "Correlation of two inputs after 200 layers. In the ordered phase all inputs become alike, "
                 "in the chaotic one "
                 "they part; the line is where $\\chi_1=1$.");
  program.figure("cr_flow",
                 "The correlation against depth, from three starts in each phase and on the critical line; "
                 "points are sampled networks.");
  program.figure("cr_xi",
                 "Depth over which correlations decay, on both sides of the critical point: one power and "
                 "one amplitude.");
  program.figure("cr_universality",
                 "On the critical line $1-c_l$ decays like $1/l$ for a smooth activation, and like $1/l^2$ "
                 "for the ReLU with its "
                 "kink: two universality classes.");
  program.claims([&](Claims& claims) {
    declare(claims, activation_of(activation_name), bias_variance, weight_variance, correlation);
  });

  return program.run(argc, argv, [&](Report& report) {
    const Activation activation = activation_of(activation_name);

    // 1. The critical point, in two ways
    for (const Activation each : both) {
      report.compare("critical-weight-" + name(each), critical_point(each, bias_variance).weight_variance,
                     measured_critical_weight(each, bias_variance));
    }

    // 2. Exponent and amplitude on both sides
    const DeepLaw critical{activation, critical_point(activation, bias_variance).weight_variance,
                           bias_variance};
    const double amplitude = 1 / slope_derivative(critical);
    std::vector<Divergence> divergences;
    for (const auto& [side, sign] : sides)
      divergences.push_back(measure_divergence(critical, sign, amplitude));
    compare_sides(report, critical, divergences);

    // 3. A chaotic point
    const DeepLaw chaotic{activation, weight_variance, bias_variance};
    compare_chaos(report, chaotic);
    AveragesByWidth sampled;
    for (const int width : sampled_widths)
      sampled.emplace(width, sample_chains(report, chaotic, correlation, width, draws));
    compare_sampled(report, chaotic, correlation, sampled);

    // 4. On the critical line, and at its tip
    report.compare("critical-decay", 2 / correlation_curvature(critical, fixed_variance(critical)),
                   very_deep * CorrelationFlow{critical}.after(1 - correlation, very_deep));
    report.compare("critical-decay-relu", 4.5 * pi * pi,
                   static_cast<double>(very_deep) * very_deep * relu_gap(correlation, very_deep));
    report.compare("decay-at-tip", 0.5, very_deep * variance_at_tip(1, very_deep));

    // 5. Draw
    report.draw("cr_phase", {{phase_panel(activation, std::max(3., weight_variance))}});
    report.draw("cr_flow",
                {{flow_panel(critical, weight_variance, correlation, sampled.at(sampled_widths.back()))}});
    report.draw("cr_xi", {{divergence_panel(divergences, amplitude)}});
    report.draw("cr_universality", {{universality_panel(critical, correlation)}});
  });
}

// ## What we found
//
// At $\sigma_b^2=0.05$ erf networks are critical at $\sigma_w^2=$ @value critical-weight-erf, tanh networks at
// @value critical-weight-tanh.
//
// @figure cr_phase
//
// Sampled networks follow the map: $\langle G_{01}\rangle=$ @value sampled-layer-6 after six layers at the chaotic point, where the
// map says @predicted sampled-layer-6.
//
// @figure cr_flow
//
// The depth scale diverges with the exponents @value exponent-ordered and @value exponent-chaotic on the two sides, and with the same
// amplitude, @value amplitude-ordered and @value amplitude-chaotic, where the derivative of $\chi_1$ says @predicted amplitude-ordered.
// The scale of the variance stays at @value variance-scale-ordered layers: only one direction of the flow becomes marginal.
//
// @figure cr_xi
//
// On the critical line $l(1-c_l)$ is @value critical-decay after $10^5$ layers. A ReLU network has $l^2(1-c_l)=$
// @value critical-decay-relu: the kink changes the power.
//
// @figure cr_universality
//
// @claims
//
// ## What can go wrong
//
// Iterating $c$ itself loses all digits of $1-c$; the flow is written for the gap and for the angle. A ReLU network off
// $\sigma_w^2=2$, or with a bias there, has no finite fixed point: its variance grows exponentially or linearly, and there is no phase
// to speak of; so this program offers bounded activations for the phases and the ReLU at its critical point alone. Near the tip of the
// critical line $q^*$ itself becomes slow; biases below 0.005 are refused.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which depth can a network of $\sigma_w^2=2.5$ have before two inputs are indistinguishable up to $10^{-3}$?
// 2. Replace the kink of the ReLU by a softplus of width $\epsilon$. At which depth does the power change?
