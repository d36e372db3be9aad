// # Which kernel moves a network, and does it become a number?
//
// Lecture §4.1 · the first program of the chapter · about 1 s on two cores
//
// **Question.** Gradient descent moves a network through its tangent kernel. Where does this kernel come from, what is it at infinite
// width, and how well does it predict a step?
//
// ## The model
//
// A fully connected network in NTK parameterisation, all parameters $N(0,1)$,
// $$ z^1=\frac{\sigma_w}{\sqrt D}W^1x+\sigma_bb^1,\qquad z^{l+1}=\frac{\sigma_w}{\sqrt N}W^{l+1}\sigma(z^l)+\sigma_bb^{l+1},\qquad f=z^{L+1}, $$
// with $L$ hidden layers of width $N$ and inputs on a circle, $x(\theta)=\sqrt2(\cos\theta,\sin\theta)$. A step of gradient descent on the
// loss $\frac1{2P}\sum_\alpha(y_\alpha-f(x_\alpha))^2$ changes $f(x)$ by $\frac\eta P\sum_\alpha\Theta_N(x,x_\alpha)(y_\alpha-f(x_\alpha))$ with
// $$ \Theta_N(x,x')=\sum_k\frac{\partial f(x)}{\partial\theta_k}\frac{\partial f(x')}{\partial\theta_k}. $$
// Two settings: `relu` with $\sigma_w^2=2$ and no biases, and `erf` with $\sigma_w^2=2.25$, $\sigma_b^2=0.1$.
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/gradient_descent.hpp>
#include <fieldbook/training/tangent_ensemble.hpp>

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// The kernel becomes a number (Jacot, Gabriel and Hongler 2018), by a recursion that runs beside that of the covariance $K$:
// $$ \Theta^1=K^1,\qquad K^{l+1}=\sigma_w^2\langle\sigma\sigma'\rangle+\sigma_b^2,\qquad
//    \Theta^{l+1}=K^{l+1}+\sigma_w^2\langle\dot\sigma\dot\sigma'\rangle\Theta^l , $$
// with averages over a Gaussian pair of covariance $K^l$ (`tangent_kernel`, in closed form). A second route takes these averages
// by quadrature.
struct Setting {
  const char* name;
  DeepLaw law;
  double (*slope)(double);
};

const Setting settings[] = {
    {"relu", {Activation::relu, 2, 0}, [](double z) { return z > 0 ? 1. : 0.; }},
    {"erf", {Activation::erf, 2.25, 0.1}, [](double z) { return 2 / std::sqrt(pi) * std::exp(-z * z); }}};

// The kernel at two points by quadrature; $K^l$ has equal diagonal entries on the circle.
double kernel_by_quadrature(const Setting& setting, int depth, double angle) {
  const auto& [activation, weights, biases] = setting.law;
  double diagonal = weights + biases, off = weights * std::cos(angle) + biases, theta = off;
  for (int layer = 0; layer < depth; ++layer) {
    const double next_off =
        weights * dual_activation_by_quadrature(activation, diagonal, diagonal, off) + biases;
    const double slopes = weights * gaussian_average(setting.slope, setting.slope, diagonal, diagonal, off);
    diagonal = weights * activation_moment(activation, 2, diagonal) + biases;
    theta = next_off + slopes * theta;
    off = next_off;
  }
  return theta;
}

double kernel(const Setting& setting, int depth, double angle) {
  return tangent_kernel(setting.law, depth, inputs_on_circle({0, angle})).ntk(0, 1);
}

// ## The formula by layers
//
// No Jacobian is made for the kernel: it is a sum over layers of a product of forward and backward values. On a small network it must be
// $JJ^T$, $J$ must be what central differences say, and a step of gradient descent must do what the kernel says, up to second order in
// the step.
struct SmallNetwork {
  Mlp<double> network;
  Eigen::MatrixXd x = inputs_on_circle({0, 0.7, 2, 3.5}).transpose();

  SmallNetwork(int width, std::uint64_t seed)
      : network{Activation::erf, ntk_parameterisation({2, width, 2}, 2.25, 0.1), seed, "small network"} {}

  double layers_against_jacobian() const {
    const Eigen::MatrixXd j = jacobian(network, x);
    return (tangent_kernel(network, x) - j * j.transpose()).cwiseAbs().maxCoeff();
  }

