// # What does one layer do to the kernel?
//
// Lecture §3.1 · after approach_to_gaussian · about 1 s on two cores
//
// **Question.** At infinite width a network is fixed by its two-point function. A layer maps the two-point function of its
// inputs to that of its outputs. What is this map, for the activations that people use?
//
// ## The model
//
// The pre-activations $u$ and $v$ of a neuron at two inputs are jointly Gaussian with variances $a$, $b$ and covariance $c$.
// The neuron passes on
// $$ \langle\sigma(u)\sigma(v)\rangle, \qquad
//    (u,v)\sim\mathcal N\!\left(0, \begin{pmatrix}a & c\\ c & b\end{pmatrix}\right), $$
// which is called the *dual activation* of $\sigma$. Everything about depth and infinite width follows from it.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/ensembles/hotelling.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;

namespace {

// ## What theory says
//
// For most activations the average is known in closed form: with $\rho=\cos t=c/\sqrt{ab}$, the ReLU has
// $\sqrt{ab}\,[\sin t+(\pi-t)\cos t]/2\pi$, the step $(\pi-t)/2\pi$, and erf
// $\frac2\pi\arcsin\frac{2c}{\sqrt{(1+2a)(1+2b)}}$; the library's reference lists all. It can also integrate numerically, in
// polar coordinates, so that a kink of $\sigma$ at zero lies on a ray where the integral is split. (Gauss-Hermite nodes would
// be wrong by one per cent for a ReLU, even a hundred of them.) The two must agree wherever we ask.
const std::vector<Activation> closed_forms{Activation::relu, Activation::relu_squared, Activation::step,
                                           Activation::abs,  Activation::erf,          Activation::cos,
                                           Activation::sin,  Activation::exp,          Activation::gelu};

double largest_disagreement(Activation activation, std::uint64_t seed) {
  std::vector<double> u(60);
  Stream{seed, "points of the kernel test"}.uniforms(static_cast<std::uint64_t>(activation), u);
  double largest = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    const double a = 0.1 + 2.9 * u[3 * i], b = 0.1 + 2.9 * u[3 * i + 1], rho = 0.95 * (2 * u[3 * i + 2] - 1);
    for (const double cosine : {rho, 1., -1.}) {
      const double c = cosine * std::sqrt(a * b);
      const double closed = dual_activation(activation, a, b, c);
      const double difference = std::abs(closed - dual_activation_by_quadrature(activation, a, b, c));
      largest = std::max(largest, difference / std::max(1., std::abs(closed)));
    }
  }
  return largest;
}

// ## What networks do
//
// We place nine inputs on a circle, twenty degrees apart, and let networks with one hidden layer measure the
// normalised kernel at all angles at once.
constexpr int angles = 9;
constexpr double spacing = std::numbers::pi / 9;

Averages kernel_on_circle(Report& report, Activation activation, int width, std::int64_t draws) {
  GramChain::Matrix first(angles, angles);
  for (int i = 0; i < angles; ++i)
    for (int j = 0; j < angles; ++j) first(i, j) = std::cos((i - j) * spacing);
  const std::string label = fmt::format("{} kernel on the circle", name(activation));
  return merged(sample_blocks(report, label, draws, Averages{angles}, [&](Block block, Averages& averages) {
    GramChain chain{activation, width, 1, 0, 1, first, report.seed(), label};
    for (std::uint64_t draw = block.first; draw < block.last; ++draw)
      averages.add(chain.sample(draw).back().row(0).transpose());
  }));
}

Eigen::VectorXd predicted_kernel_on_circle(Activation activation) {
  Eigen::VectorXd kernel(angles);
  for (int i = 0; i < angles; ++i) kernel[i] = dual_activation(activation, 1, 1, std::cos(i * spacing));
  return kernel;
}

// ## The claims
const std::vector<Activation> drawn_activations{Activation::relu, Activation::step, Activation::erf,
                                                Activation::gelu, Activation::sin,  Activation::cos};

