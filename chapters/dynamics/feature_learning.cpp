// # What does a network learn that its kernel did not know?
//
// Lecture §4.3 · after coordinate_checks · about 3 s on two cores
//
// **Question.** In $\mu$P one number is left, the richness $\gamma_0$: how much features move for a given change of the output. What happens
// between the lazy network and the rich one, and what does the kernel of the features look like afterwards?
//
// ## The model
//
// $\mu$P in its mean-field form, without biases,
// $$ h^1=\frac{W^1x}{\sqrt D},\qquad h^{l+1}=\frac{W^{l+1}\sigma(h^l)}{\sqrt N},\qquad f=\frac{W^{L+1}\sigma(h^L)}{\gamma_0N}, $$
// all weights $\mathcal N(0,1)$, steps $\eta_0\gamma_0^2N$ on the mean-squared loss of what $f$ has gained since the start. The smaller
// $\gamma_0$, the larger the output of a given network, and the less it has to change to fit the same data. The data are six
// points on the circle, $y=\cos\theta+\frac12\sin2\theta$; the features are $\sigma(h^L)$, and their kernel is
// $\Phi(x,x')=\frac1N\sum_i\sigma(h^L_i(x))\,\sigma(h^L_i(x'))$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/feature_motion.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// Reversing the sign of $\gamma_0$ is the same as reversing the sign of the readout: $f\to-f$ at the start, and for what is trained nothing
// changes but the direction in which the features move. So the change of $\Phi$ splits, network by network and at every width, into a part that
// is odd under $W^{L+1}\to-W^{L+1}$ and odd in $\gamma_0$, and one that is even in both:
// $$ \Delta\Phi_{\text{random}}=O(\gamma_0),\qquad \Delta\Phi_{\text{coherent}}=O(\gamma_0^2). $$
// The first has either sign with the same probability, and is $O(N^{-1/2})$; it is an accident of the draw. The second is what all
// networks learn from these data. As $\gamma_0\to0$ at fixed width the accident wins; at $\gamma_0=O(1)$ learning does.
constexpr double power_of_random = 1, power_of_coherent = 2;
const std::vector<double> lazy{0.005, 0.01};

// ## What networks do
//
// Train each network and its mirror image at every richness. All richnesses see the same networks, so that what is
// common to them drops out of ratios.
struct Setting {
  Activation activation;
  NetworkShape shape;
  std::uint64_t seed;
};

constexpr int steps = 300;
constexpr double rate = 1;

Mlp<double> network_of(const Setting& setting, const AbcdExponents& exponents, double richness) {
  return {setting.activation, abcd_parameterisation(setting.shape, exponents, richness), setting.seed,
          "features"};
}

enum Observable : Eigen::Index { all_of_it, coherent, random_part, loss_left, observables };

Eigen::VectorXd train_pair(const Setting& setting, double richness, std::uint64_t draw) {
  const CircleData data = CircleData::six();
  const AbcdExponents exponents = AbcdExponents::mup(0);
  const double step = abcd_step(setting.shape, exponents, richness, rate);
  Mlp<double> network = network_of(setting, exponents, richness);
  FeatureMotion motions[2];
  for (FeatureMotion& motion : motions) {
    network.draw(draw);
    if (&motion != motions) mirror_readout(network);
    motion = follow_features(network, data.inputs().transpose(), data.targets(), step, steps);
  }
  const auto& [one, other] = motions;
  const double size = one.kernel.squaredNorm();
  Eigen::VectorXd values(observables);
  values[all_of_it] = (one.kernel_moved.squaredNorm() + other.kernel_moved.squaredNorm()) / (2 * size);
  values[coherent] = (one.kernel_moved + other.kernel_moved).squaredNorm() / (4 * size);
  values[random_part] = (one.kernel_moved - other.kernel_moved).squaredNorm() / (4 * size);
  values[loss_left] = (one.loss_left + other.loss_left) / 2;
  return values;
}

// The observables of all richnesses, one after the other, of the same networks
using Blocks = std::vector<Averages>;

Blocks sample(Report& report, const Setting& setting, const std::vector<double>& richness,
              std::int64_t draws) {
  const auto count = static_cast<Eigen::Index>(richness.size());
  return sample_draws(report, "pairs at every richness", draws, Averages{count * observables},
                      [&](std::uint64_t draw, Averages& averages) {
                        Eigen::VectorXd values(count * observables);
                        for (Eigen::Index i = 0; i < count; ++i)
                          values.segment(i * observables, observables) =
                              train_pair(setting, richness[static_cast<std::size_t>(i)], draw);
                        averages.add(values);
                      });
}