  double jacobian_against_differences() {
    const Eigen::MatrixXd j = jacobian(network, x);
    const Eigen::VectorXd start = network.parameters();
    Pass<double> pass;
    double largest = 0;
    constexpr double h = 1e-5;
    for (Eigen::Index k = 0; k < start.size(); ++k) {
      const auto outputs = [&](double shift) {
        Eigen::VectorXd moved = start;
        moved[k] += shift;
        network.set_parameters(moved);
        network.forward(x, pass);
        return Eigen::VectorXd{pass.outputs};
      };
      largest = std::max(largest, ((outputs(h) - outputs(-h)) / (2 * h) - j.col(k)).cwiseAbs().maxCoeff());
    }
    network.set_parameters(start);
    return largest;
  }

  // What one step changes beyond the kernel's prediction, at the data themselves
  double residual_of_step(double eta) {
    const Eigen::VectorXd start = network.parameters();
    Pass<double> pass;
    network.forward(x, pass);
    const Eigen::VectorXd before = pass.outputs, y = Eigen::Vector4d{1, -0.5, 0.3, 0.8};
    const Eigen::VectorXd predicted =
        eta / static_cast<double>(y.size()) * tangent_kernel(network, x) * (y - before);
    GradientDescent<double> descent{network, x, y};
    descent.step(eta);
    network.forward(x, pass);
    const double residual = (pass.outputs - before - predicted).norm();
    network.set_parameters(start);
    return residual;
  }
};

// ## What networks do
//
// The kernel of every network of an ensemble at the pairs $(0,0)$, $(0,\theta)$ and $(0,2)$. With one hidden layer its mean is exact at every
// width.
std::vector<CentralMoments> sample(Report& report, const Setting& setting, int depth, int width, double angle,
                                   std::int64_t draws) {
  const auto& [activation, weights, biases] = setting.law;
  return sample_tangent_kernels(
      report, fmt::format("{}, depth {}, width {}", setting.name, depth, width), report.seed(), activation,
      ntk_parameterisation({2, width, depth}, weights, biases), inputs_on_circle({0, angle, 2}), draws);
}

// ## The claims
const std::vector<int> depths{1, 2, 3, 4};
const char* const pairs[] = {"same", "angle", "far"};

void declare(Claims& claims, const std::vector<int>& widths, double angle) {
  for (const int depth : depths) {
    claims.exact(fmt::format("diagonal-{}", depth), "N1",
                 fmt::format("ReLU, $L={}$: $\\Theta_\\infty(x,x)=2(L+1)$", depth), absolute(1e-12));
    for (const Setting& setting : settings)
      claims.exact(fmt::format("{}-{}", setting.name, depth),
                   setting.law.activation == Activation::relu ? "N2" : "N3",
                   fmt::format("{}, $L={}$: $\\Theta_\\infty$ at angle {}, in closed form and by quadrature",
                               setting.name, depth, angle),
                   absolute(1e-8));
  }
  for (const Setting& setting : settings)
    for (const int width : widths)
      for (const char* pair : pairs)
        claims.statistical(
            fmt::format("mean-{}-{}-{}", setting.name, pair, width), "N4",
            fmt::format("{}, one hidden layer, $N={}$: the mean of $\\Theta_N$, {}", setting.name, width,
                        pair == std::string{"same"}  ? "one point"
                        : pair == std::string{"far"} ? "angle 2"
                                                     : fmt::format("angle {}", angle)));
  claims.scaling("step", "N13", "what a step changes beyond the kernel's prediction is of second order in it",
                 0.1);
  claims.bound("layers", "N14", "the kernel by layers is $JJ^T$, up to rounding", Side::below);
  claims.bound("differences", "N14", "$J$ agrees with central differences", Side::below);
}

// ## The experiment, step by step
void compare_limits(Report& report, double angle) {
  for (const int depth : depths) {
    report.compare(fmt::format("diagonal-{}", depth), 2 * (depth + 1), kernel(settings[0], depth, 0));
    for (const Setting& setting : settings)
      report.compare(fmt::format("{}-{}", setting.name, depth), kernel_by_quadrature(setting, depth, angle),
                     kernel(setting, depth, angle));
  }
}

