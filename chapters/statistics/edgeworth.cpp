// # How does the density of a finite network differ from a Gaussian?
//
// Lecture §3.2 · after non_gaussian · about 2 s on two cores
//
// **Question.** The interactions shift the density of the output, order by order in $1/N$. How good are the first orders, and do
// more orders always help?
//
// ## The model
//
// A network with one hidden layer at a single input, $\phi=N^{-1/2}\sum_iw_if_i$ with $w_i\sim\mathcal N(0,1)$. Three kinds of
// neuron: `cos`, $f=\sqrt2\cos c$ with $c$ uniform on a circle, and `erf` and `sin`, $f=\sigma(z)$ with $z\sim\mathcal N(0,1)$. A
// fourth, `linear`, $f=z$, has much larger cumulants, and shows where the expansion ends.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/histogram.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/numerics/characteristic.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/moments.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/hermite.hpp>

#include <cmath>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## The exact density
//
// Given the hidden layer the output is Gaussian, so its characteristic function is the $N$-th power of that of one neuron,
// $$ \langle e^{it\phi}\rangle = \bigl\langle e^{-t^2f^2/2N}\bigr\rangle^N, $$
// and the density is its Fourier transform. The average over $f$ is taken on a uniform grid of angles or of $z$, where the
// trapezoidal rule converges faster than any power; a Gauss-Hermite rule would miss the narrow peak at large $t$.
struct Nodes {
  std::vector<double> squares;  ///< f^2
  std::vector<double> weights;
};

Nodes neuron_nodes(const std::string& neuron) {
  constexpr int count = 4001;
  Nodes nodes;
  for (int i = 0; i < count; ++i) {
    if (neuron == "cos") {
      const double cosine = std::cos(pi * i / count);
      nodes.squares.push_back(2 * cosine * cosine);
      nodes.weights.push_back(1. / count);
    } else {
      const double z = -9 + 18. * i / (count - 1), f = activation_value(activation_of(neuron), z);
      nodes.squares.push_back(f * f);
      nodes.weights.push_back(18. / (count - 1) * std::exp(-z * z / 2) / std::sqrt(2 * pi));
    }
  }
  return nodes;
}

CharacteristicFunction exact_law(const std::string& neuron, int width, double step, double reach) {
  const Nodes nodes = neuron_nodes(neuron);
  return {[&](double t) {
            const double scale = t * t / (2 * width);
            double average = 0;
            for (std::size_t i = 0; i < nodes.squares.size(); ++i)
              average += nodes.weights[i] * std::exp(-scale * nodes.squares[i]);
            return std::pow(average, width);
          },
          step, reach};
}

// ## Edgeworth's expansion
//
// In units of the standard deviation, $x=\phi/\sqrt{\kappa_2}$, the cumulants $\lambda_r=\kappa_r/\kappa_2^{r/2}$ of one neuron
// come with powers $N^{1-r/2}$. Expanding the exponential of the cumulant series around the Gaussian $g$ and collecting powers of
// $1/N$, with Hermite polynomials for derivatives of $g$,
// $$ p = g\Bigl[1+\frac1N\frac{\lambda_4\mathrm{He}_4}{4!}
//      +\frac1{N^2}\Bigl(\frac{\lambda_6\mathrm{He}_6}{6!}+\frac{\lambda_4^2\mathrm{He}_8}{2\cdot4!^2}\Bigr)
//      +\frac1{N^3}\Bigl(\frac{\lambda_8\mathrm{He}_8}{8!}+\frac{\lambda_4\lambda_6\mathrm{He}_{10}}{4!\,6!}
//      +\frac{\lambda_4^3\mathrm{He}_{12}}{3!\,4!^3}\Bigr)+\dots\Bigr]. $$
// The moments of one neuron are $\langle(wf)^{2m}\rangle=(2m-1)!!\langle f^{2m}\rangle$.
struct NeuronCumulants {
  double variance;
  double l4, l6, l8;
};