// The root of the ratio of two mean squares, at richnesses number i and j
Estimate ratio(const Blocks& blocks, Observable observable, std::size_t i, std::size_t j) {
  const auto at = [&](std::size_t k) { return static_cast<Eigen::Index>(k) * observables + observable; };
  return jackknife(blocks, [&](const Averages& averages) {
    return std::sqrt(averages.means()[at(i)] / averages.means()[at(j)]);
  });
}

Estimate power(const Blocks& blocks, Observable observable) {
  const Estimate growth = ratio(blocks, observable, 1, 0);
  const double octaves = std::log(lazy[1] / lazy[0]);
  return {std::log(growth.value) / octaves, growth.standard_error / growth.value / octaves};
}

// ## The claims
constexpr double span = 100, least_growth = 20;

void declare(Claims& claims, const std::vector<double>& richness) {
  claims.scaling("random", "F8",
                 "lazy networks: the power of $\\gamma_0$ in the random part of $\\Delta\\Phi$", 0.03);
  claims.scaling("coherent", "F8", "lazy networks: the power of $\\gamma_0$ in the coherent part", 0.03);
  for (std::size_t i = 1; i < richness.size(); ++i)
    claims.bound(fmt::format("growth-{}", richness[i]), "F8",
                 fmt::format("features move more at $\\gamma_0={}$ than at {}", richness[i], richness[i - 1]),
                 Side::above);
  for (const double each : richness)
    claims.bound(
        fmt::format("loss-{}", each), "F8",
        fmt::format("$\\gamma_0={}$: after {} steps less than half of the loss is left", each, steps),
        Side::below);
  if (richness.back() >= span * richness.front())
    claims.bound("growth", "F8",
                 fmt::format("from the laziest to the richest $\\|\\Delta\\Phi\\|$ grows by more than {}",
                             least_growth),
                 Side::above);
  else
    claims.leave_out("growth", "F8", fmt::format("needs richnesses that span a factor of {}", span));
}

// ## The experiment, step by step
void compare(Report& report, const std::vector<double>& richness, const Blocks& blocks) {
  report.compare("random", power_of_random, power(blocks, random_part));
  report.compare("coherent", power_of_coherent, power(blocks, coherent));
  const std::size_t first = lazy.size(), last = lazy.size() + richness.size() - 1;
  const Averages averages = merged(blocks);
  for (std::size_t i = 0; i < richness.size(); ++i) {
    report.compare(fmt::format("loss-{}", richness[i]), 0.5,
                   averages.mean(static_cast<Eigen::Index>(first + i) * observables + loss_left));
    if (i > 0)
      report.compare(fmt::format("growth-{}", richness[i]), 1,
                     ratio(blocks, all_of_it, first + i, first + i - 1));
  }
  if (richness.back() >= span * richness.front())
    report.compare("growth", least_growth, ratio(blocks, all_of_it, last, first));
}

// ## The figures
Figure richness_figure(const std::vector<double>& richness, const Averages& averages) {
  const auto curve = [&](Panel& panel, int colour, const char* name, Observable observable) {
    std::vector<double> y, error;
    for (std::size_t i = 0; i < richness.size(); ++i) {
      const Estimate mean = averages.mean(static_cast<Eigen::Index>(i) * observables + observable);
      const Estimate shown = observable == loss_left ? mean : mean.root();
      y.push_back(shown.value);
      error.push_back(std::min(shown.standard_error, 0.9 * shown.value));
    }
    panel.points(colour, name, richness, y, error);
    return y.front();
  };
  Panel features, loss;
  features.x_axis({"richness γ_0", true}).y_axis({"root mean square of ΔΦ/Φ", true}).legend("bottom right");
  loss.x_axis({"richness γ_0", true}).y_axis({"loss left after training", true}).legend("off");
  const double start = curve(features, 0, "coherent, ∝ γ_0^2", coherent),
               odd = curve(features, 1, "random, ∝ γ_0", random_part);
  std::vector<double> at, square, line;
  for (double x = richness.front(); x <= 0.2; x *= 1.2) {
    at.push_back(x);
    square.push_back(start * std::pow(x / richness.front(), power_of_coherent));
    line.push_back(odd * std::pow(x / richness.front(), power_of_random));
  }
  features.line(0, "", at, square).line(1, "", at, line);
  curve(loss, 2, "loss", loss_left);
  return {{features, loss}, 2, 480, 380};
}

