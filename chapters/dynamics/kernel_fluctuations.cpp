// # How random is the tangent kernel of a finite network?
//
// Lecture §4.1 · after ntk · about 2 s on two cores
//
// **Question.** At infinite width the tangent kernel is a number. How far from that is it at width $N$ and depth $L$?
//
// ## The model
//
// A fully connected network in NTK parameterisation, all parameters $N(0,1)$,
// $$ z^1=\frac{\sigma_w}{\sqrt D}W^1x+\sigma_bb^1,\qquad z^{l+1}=\frac{\sigma_w}{\sqrt N}W^{l+1}\sigma(z^l)+\sigma_bb^{l+1},\qquad f=z^{L+1}, $$
// with $L$ hidden layers of width $N$ and inputs on a circle, $x(\theta)=\sqrt2(\cos\theta,\sin\theta)$. The tangent kernel is
// $$ \Theta_N(x,x')=\sum_k\frac{\partial f(x)}{\partial\theta_k}\frac{\partial f(x')}{\partial\theta_k}. $$
// Two settings: `relu` with $\sigma_w^2=2$ and no biases, and `erf` with $\sigma_w^2=2.25$, $\sigma_b^2=0.1$.
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>
#include <fieldbook/numerics/integer_power.hpp>
#include <fieldbook/numerics/moments.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/tangent_ensemble.hpp>

#include <fmt/format.h>
#include <boost/math/special_functions/binomial.hpp>

#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// With one hidden layer the kernel is a mean over neurons, $\Theta_N=\sigma_b^2+\frac1N\sum_iX_i$ with
// $X=\sigma_w^2[\sigma\sigma'+v^2K^1\dot\sigma\dot\sigma']$, $v\sim N(0,1)$. Its mean is exact at every width, and its variance is
// $\text{Var}X/N$, with
// $$ \langle X^2\rangle=\sigma_w^4\bigl\langle(\sigma\sigma')^2+2K^1\sigma\sigma'\dot\sigma\dot\sigma'+3(K^1\dot\sigma\dot\sigma')^2\bigr\rangle . $$
struct Setting {
  const char* name;
  DeepLaw law;
  double (*slope)(double);
};

const Setting settings[] = {
    {"relu", {Activation::relu, 2, 0}, [](double z) { return z > 0 ? 1. : 0.; }},
    {"erf", {Activation::erf, 2.25, 0.1}, [](double z) { return 2 / std::sqrt(pi) * std::exp(-z * z); }}};

// All powers of $X$ follow in the same way, since the moments of $v$ are known, and cumulants of a mean are $\kappa_r(\Theta_N)=\kappa_r(X)/N^{r-1}$. The
// fourth gives the error of a sampled variance, $\kappa_4/n+2\kappa_2^2/(n-1)$ for $n$ networks. An error from the networks themselves would
// know the measurement: draws that make the variance come out small make its error small as well.
std::vector<double> cumulants_of_a_neuron(const Setting& setting, double angle) {
  const auto& [activation, weights, biases] = setting.law;
  const double diagonal = weights + biases, off = weights * std::cos(angle) + biases;
  // < (sigma sigma')^p (slope slope')^q >
  const auto average = [&](int p, int q) {
    const auto f = [&, a = activation](double z) {
      return integer_power(activation_value(a, z), p) * integer_power(setting.slope(z), q);
    };
    return gaussian_average(f, f, diagonal, diagonal, off);
  };
  // <X^r> is a binomial sum, with < v^{2q} > = 1, 1, 3, 15, 105
  const double powers_of_v[] = {1, 1, 3, 15, 105};
  std::vector<double> moments;
  for (int r = 0; r <= 4; ++r) {
    double sum = 0;
    for (int q = 0; q <= r; ++q)
      sum += boost::math::binomial_coefficient<double>(static_cast<unsigned>(r), static_cast<unsigned>(q)) *
             powers_of_v[q] * integer_power(off, q) * average(r - q, q);
    moments.push_back(integer_power(weights, r) * sum);
  }
  return cumulants_from_moments(moments);
}

std::vector<double> cumulants_of_the_kernel(const Setting& setting, double angle, int width) {
  std::vector<double> cumulants = cumulants_of_a_neuron(setting, angle);
  for (std::size_t r = 2; r < cumulants.size(); ++r)
    cumulants[r] /= integer_power<double>(width, static_cast<int>(r) - 1);
  return cumulants;
}