NeuronCumulants neuron_cumulants(const std::string& neuron) {
  std::vector<double> moments(9);
  moments[0] = 1;
  double odd_product = 1, cosine = 1;
  for (int m = 1; m <= 4; ++m) {
    odd_product *= 2 * m - 1;
    cosine *= (2 * m - 1.) / m;  // <(sqrt2 cos)^2m> = 2^m (2m-1)!!/(2m)!!
    const double feature = neuron == "cos" ? cosine : activation_moment(activation_of(neuron), 2 * m, 1);
    moments[static_cast<std::size_t>(2 * m)] = odd_product * feature;
  }
  const std::vector<double> kappa = cumulants_from_moments(moments);
  return {kappa[2], kappa[4] / std::pow(kappa[2], 2), kappa[6] / std::pow(kappa[2], 3),
          kappa[8] / std::pow(kappa[2], 4)};
}

double hermite(unsigned n, double x) {
  return std::pow(2, -static_cast<double>(n) / 2) * boost::math::hermite(n, x / std::numbers::sqrt2);
}

double gaussian(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * pi); }

// The term of order $N^{-k}$ at $N=1$.
double edgeworth_term(const NeuronCumulants& kappa, int k, double x) {
  const auto& [variance, l4, l6, l8] = kappa;
  double bracket = 1;
  if (k == 1) bracket = l4 * hermite(4, x) / 24;
  if (k == 2) bracket = l6 * hermite(6, x) / 720 + l4 * l4 * hermite(8, x) / 1152;
  if (k == 3)
    bracket =
        l8 * hermite(8, x) / 40320 + l4 * l6 * hermite(10, x) / 17280 + l4 * l4 * l4 * hermite(12, x) / 82944;
  return gaussian(x) * bracket;
}

double edgeworth(const NeuronCumulants& kappa, int order, int width, double x) {
  double sum = 0;
  for (int k = 0; k <= order; ++k) sum += edgeworth_term(kappa, k, x) / std::pow(width, k);
  return sum;
}

// The residual of order $k$ is, for large $N$, the next term: $\sup|p-p_k|\to c_kN^{-(k+1)}$, with $c_k$ the largest value
// of that term.
template <class Function>
double largest(Function f) {
  double sup = 0;
  for (int i = 0; i <= 600; ++i) sup = std::max(sup, std::abs(f(i / 100.)));  // all laws here are even
  return sup;
}

double predicted_amplitude(const NeuronCumulants& kappa, int order) {
  return largest([&](double x) { return edgeworth_term(kappa, order + 1, x); });
}

// ## What networks do
//
// Nothing is sampled for the residuals: the exact density is compared with its expansion. So that the exact density can be
// trusted, sampled networks at a small width are compared with it in a histogram, where the test must also be able to tell
// the Gaussian and the first orders from the truth.
std::vector<double> sample_outputs(const std::string& neuron, int width, Block block, std::uint64_t seed,
                                   const std::string& stage) {
  std::vector<double> phi;
  const auto draw_all = [&](auto&& networks, const auto& x) {
    for (std::uint64_t draw = block.first; draw < block.last; ++draw)
      phi.push_back(networks.outputs(draw, x)[0]);
  };
  if (neuron == "cos")
    draw_all(RandomFeatures<float>{CosFeatures{1}, 1, width, seed, stage}, Eigen::MatrixXd::Zero(1, 1));
  else
    draw_all(OneHiddenLayer{activation_of(neuron), width, 1, 0, seed, stage}, std::vector{1.});
  return phi;
}

constexpr int bins = 40;
constexpr double range = 4;  // in standard deviations

Histogram sample_histogram(Report& report, const std::string& neuron, int width, std::int64_t draws) {
  const std::string stage = fmt::format("{} networks of width {}", neuron, width);
  const double unit = std::sqrt(neuron_cumulants(neuron).variance);
  return merged(sample_blocks(
      report, stage, draws, Histogram{-range, range, bins}, [&](Block block, Histogram& histogram) {
        std::vector<double> x = sample_outputs(neuron, width, block, report.seed(), stage);
        for (double& value : x) value /= unit;
        histogram.add(x);
      }));
}