void compare_means(Report& report, const std::vector<int>& widths, double angle, std::int64_t draws) {
  const double at[] = {0, angle, 2};
  for (const Setting& setting : settings)
    for (const int width : widths) {
      const auto moments = sample(report, setting, 1, width, angle, draws);
      for (std::size_t i = 0; i < 3; ++i)
        report.compare(fmt::format("mean-{}-{}-{}", setting.name, pairs[i], width), kernel(setting, 1, at[i]),
                       mean_estimate(moments[i]));
    }
}

void compare_small_networks(Report& report) {
  SmallNetwork small{20, report.seed()}, wider{200, report.seed()};
  report.compare("layers", 1e-12, small.layers_against_jacobian());
  report.compare("differences", 1e-8, small.jacobian_against_differences());
  std::vector<double> step;
  std::vector<Estimate> residual;
  for (const double eta : {1e-4, 1e-3, 1e-2}) {
    step.push_back(eta);
    const double value = wider.residual_of_step(eta);
    residual.emplace_back(value, 1e-3 * value);
  }
  report.compare("step", 2, fit_power_law(step, residual)[1].value);
}

// ## The figure
constexpr int figure_width = 50;

Panel kernel_panel(Report& report, double angle, std::int64_t draws) {
  Panel panel;
  panel.x_axis({"angle between the inputs", false, -0.1, pi})
      .y_axis({"Θ(x, x') / Θ(x, x)", false, -0.2, 1.7})
      .legend("top right");
  int colour = 0;
  for (const int depth : depths) {
    std::vector<double> at, line;
    for (int i = 0; i <= 80; ++i) {
      at.push_back(pi * i / 80);
      line.push_back(kernel(settings[0], depth, at.back()) / (2 * (depth + 1)));
    }
    const auto sampled = sample(report, settings[0], depth, figure_width, angle, draws / 4);
    std::vector<double> x{0, angle, 2}, y, spread;
    for (std::size_t i = 0; i < 3; ++i) {
      const CentralMoments& moments = sampled[i];
      x[i] += 0.015 * (depth - 2.5);
      y.push_back(moments.mean() / (2 * (depth + 1)));
      spread.push_back(std::sqrt(moments.moment(2)) / (2 * (depth + 1)));
    }
    panel.line(colour, fmt::format("L = {}", depth), at, line).points(colour, "", x, y, spread);
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/ntk", "4.1", "Which kernel moves a network, and does it become a number?"};
  const auto& widths =
      program.list("widths", {32, 128, 512}, between(16, 1024), "ascending widths, not 50", "neurons");
  const auto& angle = program.option("angle", 0.7, between(0.1, 3.), "angle of the second input");
  const auto& draws = program.samples(4000, 400, 200);
  program.validate([&] {
    for (std::size_t i = 0; i < widths.size(); ++i)
      if ((i > 0 && widths[i] <= widths[i - 1]) || widths[i] == figure_width)
        throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")),
                        "ascending widths, and not that of the figure, 50"};
  });
  program.figure("ntk_kernel",
                 "The tangent kernel of ReLU networks against the angle of two inputs: lines at infinite "
                 "width, and networks of width 50, whose bars "
                 "are one standard deviation from network to network.");
  program.claims([&](Claims& claims) { declare(claims, widths, angle); });

  return program.run(argc, argv, [&](Report& report) {
    compare_limits(report, angle);
    compare_means(report, widths, angle, draws);
    compare_small_networks(report);
    report.draw("ntk_kernel", [&] { return Figure{{kernel_panel(report, angle, draws)}}; });
  });
}

// ## What we found
//
// At infinite width the kernel of ReLU networks with $L$ layers is $2(L+1)$ on the diagonal, and at angle 0.7 it is @value relu-1 for one
// layer and @value relu-4 for four. With one hidden layer the mean over networks is the same at every width: @value mean-relu-angle-32 at
// $N=32$. What a step of gradient descent does beyond the kernel's prediction falls with the power @value step of the step.
//
// @figure ntk_kernel
//
// @claims
//
// ## What can go wrong
//
// The factor in front of the loss belongs to the step: with $\frac1{2P}$ in the loss there is one $\frac1P$ in the motion of $f$ and no 2.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Where does the factor $L+1$ on the diagonal come from?
// 2. Train the last layer alone. Which part of the kernel is left?