// For ReLU everything is elementary: with $c=\cos\theta$, $\text{Var}X=\sigma_w^8[J_2+2cJ_1+3c^2J_0-(J_1+cJ_0)^2]$.
double variance_of_a_relu(double weights, double angle) {
  const double c = std::cos(angle), s = std::sin(angle), rest = pi - angle;
  const double j0 = rest / (2 * pi), j1 = (s + rest * c) / (2 * pi),
               j2 = (3 * s * c + rest * (1 + 2 * c * c)) / (2 * pi);
  return std::pow(weights, 4) * (j2 + 2 * c * j1 + 3 * c * c * j0 - std::pow(j1 + c * j0, 2));
}

// Deeper ReLU networks, on the diagonal: forward and backward norms multiply from layer to layer, with gains of relative variance
// $5/N$ that share their gates. The mean stays exact, and up to $O(1/N^2)$
// $$ 1+\frac{\text{Var}\,\Theta}{\Theta^2}=\frac1{(L+1)^2}\sum_{l,l'=0}^L\Bigl(1+\frac5N\Bigr)^{L-|l-l'|}\Bigl(1+\frac1N\Bigr)^{|l-l'|}, $$
// so $N\,\text{Var}\,\Theta/\Theta^2\to\frac{L(11L+7)}{3(L+1)}$: fluctuations grow like depth over width.
double relative_variance_of_relu(int depth, double width) {
  double sum = 0;
  for (int l = 0; l <= depth; ++l)
    for (int k = 0; k <= depth; ++k)
      sum += std::pow(1 + 5 / width, depth - std::abs(l - k)) * std::pow(1 + 1 / width, std::abs(l - k));
  return sum / ((depth + 1) * (depth + 1)) - 1;
}

double limit_of_variance(int depth) { return depth * (11. * depth + 7) / (3. * (depth + 1)); }

// ## What networks do
//
// The kernel of every network of an ensemble at the pairs $(0,0)$ and $(0,\theta)$.
std::vector<CentralMoments> sample(Report& report, const Setting& setting, int depth, int width, double angle,
                                   std::int64_t draws) {
  const auto& [activation, weights, biases] = setting.law;
  return sample_tangent_kernels(
      report, fmt::format("{}, depth {}, width {}", setting.name, depth, width), report.seed(), activation,
      ntk_parameterisation({2, width, depth}, weights, biases), inputs_on_circle({0, angle}), draws);
}

double infinite_width(const Setting& setting, double angle) {
  return tangent_kernel(setting.law, 1, inputs_on_circle({0, angle})).ntk(0, 1);
}

// ## The claims
const std::vector<int> depths{1, 2, 3, 4};

void declare(Claims& claims, const std::vector<int>& widths, double angle) {
  for (const int depth : depths)
    for (const int width : widths)
      claims
          .statistical(
              fmt::format("mean-relu-{}-{}", depth, width), "N5",
              fmt::format("ReLU, $L={}$, $N={}$: the mean of $\\Theta_N(x,x)$ is exact", depth, width))
          .independent();
  for (const Setting& setting : settings)
    for (const int width : widths)
      for (const char* pair : {"same", "angle"})
        claims.statistical(
            fmt::format("variance-{}-{}-{}", setting.name, pair, width), "N6",
            fmt::format("{}, one hidden layer, $N={}$: $N\\,\\text{{Var}}\\,\\Theta_N/\\Theta^2$, {}",
                        setting.name, width,
                        pair == std::string{"same"} ? "one point" : fmt::format("angle {}", angle)));
  for (const char* pair : {"same", "angle"})
    claims.exact(
        fmt::format("relu-variance-{}", pair), "N6",
        fmt::format("ReLU: the variance of a neuron's part, in closed form and by quadrature, {}", pair),
        relative(1e-8));
  for (const int depth : {2, 3, 4})
    claims.statistical(
        fmt::format("variance-relu-deep-{}", depth), "N7",
        fmt::format("ReLU, $L={}$, widest networks: $N\\,\\text{{Var}}\\,\\Theta_N/\\Theta^2$", depth));
}

// ## The experiment, step by step
using Kernels = std::map<std::pair<int, int>, CentralMoments>;  // the diagonal, by depth and width

void compare_one_layer(Report& report, const Setting& setting, int width, double angle,
                       const std::vector<CentralMoments>& moments) {
  for (const auto& [pair, at, index] : {std::tuple{"same", 0., 0}, {"angle", angle, 1}}) {
    const CentralMoments& sampled = moments[static_cast<std::size_t>(index)];
    const std::vector<double> predicted = cumulants_of_the_kernel(setting, at, width);
    const double theta = infinite_width(setting, at), unit = width / (theta * theta),
                 error = std::sqrt(k_statistic_variance(2, static_cast<double>(sampled.count()), predicted));
    report.compare(fmt::format("variance-{}-{}-{}", setting.name, pair, width), unit * predicted[2],
                   Estimate{k_statistic(2, sampled), error}.times(unit));
  }
}

