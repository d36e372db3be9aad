// # Which functions does a network learn first, and which never?
//
// Lecture §4.2 · after exactly_solvable · about 4 s on two cores
//
// **Question.** With a frozen kernel every eigenmode of the data decays at its own rate. On a circle the modes are waves. How do the rates
// depend on the frequency?
//
// ## The model
//
// Networks in NTK parameterisation, here with one hidden layer of ReLUs, $\sigma_w^2=2$, with and without biases. The data are $n$ points spaced
// evenly on the circle, $x=\sqrt2(\cos\theta,\sin\theta)$, the targets sums of waves $\cos k\theta$. Training is centred: the network learns
// $f-f_0$, so that all of the residual is signal at the start.
#include <fieldbook/kernels/frozen_training.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/trained_ensemble.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;

namespace {

// ## What theory says
//
// The kernel depends on the angle between its inputs alone, so the Gram matrix of evenly spaced points is circulant: its modes are
// $\cos k\theta$ and $\sin k\theta$, its eigenvalues the discrete Fourier transform of its first row, and the residual of wave $k$ after $t$ steps is
// $(1-\eta\lambda_k/n)^t$. For one layer of ReLUs and inputs at angle $\delta$,
// $$ \Theta(\delta)=\sigma_w^2\kappa\,\frac{\sin t+(\pi-t)\cos t}{2\pi}+\sigma_b^2+\sigma_w^2\,\frac{\pi-t}{2\pi}\,\kappa\cos t,\qquad
//    \kappa=\sigma_w^2+\sigma_b^2,\quad \kappa\cos t=\sigma_w^2\cos\delta+\sigma_b^2 . $$
// Without biases $t=\delta$. We take the angle itself: a cosine rounded near $\pm1$ would lose half of the digits, and with them the zeros below.
double relu_kernel(const DeepLaw& law, double delta) {
  const auto [activation, weights, biases] = law;
  const double norm = weights + biases, cosine = (weights * std::cos(delta) + biases) / norm;
  const double t = biases == 0 ? delta : std::acos(cosine), slope = (pi - t) / (2 * pi);
  return weights * norm * (std::sin(t) / (2 * pi) + slope * cosine) + biases +
         weights * slope * norm * cosine;
}

struct Setting {
  DeepLaw law;
  int depth;

  // One layer of ReLUs is all that closed forms of eigenvalues are known for
  bool is_shallow_relu() const { return law.activation == Activation::relu && depth == 1; }
  double kernel(double delta) const {
    return is_shallow_relu() ? relu_kernel(law, delta)
                             : tangent_kernel(law, depth, inputs_on_circle({0, delta})).ntk(0, 1);
  }
  Setting without_biases() const { return {{law.activation, law.weight_variance, 0}, depth}; }
};

// The first row of the Gram matrix of n points, whose second half mirrors the first
VectorXd gram_row(const Setting& setting, int n) {
  VectorXd row(n);
  for (int i = 0; i < n; ++i) row[i] = i <= n / 2 ? setting.kernel(2 * pi * i / n) : row[n - i];
  return row;
}

MatrixXd circulant(const VectorXd& row) {
  const Eigen::Index n = row.size();
  return MatrixXd::NullaryExpr(n, n, [&](Eigen::Index i, Eigen::Index j) { return row[(i - j + n) % n]; });
}

VectorXd wave(int k, int n) {
  return VectorXd::NullaryExpr(n, [=](Eigen::Index i) { return std::cos(2 * pi * ((k * i) % n) / n); });
}

// lambda_k of the Gram matrix, and that of the continuum, $\frac1{2\pi}\int\Theta(\delta)\cos k\delta\,d\delta$
double gram_eigenvalue(const VectorXd& row, int k) { return row.dot(wave(k, static_cast<int>(row.size()))); }

double continuum_eigenvalue(const VectorXd& row, int k) {
  return gram_eigenvalue(row, k) / static_cast<double>(row.size());
}

// In the continuum, without biases and for $\sigma_w^2=2$, $\lambda_1=1$, $\lambda_k=\frac4{\pi^2}\frac{k^2+3}{(k^2-1)^2}$ for even $k$, and
// $\lambda_k=0$ for all other odd $k$: a network without biases is the sum of an odd linear function and an even one, and such waves can
// never be learned. With biases, the kink of $\Theta$ at $\delta=0$ alone gives
// $$ k^2\lambda_k\to\frac{\sigma_w^2\sqrt{\sigma_w^2(\sigma_w^2+\sigma_b^2)}}{2\pi^2}. $$
double predicted_eigenvalue(double weight_variance, int k) {
  const double scale = weight_variance * weight_variance / 4, square = k * k;
  if (k % 2 == 0) return scale * 4 / (pi * pi) * (square + 3) / ((square - 1) * (square - 1));
  return k == 1 ? scale : 0;
}

double predicted_tail(const DeepLaw& law) {
  const double weights = law.weight_variance;
  return weights * std::sqrt(weights * (weights + law.bias_variance)) / (2 * pi * pi);
}

double predicted_residual(const VectorXd& row, int k, double steps) {
  // The fastest wave is learned in one step
  double largest = 0;
  for (int l = 0; 2 * l <= row.size(); ++l) largest = std::max(largest, gram_eigenvalue(row, l));
  return std::pow(std::max(0., 1 - gram_eigenvalue(row, k) / largest), steps);
}

// ## What networks do
//
// Networks of width 8192 learn $\sum_{k=1}^4\cos k\theta$ with $\eta=n/\lambda_{\max}$. After some numbers of steps the residual is taken apart into waves.
constexpr int waves = 4, claimed_steps = 10, finest = 4096;

struct Circle {
  int points;
  int width;
  std::vector<std::int64_t> times;  // claimed_steps is among them