// One network before and after training, lazy and rich: its kernel between any two points of the circle
Figure kernel_figure(const Setting& setting) {
  std::vector<double> angles;
  for (int i = 0; i < 40; ++i) angles.push_back(2 * pi * (i + 0.5) / 40);
  const Eigen::MatrixXd circle = inputs_on_circle(angles).transpose();
  const CircleData data = CircleData::six();
  Figure figure{{}, 4, 330, 300};
  const auto add = [&](const std::string& title, const Mlp<double>& network) {
    Panel panel{title};
    panel.x_axis({"θ", false, 0, 2 * pi})
        .y_axis({figure.panels.empty() ? "θ'" : "", false, 0, 2 * pi})
        .legend("off");
    panel.heat_map("Φ", angles, angles, feature_kernel(network, circle));
    figure.panels.push_back(panel);
  };
  add("at the start", network_of(setting, AbcdExponents::mup(0), 1));
  for (const auto& [title, exponents, richness] :
       {std::tuple{"NTK", AbcdExponents::ntk(), 1.}, std::tuple{"μP, γ_0 = 1", AbcdExponents::mup(0), 1.},
        std::tuple{"μP, γ_0 = 3", AbcdExponents::mup(0), 3.}}) {
    Mlp<double> network = network_of(setting, exponents, richness);
    follow_features(network, data.inputs().transpose(), data.targets(),
                    abcd_step(setting.shape, exponents, richness, rate), steps);
    add(title, network);
  }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/feature_learning", "4.3",
                  "What does a network learn that its kernel did not know?"};
  const auto& richness =
      program.list("richness", {0.03, 0.1, 0.3, 1., 3.}, between(0.01, 3.), "ascending richnesses γ_0");
  const auto& width = program.option("width", 256, between(128, 512), "width N", "neurons");
  const auto& depth = program.option("depth", 2, between(1, 3), "hidden layers L", "layers");
  const auto& activation = program.choice("activation", "erf", {"erf", "tanh"}, "activation σ");
  const auto& draws = program.samples(24, 6, 4);
  program.validate([&] {
    for (std::size_t i = 1; i < richness.size(); ++i)
      if (richness[i] <= richness[i - 1])
        throw BadOption{"richness", fmt::format("{}", fmt::join(richness, ",")), "ascending richnesses"};
  });
  program.figure(
      "fl_gamma",
      "How far training moves the kernel of the features, and the loss that is left, against the richness. "
      "The "
      "random part wins in lazy networks, the coherent part in rich ones; lines have the powers 1 and 2.");
  program.figure("fl_kernels",
                 "The kernel of the features between two points of the circle, of one network before and "
                 "after training. The NTK "
                 "leaves it as it was drawn; in μP it falls into blocks that the data have made.");
  program.claims([&](Claims& claims) { declare(claims, richness); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{activation_of(activation), {2, width, depth}, report.seed()};
    std::vector<double> all = lazy;
    all.insert(all.end(), richness.begin(), richness.end());
    const Blocks blocks = sample(report, setting, all, draws);
    compare(report, richness, blocks);
    report.draw("fl_gamma", [&] { return richness_figure(all, merged(blocks)); });
    report.draw("fl_kernels", [&] { return kernel_figure(setting); });
  });
}

// ## What we found
//
// In lazy networks the random part of $\Delta\Phi$ grows with the power @value random of the richness and the coherent part with
// @value coherent. From $\gamma_0=0.03$ to 3 the kernel of the features moves @value growth times further. The loss that is left after 300
// steps falls as well: at $\gamma_0=1$ it is @value loss-1 of that at the start, where the lazy network has @value loss-0.03. A
// network that may change its kernel fits faster than one that may not.
//
// @figure fl_gamma
//
// What it learns can be seen. At the start the kernel only knows the angle between two points, and the NTK leaves it at that. In $\mu$P it
// falls into blocks: neurons have turned to where six data ask for a change, and points inside a block look alike.
//
// @figure fl_kernels
//
// @claims
//
// ## What can go wrong
//
// The loss is not monotone in time once features move: the kernel grows while the step stays, until the step is at the edge of stability. At
// $\gamma_0=3$ some networks are still on their way back after 300 steps. With `sin` neurons they do not come back, which is why it
// is not offered here. Without centring, $f_0=O(1/(\gamma_0\sqrt N))$ would dominate the loss of lazy networks.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Why is the reversal of the readout exact for what is trained, at every width and to all orders in the step?
// 2. At which richness are both parts equal, and how does it move with the width? Try `--width 512`.