// Pearson's test on forty bins and the two tails; `cdf_step(a, b)` is the probability between a and b.
template <class Probability>
double pearson_p_value(const Histogram& histogram, Probability probability) {
  const auto n = static_cast<double>(histogram.total());
  double chi_square = 0, inside = 0, counted = 0;
  for (std::size_t i = 0; i < histogram.bins(); ++i) {
    const double a = histogram.centre(i) - histogram.bin_width() / 2,
                 p = probability(a, a + histogram.bin_width());
    const auto observed = static_cast<double>(histogram.count(i));
    chi_square += (observed - n * p) * (observed - n * p) / (n * p);
    inside += p;
    counted += observed;
  }
  const double expected = n * (1 - inside), outside = n - counted;
  chi_square += (outside - expected) * (outside - expected) / expected;
  return cdf(complement(boost::math::chi_squared{static_cast<double>(histogram.bins())}, chi_square));
}

// ## The claims
const std::vector<int> widths_of_slope{24, 48, 96};
constexpr int width_of_failure = 4;

std::string id(const char* what, const std::string& neuron, int order) {
  return fmt::format("{}-{}-{}", what, neuron, order);
}

void declare(Claims& claims, const std::vector<std::string>& neurons, int width) {
  for (const std::string& neuron : neurons) {
    for (int order = 0; order <= 3; ++order)
      claims.scaling(id("exponent", neuron, order), "NG-5",
                     fmt::format("what order {} of Edgeworth's expansion leaves of the density of {} "
                                 "networks falls like $N^{{-{}}}$",
                                 order, neuron, order + 1),
                     0.08);
    for (int order = 0; order <= 2; ++order)
      claims.exact(id("amplitude", neuron, order), "NG-6",
                   fmt::format("its amplitude is the largest value of the term of order {} ({} neurons)",
                               order + 1, neuron),
                   relative(0.06));
    claims.bound(fmt::format("histogram-{}", neuron), "NG-7",
                 fmt::format("{} networks of width {} follow the exact density: the p-value of a chi-square "
                             "test is above the five-sigma level",
                             neuron, width),
                 Side::above);
    claims.bound(fmt::format("gaussian-rejected-{}", neuron), "NG-7",
                 fmt::format("the same test tells {} networks of width {} from a Gaussian", neuron, width),
                 Side::below);
  }
  claims.bound("asymptotic-linear", "NG-5",
               fmt::format("for linear neurons of width {} the third order leaves more than the second",
                           width_of_failure),
               Side::above);
}

// ## The experiment, step by step
//
// The exact density at width $N$ in units of the standard deviation, on the grid of `largest`.
struct Residuals {
  std::vector<double> widths;
  std::vector<std::vector<double>> by_order;
};

Residuals residuals(const std::string& neuron, const std::vector<int>& widths) {
  const NeuronCumulants kappa = neuron_cumulants(neuron);
  const double unit = std::sqrt(kappa.variance);
  Residuals result{{}, std::vector<std::vector<double>>(4)};
  for (const int width : widths) {
    const CharacteristicFunction law = exact_law(neuron, width, 0.05 / unit, 60 / unit);
    std::vector<double> exact;
    for (int i = 0; i <= 600; ++i) exact.push_back(unit * law.density(unit * i / 100.));
    result.widths.push_back(width);
    for (int order = 0; order <= 3; ++order)
      result.by_order[static_cast<std::size_t>(order)].push_back(largest([&](double x) {
        return exact[static_cast<std::size_t>(std::lround(100 * x))] - edgeworth(kappa, order, width, x);
      }));
  }
  return result;
}