void declare_kernels(Claims& claims) {
  for (const Activation activation : closed_forms)
    claims.exact(fmt::format("closed-form-{}", name(activation)), "NN-1",
                 fmt::format("the dual activation of {} equals its quadrature at 20 random points and at "
                             "$\\rho=\\pm1$",
                             name(activation)),
                 absolute(1e-9));
  for (const Activation activation : drawn_activations)
    claims.bound(
        fmt::format("circle-{}", name(activation)), "NN-2",
        fmt::format("the sampled kernel of {} follows the dual activation at nine angles: Hotelling's "
                    "$p$-value is above that of five sigma",
                    name(activation)),
        Side::above);
}

// ## The figure
void draw_kernel(Panel& panel, int colour, Activation activation, const Averages& sampled) {
  const double scale = dual_activation(activation, 1, 1, 1);
  std::vector<double> x, y, error, curve_x, curve;
  for (int i = 0; i < angles; ++i) {
    x.push_back(20. * i);
    y.push_back(sampled.mean(i).value / scale);
    error.push_back(sampled.mean(i).standard_error / scale);
  }
  for (int degree = 0; degree <= 180; degree += 3) {
    curve_x.push_back(degree);
    curve.push_back(dual_activation(activation, 1, 1, std::cos(degree * std::numbers::pi / 180)) / scale);
  }
  panel.line(colour, name(activation), curve_x, curve).points(colour, "", x, y, error);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/dual_activations", "3.1", "What does one layer do to the kernel?"};
  const auto& width =
      program.option("width", 64, between(8, 4096), "width N of the sampled networks", "neurons");
  const auto& draws = program.samples(50000, 10000, 2000);
  program.figure("nngp_kernels",
                 "Dual activations as functions of the angle between two inputs: closed forms (lines) and "
                 "sampled networks "
                 "(points). Only the step, whose values jump, leaves $K(0)$ with a cusp.");
  program.claims(declare_kernels);

  return program.run(argc, argv, [&](Report& report) {
    // 1. Closed forms against quadrature
    for (const Activation activation : closed_forms)
      report.compare(fmt::format("closed-form-{}", name(activation)), 0,
                     largest_disagreement(activation, report.seed()));

    // 2. Networks against closed forms, at nine angles
    Panel panel;
    panel.x_axis({"angle between the inputs (degrees)", false, 0, 180})
        .y_axis({"K(angle) / K(0)"})
        .legend("bottom left");
    for (std::size_t i = 0; i < drawn_activations.size(); ++i) {
      const Averages sampled = kernel_on_circle(report, drawn_activations[i], width, draws);
      report.compare(fmt::format("circle-{}", name(drawn_activations[i])), five_sigma_p_value,
                     hotelling_p_value(sampled, predicted_kernel_on_circle(drawn_activations[i])));
      draw_kernel(panel, static_cast<int>(i), drawn_activations[i], sampled);
    }
    report.draw("nngp_kernels", {{panel}});
  });
}

// ## What we found
//
// @figure nngp_kernels
//
// Closed forms and integrals agree to the last digits; the largest disagreement of the nine activations is erf's,
// @value closed-form-erf. Networks of finite width lie on the curves: for one hidden layer the kernel is an
// average over independent neurons, and exact at every width.
//
// @claims
//
// ## What can go wrong
//
// The correlation coefficient of two nearby inputs may exceed one by rounding; the dual activation clips it, and refuses
// anything worse. At $\rho=\pm1$ the derivative of an arccosine diverges, and with it the error of a careless formula. Sampled
// kernels at several angles come from the same networks, so their errors are correlated: Hotelling's test takes the whole
// covariance into account, where nine separate $z$ would not be independent.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. The dual activation of GELU follows from Stein's lemma. Derive it, and compare with the closed form in the library.
// 2. Which of the six curves tell the angles $0$ and $180$ degrees apart, and what does that say of the symmetry of $\sigma$?