  Eigen::Index record_of(std::int64_t n) const {
    return std::find(times.begin(), times.end(), n) - times.begin();
  }
};

Averages sample(Report& report, const Setting& setting, const Circle& circle, std::int64_t draws) {
  const int n = circle.points;
  std::vector<double> angles;
  for (int i = 0; i < n; ++i) angles.push_back(2 * pi * i / n);
  MatrixXd basis(n, waves);
  for (int k = 1; k <= waves; ++k) basis.col(k - 1) = wave(k, n);
  const VectorXd y = basis.rowwise().sum();
  const MatrixXd x = inputs_on_circle(angles);
  const auto& [activation, weights, biases] = setting.law;
  const TrainingPlan plan{activation,
                          ntk_parameterisation({2, circle.width, setting.depth}, weights, biases),
                          x,
                          y,
                          SpectralPropagator::largest_step(circulant(gram_row(setting, n))) / 2,
                          circle.times,
                          Centring::at_the_start};
  return sample_trained_networks(
      report, fmt::format("networks with bias variance {}", biases), report.seed(), plan, draws,
      static_cast<Eigen::Index>(waves * circle.times.size()),
      [&](const Mlp<double>& untouched, const Mlp<double>& trained, std::size_t record, VectorXd& observed) {
        const VectorXd residual = y - (outputs(trained, x.transpose()) - outputs(untouched, x.transpose()));
        observed.segment(static_cast<Eigen::Index>(record) * waves, waves) =
            2. / n * basis.transpose() * residual;
      });
}

// ## The claims
std::string of(const char* what, int k, const Setting& setting) {
  return fmt::format("{}-{}-bias-{}", what, k, setting.law.bias_variance);
}

void declare_spectrum(Claims& claims, const std::vector<Setting>& settings) {
  const bool shallow = settings.front().is_shallow_relu();
  const char* reason = "closed forms are known for one layer of ReLUs";
  if (shallow) {
    claims.exact("never-learned", "E11",
                 "no biases, $y=\\cos\\theta+\\cos3\\theta$: $|r|^2/|y|^2$ after $10^5$ steps is $1/2$",
                 absolute(1e-9));
    claims.exact("rank", "E11", "no biases: the number of waves that are learned at all", absolute(0));
    for (const int k : {1, 2, 3, 4})
      claims.exact(fmt::format("continuum-{}", k), "E12",
                   fmt::format("no biases: $\\lambda_{}$ of the continuum, from {} points", k, finest),
                   absolute(1e-5));
  } else {
    for (const auto& [id, ref] : {std::pair{"never-learned", "E11"}, {"rank", "E11"}, {"continuum", "E12"}})
      claims.leave_out(id, ref, reason);
  }
  for (const Setting& setting : settings) {
    const std::string biases = fmt::format("$\\sigma_b^2={}$", setting.law.bias_variance);
    if (shallow && setting.law.bias_variance > 0)
      claims.exact(of("tail", 64, setting), "E13",
                   biases + ": $k^2\\lambda_k$ at $k=64$ has reached its limit", absolute(0.0005));
    else
      claims.leave_out(of("tail", 64, setting), "E13",
                       shallow ? "without biases a second kink matters" : reason);
    for (int k = 0; k <= waves; ++k)
      claims.exact(
          of("eigenvalue", k, setting), "E14",
          fmt::format("{}: $\\lambda_{}$ of the Gram matrix, from its row and from all of it", biases, k),
          absolute(1e-6));
  }
}

void declare_networks(Claims& claims, const std::vector<Setting>& settings, int width) {
  for (const Setting& setting : settings)
    for (int k = 1; k <= waves; ++k)
      claims.scaling(of("residual", k, setting), "E14",
                     fmt::format("$\\sigma_b^2={}$: the residual of $\\cos{}\\theta$ after {} steps is "
                                 "$(1-\\eta\\lambda_k/n)^{{{}}}$",
                                 setting.law.bias_variance, k, claimed_steps, claimed_steps),
                     0.01 * 8192 / width);
}

// ## The experiment, step by step
void compare_without_biases(Report& report, const Setting& setting, int n) {
  const VectorXd row = gram_row(setting, n);
  const MatrixXd gram = circulant(row);
  const SpectralPropagator propagator{gram, SpectralPropagator::largest_step(gram) / 2};
  const VectorXd y = wave(1, n) + wave(3, n);
  report.compare("never-learned", 0.5, propagator.residual(100000, y).squaredNorm() / y.squaredNorm());
  // 1, and two of each other wave that is learned; the wave n/2 has no sine
  int learned = 3;
  for (int k = 2; 2 * k <= n; k += 2) learned += 2 * k == n ? 1 : 2;
  report.compare("rank", learned, static_cast<double>(propagator.rank()));
  const VectorXd fine = gram_row(setting, finest);
  for (const int k : {1, 2, 3, 4})
    report.compare(fmt::format("continuum-{}", k), predicted_eigenvalue(setting.law.weight_variance, k),
                   continuum_eigenvalue(fine, k));
}

void compare_spectrum(Report& report, const Setting& setting, int n) {
  if (setting.is_shallow_relu() && setting.law.bias_variance > 0)
    report.compare(of("tail", 64, setting), predicted_tail(setting.law),
                   64 * 64 * continuum_eigenvalue(gram_row(setting, finest), 64));
  // The library's kernel at all pairs of points, asked for its value in a wave
  std::vector<double> angles;
  for (int i = 0; i < n; ++i) angles.push_back(2 * pi * i / n);
  const MatrixXd gram = tangent_kernel(setting.law, setting.depth, inputs_on_circle(angles)).ntk;
  const VectorXd row = gram_row(setting, n);
  for (int k = 0; k <= waves; ++k) {
    const VectorXd u = wave(k, n).normalized();
    report.compare(of("eigenvalue", k, setting), gram_eigenvalue(row, k), u.dot(gram * u));
  }
}

void compare_networks(Report& report, const Setting& setting, const Circle& circle,
                      const Averages& averages) {
  const VectorXd row = gram_row(setting, circle.points);
  for (int k = 1; k <= waves; ++k)
    report.compare(of("residual", k, setting), predicted_residual(row, k, claimed_steps),
                   averages.mean(circle.record_of(claimed_steps) * waves + k - 1));
}

// ## The figures
Panel residual_panel(const Setting& setting, const Circle& circle, const Averages& averages) {
  Panel panel{fmt::format("σ_b^2 = {}", setting.law.bias_variance)};
  panel.x_axis({"steps", true, 0.8, 1.25 * static_cast<double>(circle.times.back())})
      .y_axis({"residual of cos kθ", false, -0.05, 1.3})
      .legend("top center horizontal");
  const VectorXd row = gram_row(setting, circle.points);
  for (int k = 1; k <= waves; ++k) {
    std::vector<double> at, line, t, value, error;
    for (int i = 0; i <= 60; ++i) {
      at.push_back(std::pow(static_cast<double>(circle.times.back()), i / 60.));
      line.push_back(predicted_residual(row, k, at.back()));
    }
    for (std::size_t record = 0; record < circle.times.size(); ++record) {
      const Estimate mean = averages.mean(static_cast<Eigen::Index>(record) * waves + k - 1);
      t.push_back(static_cast<double>(circle.times[record]));
      value.push_back(mean.value);
      error.push_back(mean.standard_error);
    }
    panel.line(k - 1, fmt::format("k = {}", k), at, line).points(k - 1, "", t, value, error);
  }
  return panel;
}

Panel spectrum_panel(const std::vector<Setting>& settings) {
  Panel panel;
  panel.x_axis({"frequency k", true, 0.9, 70}).y_axis({"λ_k", true}).legend("bottom left");
  int colour = 0;
  for (const Setting& setting : settings) {
    const VectorXd row = gram_row(setting, setting.is_shallow_relu() ? finest : 256);
    std::vector<double> k, value, even, theory;
    for (int l = 1; l <= 64; l += l < 16 ? 1 : l / 8) {
      const double lambda = continuum_eigenvalue(row, l);
      if (lambda < 1e-10 * row[0]) continue;
      k.push_back(l);
      value.push_back(lambda);
    }
    if (setting.is_shallow_relu()) {
      const bool biased = setting.law.bias_variance > 0;
      for (int l = biased ? 16 : 2; l <= 64; l += 2) {
        even.push_back(l);
        theory.push_back(biased ? predicted_tail(setting.law) / (l * l)
                                : predicted_eigenvalue(setting.law.weight_variance, l));
      }
      panel.line(colour, biased ? "the kink at δ = 0" : "even waves", even, theory);
    }
    panel.points(colour, fmt::format("σ_b^2 = {}", setting.law.bias_variance), k, value);
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/spectral_bias", "4.2",
                  "Which functions does a network learn first, and which never?"};
  const auto& activation =
      program.choice("activation", "relu", {"relu", "erf", "tanh", "gelu", "sin"}, "activation σ");
  const auto& depth =
      program.option("depth", 1, between(1, 3), "hidden layers L; networks are trained for one", "layers");
  const auto& weight_variance = program.option("weight-variance", 2., between(0.5, 4.), "σ_w²");
  const auto& bias_variances =
      program.list("bias-variances", {0., 0.5}, between(0., 4.), "biases σ_b², none or at least 0.1");
  const auto& points = program.option("points", 16, between(10, 64), "data on the circle", "points");
  const auto& width =
      program.option("width", 8192, between(4096, 32768), "neurons in a hidden layer", "neurons");
  const auto& draws = program.samples(100, 40, 3);
  program.validate([&] {
    for (const double biases : bias_variances)
      if (biases > 0 && biases < 0.1)
        throw BadOption{"bias-variances", fmt::format("{}", biases), "0, or at least 0.1"};
  });
  program.figure(
      "ex_modes",
      "What is left of each wave of the target after some steps: frozen theory (lines) and networks "
      "(points). Low frequencies go first. Without biases the wave $k=3$ is never learned; late in training "
      "slow waves lag behind theory, which multiplies the fluctuation of the kernel by time.");
  program.figure(
      "ex_spectrum",
      "The eigenvalues of the kernel against the frequency. Without biases only even waves and $k=1$ have "
      "one; with biases all do, and the kink of the kernel makes them fall with $k^{-2}$.");
  const auto settings = [&] {
    std::vector<Setting> all;
    for (const double biases : bias_variances)
      all.push_back({{activation_of(activation), weight_variance, biases}, depth});
    return all;
  };
  program.claims([&](Claims& claims) {
    declare_spectrum(claims, settings());
    if (depth == 1) declare_networks(claims, settings(), width);
    if (depth > 1)
      claims.leave_out("residual", "E14", "networks this wide are trained with one hidden layer only");
  });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Eigenvalues
    const Setting bare = settings().front().without_biases();
    if (bare.is_shallow_relu()) compare_without_biases(report, bare, 2 * points);
    for (const Setting& setting : settings()) compare_spectrum(report, setting, points);
    report.draw("ex_spectrum", [&] { return Figure{{spectrum_panel(settings())}}; });

    // 2. Networks
    if (depth > 1) return report.skip("ex_modes");
    Circle circle{points, width, {1, 2, 3, 5, claimed_steps}};
    if (!program.quick()) circle.times.insert(circle.times.end(), {20, 30, 50, 100});
    Figure figure{{}, 2, 460, 360};
    for (const Setting& setting : settings()) {
      const Averages averages = sample(report, setting, circle, draws);
      compare_networks(report, setting, circle, averages);
      figure.panels.push_back(residual_panel(setting, circle, averages));
    }
    report.draw("ex_modes", figure);
  });
}