void compare_residuals(Report& report, const std::string& neuron) {
  const Residuals found = residuals(neuron, widths_of_slope);
  for (int order = 0; order <= 3; ++order) {
    const std::vector<double>& sup = found.by_order[static_cast<std::size_t>(order)];
    const double slope =
        std::log(sup.back() / sup.front()) / std::log(found.widths.back() / found.widths.front());
    report.compare(id("exponent", neuron, order), -(order + 1), slope);
    if (order <= 2)
      report.compare(id("amplitude", neuron, order), predicted_amplitude(neuron_cumulants(neuron), order),
                     sup.back() * std::pow(found.widths.back(), order + 1));
  }
}

// The series is asymptotic: at a given width there is a best order, and beyond it every further one makes things worse.
void compare_failure(Report& report) {
  const Residuals linear = residuals("linear", {width_of_failure});
  report.compare("asymptotic-linear", linear.by_order[2].front(), linear.by_order[3].front());
}

Histogram compare_histogram(Report& report, const std::string& neuron, int width, std::int64_t draws) {
  const Histogram histogram = sample_histogram(report, neuron, width, draws);
  const double unit = std::sqrt(neuron_cumulants(neuron).variance);
  const CharacteristicFunction law = exact_law(neuron, width, 0.05 / unit, 400 / unit);
  report.compare(
      fmt::format("histogram-{}", neuron), five_sigma_p_value,
      pearson_p_value(histogram, [&](double a, double b) { return law.probability(unit * a, unit * b); }));
  report.compare(fmt::format("gaussian-rejected-{}", neuron), five_sigma_p_value,
                 pearson_p_value(histogram, [](double a, double b) {
                   return (std::erf(b / std::numbers::sqrt2) - std::erf(a / std::numbers::sqrt2)) / 2;
                 }));
  return histogram;
}

// ## The figures
Figure density_figure(const std::string& neuron, int width, const Histogram& histogram) {
  const NeuronCumulants kappa = neuron_cumulants(neuron);
  const double unit = std::sqrt(kappa.variance);
  const CharacteristicFunction law = exact_law(neuron, width, 0.05 / unit, 400 / unit);
  Panel density{"density"}, ratio{"over the Gaussian"};
  density.x_axis({"φ/√κ_2", false, -4, 4}).y_axis({"density"}).legend("off");
  ratio.x_axis({"φ/√κ_2", false, -4, 4}).y_axis({"p/g", false, 0, 3}).legend("top center");
  std::vector<double> x, exact, exact_ratio;
  std::vector<std::vector<double>> orders(4), order_ratios(4);
  for (int i = -80; i <= 80; ++i) {
    x.push_back(i / 20.);
    exact.push_back(unit * law.density(unit * x.back()));
    exact_ratio.push_back(exact.back() / gaussian(x.back()));
    for (int order = 0; order <= 3; ++order) {
      const auto k = static_cast<std::size_t>(order);
      orders[k].push_back(edgeworth(kappa, order, width, x.back()));
      order_ratios[k].push_back(orders[k].back() / gaussian(x.back()));
    }
  }
  std::vector<double> centre, height, height_ratio;
  for (std::size_t i = 0; i < histogram.bins(); ++i) {
    centre.push_back(histogram.centre(i));
    height.push_back(static_cast<double>(histogram.count(i)) /
                     (static_cast<double>(histogram.total()) * histogram.bin_width()));
    height_ratio.push_back(height.back() / gaussian(centre.back()));
  }
  density.points(0, fmt::format("{} networks, N = {}", neuron, width), centre, height);
  ratio.points(0, "networks", centre, height_ratio);
  density.line(0, "exact", x, exact);
  ratio.line(0, "exact", x, exact_ratio);
  const char* names[] = {"Gaussian", "order 1", "order 2", "order 3"};
  for (int order = 0; order <= 3; ++order) {
    const auto k = static_cast<std::size_t>(order);
    density.line(order + 1, names[order], x, orders[k]);
    ratio.line(order + 1, names[order], x, order_ratios[k]);
  }
  return {{density, ratio}, 2, 520, 420};
}