Kernels compare_ensembles(Report& report, const std::vector<int>& widths, double angle, std::int64_t draws) {
  for (const auto& [pair, at] : {std::pair{"same", 0.}, {"angle", angle}})
    report.compare(fmt::format("relu-variance-{}", pair), variance_of_a_relu(2, at),
                   cumulants_of_a_neuron(settings[0], at)[2]);
  for (const int width : widths)
    compare_one_layer(report, settings[1], width, angle, sample(report, settings[1], 1, width, angle, draws));
  Kernels relu;
  for (const int depth : depths)
    for (const int width : widths) {
      // Deep networks are expensive; the widest have to show a variance
      const bool widest = width == widths.back();
      const auto moments =
          sample(report, settings[0], depth, width, angle, depth > 1 && !widest ? draws / 2 : draws);
      const double theta = 2 * (depth + 1);
      report.compare(fmt::format("mean-relu-{}-{}", depth, width), theta, mean_estimate(moments[0]));
      if (depth == 1) compare_one_layer(report, settings[0], width, angle, moments);
      if (depth > 1 && widest)
        report.compare(fmt::format("variance-relu-deep-{}", depth),
                       width * relative_variance_of_relu(depth, width),
                       variance_estimate(moments[0]).times(width / (theta * theta)));
      relu[{depth, width}] = moments[0];
    }
  return relu;
}

// ## The figure
Panel variance_panel(const Kernels& relu, const std::vector<int>& widths) {
  Panel panel;
  panel.x_axis({"width N", true, 0.8 * widths.front(), 1.25 * widths.back()})
      .y_axis({"variance of Θ / Θ^2", true})
      .legend("bottom left");
  int colour = 0;
  for (const int depth : depths) {
    std::vector<double> at, line, x, y, error;
    for (int i = 0; i <= 40; ++i) {
      at.push_back(0.8 * widths.front() * std::pow(1.25 / 0.8 * widths.back() / widths.front(), i / 40.));
      line.push_back(relative_variance_of_relu(depth, at.back()));
    }
    for (const int width : widths) {
      const double theta = 2 * (depth + 1);
      const Estimate variance = variance_estimate(relu.at({depth, width})).times(1 / (theta * theta));
      x.push_back(width);
      y.push_back(variance.value);
      error.push_back(variance.standard_error);
    }
    panel.line(colour, fmt::format("L = {}", depth), at, line)
        .points(colour, "", x, y, error)
        .guide(depth == 1 ? "L(11L+7)/3(L+1)N" : "", {at.front(), at.back()},
               {limit_of_variance(depth) / at.front(), limit_of_variance(depth) / at.back()});
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/kernel_fluctuations", "4.1",
                  "How random is the tangent kernel of a finite network?"};
  const auto& widths = program.list("widths", {32, 64, 128, 256}, between(32, 512),
                                    "ascending widths, the last at least 128", "neurons");
  const auto& angle = program.option("angle", 0.7, between(0.1, 2.), "angle of the second input");
  const auto& draws = program.samples(4000, 800, 400);
  program.validate([&] {
    for (std::size_t i = 1; i < widths.size(); ++i)
      if (widths[i] <= widths[i - 1])
        throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")), "ascending widths"};
    if (widths.back() < 128)
      throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")),
                      "a width of 128 or more: narrow deep networks have tails too heavy for an error bar"};
  });
  program.figure("ntk_fluct",
                 "How much the kernel fluctuates at initialisation: one over the width, with a coefficient "
                 "that grows with depth (dashed: leading order).");
  program.claims([&](Claims& claims) { declare(claims, widths, angle); });

  return program.run(argc, argv, [&](Report& report) {
    const Kernels relu = compare_ensembles(report, widths, angle, draws);
    report.draw("ntk_fluct", {{variance_panel(relu, widths)}});
  });
}

// ## What we found
//
// The mean of the kernel is exact at every width: four hidden layers of 32 ReLUs have @value mean-relu-4-32 where infinite width has 10.
// Its relative variance is of order one over the width. With one layer the coefficient is 3 on the diagonal
// (@value variance-relu-same-256), with four it is @value variance-relu-deep-4: at $L=4$ and $N=64$ the kernel varies by almost half its size
// from network to network.
//
// @figure ntk_fluct
//
// @claims
//
// ## What can go wrong
//
// Error bars of variances need light tails: products over many layers are log-normal, and at a depth beyond a tenth of the width the sample
// variance is dominated by rare networks.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive $\text{Var}X$ for ReLU from three integrals over a half plane.
// 2. Where does the 5 in the gains of ReLU layers come from?