// ## What we found
//
// With biases, ten steps leave nothing of $\cos\theta$, @value residual-2-bias-0.5 of $\cos2\theta$, @value residual-3-bias-0.5 of $\cos3\theta$ and
// @value residual-4-bias-0.5 of $\cos4\theta$: networks learn low frequencies first. Without biases $\cos3\theta$ is never learned,
// @value residual-3-bias-0; a target $\cos\theta+\cos3\theta$ keeps half of its square for ever (@value never-learned after $10^5$ steps). Of 32 data
// only @value rank directions can be fitted at all: width does not help, a bias does.
//
// @figure ex_modes
//
// @figure ex_spectrum
//
// The rate falls with $k^{-2}$ since the kernel of ReLUs has a kink where its inputs meet. Smooth activations have no kink, and rates that fall
// exponentially: try `--activation erf`.
//
// @claims
//
// ## What can go wrong
//
// A zero eigenvalue is zero only as long as rounding leaves it so. Computed from a rounded cosine, it becomes $10^{-9}$, and after enough steps
// the network seems to learn what it cannot. A ridge has the same effect. At late times networks lag behind theory: the rate of a slow wave fluctuates by
// $N^{-1/2}$ from network to network, the mean of $(1-\eta\lambda/n)^t$ over these rates is larger than the mean rate says, and gates flip.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that a bias-free ReLU network is a linear function plus an even one. Why does that settle odd waves?
// 2. How many steps does it take to learn $\cos k\theta$ to a tenth, for large $k$?
// 3. The two kinks of $\Theta$ without biases are at $\delta=0$ and $\pi$. Derive $\lambda_k\to8/(2\pi^2k^2)$ for even $k$ from them.