Panel residual_panel(const std::string& neuron) {
  const std::vector<int> widths{3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96};
  const Residuals found = residuals(neuron, widths);
  const NeuronCumulants kappa = neuron_cumulants(neuron);
  Panel panel{fmt::format("{} neurons", neuron)};
  panel.x_axis({"width N", true, 1.8, 110}).y_axis({"sup |p - p_k|", true}).legend("bottom left");
  for (int order = 0; order <= 3; ++order) {
    const auto k = static_cast<std::size_t>(order);
    panel.points(order, fmt::format("k = {}", order), found.widths, found.by_order[k]);
    if (order == 3) continue;
    std::vector<double> line;
    for (const double width : found.widths)
      line.push_back(predicted_amplitude(kappa, order) * std::pow(width, -(order + 1)));
    panel.line(order, "", found.widths, line);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/edgeworth", "3.2",
                  "How does the density of a finite network differ from a Gaussian?"};
  const auto& neurons = program.choices("neurons", {"cos", "erf"}, {"cos", "erf", "sin"}, "kinds of neuron");
  const auto& width =
      program.option("width", 3, between(3, 32), "width N of the sampled networks", "neurons");
  const auto& draws = program.samples(1000000, 200000, 50000);
  program.figure("ng_density",
                 "Density of narrow networks, sampled and exact, with the Gaussian and the first orders of "
                 "Edgeworth's expansion; on the right as ratios to the Gaussian. The orders oscillate around "
                 "the truth.");
  program.figure("ng_edgeworth",
                 "What is left of the density after each order, against the width. Lines: the largest value "
                 "of the first "
                 "neglected term. Linear neurons, on the right, have large cumulants: at small widths their "
                 "curves meet, and the third "
                 "order is worse than the second. The expansion is asymptotic.");
  program.claims([&](Claims& claims) { declare(claims, neurons, width); });

  return program.run(argc, argv, [&](Report& report) {
    Figure by_neuron{{}, 3, 380, 400};
    for (const std::string& neuron : neurons) {
      compare_residuals(report, neuron);
      const Histogram histogram = compare_histogram(report, neuron, width, draws);
      if (neuron == neurons.front()) report.draw("ng_density", density_figure(neuron, width, histogram));
      by_neuron.panels.push_back(residual_panel(neuron));
    }
    compare_failure(report);
    by_neuron.panels.push_back(residual_panel("linear"));
    report.draw("ng_edgeworth", by_neuron);
  });
}

// ## What we found
//
// The Gaussian is wrong by $c_0/N$ with $c_0=$ @value amplitude-cos-0 for cosine neurons at $N=96$ (@predicted amplitude-cos-0 from
// $\lambda_4$ alone). Each order gains one power: the exponents are @value exponent-cos-0, @value exponent-cos-1,
// @value exponent-cos-2 and @value exponent-cos-3.
//
// More orders do not always help: what the second order leaves of four linear neurons is @predicted asymptotic-linear, what the
// third leaves is @value asymptotic-linear.
//
// @figure ng_edgeworth
//
// At three neurons all orders are visibly wrong, the exact density is not: the test of the histogram has the p-value
// @value histogram-cos.
//
// @figure ng_density
//
// @claims
//
// ## What can go wrong
//
// The characteristic function of a few neurons falls slowly, like $t^{-N}$ for the cosine, so its Fourier integral is cut where
// that is small: for fewer than three neurons there would be no such place. The Hermite polynomials of the third order
// reach degree twelve and are multiplied by $g$ before anything is subtracted; beyond six standard deviations nothing is
// claimed.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. A neuron with a skewed law has odd cumulants, and its expansion goes in powers of $N^{-1/2}$. Derive the first three terms.
// 2. From which width on does the third order help, for sine neurons? Try `--neurons sin`.
