// # What does a wide network predict, given data?
//
// Lecture §3.1 · after nngp · about 6 s on two cores
//
// **Question.** A Gaussian process can be conditioned on data exactly. What does a wide network predict after seeing four
// points, and how does a Bayesian network of finite width differ?
//
// ## The model
//
// One hidden layer on the line, without output bias,
// $$ \phi(x) = \frac1{\sqrt N}\sum_{i=1}^N a_i\,\sigma(w_ix+b_i), \qquad
//    w_i\sim\mathcal N(0,4),\ b_i\sim\mathcal N(0,1),\ a_i\sim\mathcal N(0,1), $$
// has seen $y = \sin 2x$ at four points, each with Gaussian noise of variance $s^2$. We ask for its posterior at three
// test points.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/weighted_means.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/gaussian_process.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/dot.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;

namespace {

constexpr double weight_variance = 4, bias_variance = 1;
const std::vector<double> data_points{-1.5, -0.6, 0.3, 1.2};
const std::vector<double> test_points{0.8, 0, -1};
constexpr Eigen::Index data_size = 4, test_size = 3;

Eigen::VectorXd targets() {
  Eigen::VectorXd y(data_size);
  for (Eigen::Index i = 0; i < data_size; ++i) y[i] = std::sin(2 * data_points[static_cast<std::size_t>(i)]);
  return y;
}

struct Setting {
  Activation activation;
  double noise;
  std::uint64_t seed;
};

// ## What theory says at infinite width
//
// With $A = K_{XX} + s^2$ and $k_i = K(x_*, x_i)$, the posterior of the process at $x_*$ is Gaussian with
// $$ m = k^{T}A^{-1}y, \qquad v = K_{**} - k^{T}A^{-1}k, $$
// and the evidence is $\ln p(y) = -\tfrac12y^{T}A^{-1}y-\tfrac12\ln\det A-\tfrac n2\ln2\pi$. The library solves this with
// a Cholesky factor and the closed form of the kernel.
using Dual = double (*)(Activation, double, double, double);

double kernel(Dual dual, const Setting& setting, double x, double y) {
  return dual(setting.activation, weight_variance * x * x + bias_variance,
              weight_variance * y * y + bias_variance, weight_variance * x * y + bias_variance);
}

Eigen::MatrixXd kernel_matrix(Dual dual, const Setting& setting, const std::vector<double>& x,
                              const std::vector<double>& y) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(x.size()), static_cast<Eigen::Index>(y.size()));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j)
      matrix(i, j) = kernel(dual, setting, x[static_cast<std::size_t>(i)], y[static_cast<std::size_t>(j)]);
  return matrix;
}

GaussianProcess process(const Setting& setting) {
  return {kernel_matrix(dual_activation, setting, data_points, data_points), targets(), setting.noise};
}

// The prediction that this is compared with goes another way: it integrates the kernel numerically, and lets the process
// learn one datum after the other. Each step needs nothing but a division, and the evidence is the product of the
// densities with which each datum was expected.
struct Posterior {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
  double log_evidence = 0;
};

Posterior one_datum_at_a_time(const Setting& setting) {
  std::vector<double> all = data_points;
  all.insert(all.end(), test_points.begin(), test_points.end());
  Posterior state{Eigen::VectorXd::Zero(data_size + test_size),
                  kernel_matrix(dual_activation_by_quadrature, setting, all, all)};
  const Eigen::VectorXd y = targets();
  for (Eigen::Index i = 0; i < data_size; ++i) {
    const double spread = state.covariance(i, i) + setting.noise, surprise = y[i] - state.mean[i];
    const Eigen::VectorXd gain = state.covariance.col(i) / spread;
    state.log_evidence -= (surprise * surprise / spread + std::log(2 * std::numbers::pi * spread)) / 2;
    state.mean += gain * surprise;
    state.covariance -= (gain * gain.transpose() * spread).eval();
  }
  return state;
}

// ## What theory says at finite width
//
// Given its hidden layer, a network is linear in $a$, hence Gaussian with kernel $C = \frac1N\sum_i f_if_i^{T}$. Its exact
// posterior is therefore a mixture over hidden layers, weighted by how well each explains the data, and its mean is
// $m_N = \langle p(y|C)\,M(C)\rangle/\langle p(y|C)\rangle$ with $M = C_{*X}(C_{XX}+s^2)^{-1}y$. Expanding $C$ around $K$
// leaves an average over a single neuron $f$ with values $F$ on the data and $f_*$ at the test point,
// $$ N(m_N-m)\to c_1 = \left\langle T_1M_1+\tfrac12M_2\right\rangle, $$
// where, with $\delta A = FF^{T}-K_{XX}$, $\delta k = f_*F-k$, $\alpha=A^{-1}y$ and $\beta=A^{-1}k$,
// $$ T_1 = \tfrac12\left(\alpha^{T}\delta A\,\alpha-\mathrm{tr}A^{-1}\delta A\right),\quad
//    M_1 = \delta k\cdot\alpha-\beta^{T}\delta A\,\alpha,\quad
//    M_2 = 2\left(\beta^{T}\delta A\,A^{-1}\delta A\,\alpha-\delta k^{T}A^{-1}\delta A\,\alpha\right). $$
// The average is an integral over the two parameters of the neuron, done on a grid.
double predicted_mean_correction(const Setting& setting, double test_point) {
  const GaussianProcess gp = process(setting);
  const Eigen::MatrixXd k_xx = kernel_matrix(dual_activation, setting, data_points, data_points);
  const Eigen::VectorXd k = kernel_matrix(dual_activation, setting, data_points, {test_point});
  const Eigen::VectorXd alpha = gp.weights(), beta = gp.solve(k);
  const Eigen::MatrixXd inverse = gp.solve(Eigen::MatrixXd::Identity(data_size, data_size));
  const int half = 150;
  const double step = 7.5 / half;
  double sum = 0, norm = 0;
  for (int i = -half; i <= half; ++i)
    for (int j = -half; j <= half; ++j) {
      const double w = std::sqrt(weight_variance) * step * i, b = std::sqrt(bias_variance) * step * j;
      const double density = std::exp(-step * step * (i * i + j * j) / 2);
      Eigen::Matrix<double, data_size, 1> f;
      for (Eigen::Index p = 0; p < data_size; ++p)
        f[p] = activation_value(setting.activation, w * data_points[static_cast<std::size_t>(p)] + b);
      const Eigen::Matrix<double, data_size, data_size> da = f * f.transpose() - k_xx;
      const Eigen::Matrix<double, data_size, 1> dk =
          activation_value(setting.activation, w * test_point + b) * f - k;
      const Eigen::Matrix<double, data_size, 1> da_alpha = da * alpha;
      const double t1 = (alpha.dot(da_alpha) - (inverse * da).trace()) / 2;
      const double m1 = dk.dot(alpha) - beta.dot(da_alpha);
      const double m2 = 2 * (beta.dot(da * (inverse * da_alpha)) - dk.dot(inverse * da_alpha));
      sum += density * (t1 * m1 + m2 / 2);
      norm += density;
    }
  return sum / norm;
}

// ## What networks do
//
// Hidden layers drawn from the prior, each weighted with its evidence, sample the exact posterior: importance sampling.
// The evidence at infinite width is taken out of every weight to keep the numbers moderate; it cancels in the mean.
WeightedMeans sample_posterior(Report& report, const Setting& setting, int width, std::int64_t draws) {
  std::vector<double> all = data_points;
  all.insert(all.end(), test_points.begin(), test_points.end());
  const Eigen::Vector4d y = targets();
  const double reference = process(setting).log_evidence() + data_size / 2. * std::log(2 * std::numbers::pi);
  const std::string label = fmt::format("posterior at width {}", width);
  return merged(sample_blocks(
      report, label, draws, WeightedMeans{test_points.size()}, [&](Block block, WeightedMeans& means) {
        OneHiddenLayer networks{setting.activation, width,        weight_variance,
                                bias_variance,      setting.seed, label};
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const std::span<const float> f = networks.features(draw, all);
          const auto n = static_cast<std::size_t>(width);
          const auto c = [&](Eigen::Index i, Eigen::Index j) {
            return dot(f.subspan(static_cast<std::size_t>(i) * n, n),
                       f.subspan(static_cast<std::size_t>(j) * n, n)) /
                   width;
          };
          Eigen::Matrix4d a;
          for (Eigen::Index i = 0; i < data_size; ++i)
            for (Eigen::Index j = 0; j <= i; ++j) a(i, j) = a(j, i) = c(i, j) + (i == j ? setting.noise : 0);
          const Eigen::LLT<Eigen::Matrix4d> cholesky{a};
          const Eigen::Vector4d alpha = cholesky.solve(y);
          const double log_weight =
              -y.dot(alpha) / 2 - cholesky.matrixLLT().diagonal().array().log().sum() - reference;
          std::array<double, test_size> m{};
          for (Eigen::Index t = 0; t < test_size; ++t)
            for (Eigen::Index i = 0; i < data_size; ++i)
              m[static_cast<std::size_t>(t)] += c(data_size + t, i) * alpha[i];
          means.add(std::exp(log_weight), m);
        }
      }));
}

// There is a tempting shortcut. Matheron's rule turns a prior sample into a posterior one,
// $\phi + k^{T}A^{-1}(y+\varepsilon-\phi_X)$, with noise $\varepsilon\sim\mathcal N(0,s^2)$. Applied to networks of finite
// width it gives *exactly* the mean and variance of the infinite network at every $N$, because only two-point functions
// enter: it cannot see the width at all.
class Matheron {
 public:
  Matheron(const Setting& setting, const GaussianProcess& gp, int width, std::vector<double> points)
      : networks_{setting.activation, width, weight_variance, bias_variance, setting.seed, "Matheron"},
        noise_{setting.seed, "Matheron: noise"},
        noise_scale_{std::sqrt(setting.noise)},
        points_{std::move(points)},
        gain_{gp.solve(kernel_matrix(dual_activation, setting, data_points, points_))},
        all_{data_points} {
    all_.insert(all_.end(), points_.begin(), points_.end());
  }

  Eigen::VectorXd operator()(std::uint64_t draw) {
    const std::vector<double> phi = networks_.outputs(draw, all_);
    std::array<double, data_size> epsilon{};
    noise_.normals(draw, epsilon);
    Eigen::VectorXd residual = targets();
    for (std::size_t i = 0; i < data_size; ++i)
      residual[static_cast<Eigen::Index>(i)] += noise_scale_ * epsilon[i] - phi[i];
    const auto points = static_cast<Eigen::Index>(points_.size());
    return Eigen::Map<const Eigen::VectorXd>(phi.data() + data_size, points) + gain_.transpose() * residual;
  }

 private:
  OneHiddenLayer networks_;
  Stream noise_;
  double noise_scale_;
  std::vector<double> points_;
  Eigen::MatrixXd gain_;
  std::vector<double> all_;
};

struct MatheronMoments {
  CentralMoments first, last;

  void merge(const MatheronMoments& other) {
    first.merge(other.first);
    last.merge(other.last);
  }
};

MatheronMoments sample_matheron(Report& report, const Setting& setting, std::int64_t draws) {
  const GaussianProcess gp = process(setting);
  return merged(sample_blocks(report, "Matheron's rule", draws, MatheronMoments{},
                              [&](Block block, MatheronMoments& m) {
                                Matheron rule{setting, gp, 16, {test_points.front(), test_points.back()}};
                                std::vector<double> first, last;
                                for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                                  const Eigen::VectorXd phi = rule(draw);
                                  first.push_back(phi[0]);
                                  last.push_back(phi[1]);
                                }
                                m.first.add(first);
                                m.last.add(last);
                              }));
}

// ## The claims
void declare(Claims& claims, const std::vector<int>& widths, bool default_posterior) {
  for (const double x : test_points) {
    claims.exact(fmt::format("posterior-mean-at-{}", x), "NN-7", fmt::format("posterior mean at $x_*={}$", x),
                 absolute(1e-6));
    claims.exact(fmt::format("posterior-variance-at-{}", x), "NN-7",
                 fmt::format("posterior variance at $x_*={}$", x), absolute(1e-6));
    claims.statistical(fmt::format("correction-at-{}", x), "NN-8",
                       fmt::format("the posterior mean of finite networks at $x_*={}$ is off by $c_1/N$", x));
  }
  claims.exact("log-evidence", "NN-7", "logarithm of the evidence", absolute(1e-6));
  if (default_posterior && std::find(widths.begin(), widths.end(), 64) != widths.end())
    claims.bound("effective-sample-size", "NN-9",
                 "the effective fraction of the importance samples at $N=64$ exceeds 0.6", Side::above);
  else
    claims.leave_out("effective-sample-size", "NN-9",
                     "its bound is known for erf, noise 0.01 and width 64 only");
  for (const double x : {test_points.front(), test_points.back()}) {
    claims.statistical(
        fmt::format("matheron-mean-at-{}", x), "NN-10",
        fmt::format("Matheron's rule with networks of width 16 has the process's mean at $x_*={}$", x));
    claims.statistical(
        fmt::format("matheron-variance-at-{}", x), "NN-10",
        fmt::format("Matheron's rule with networks of width 16 has the process's variance at $x_*={}$", x));
  }
}

// ## The experiment, step by step
void compare_posterior(Report& report, const Setting& setting) {
  const Posterior predicted = one_datum_at_a_time(setting);
  const GaussianProcess gp = process(setting);
  for (Eigen::Index t = 0; t < test_size; ++t) {
    const double x = test_points[static_cast<std::size_t>(t)];
    const Eigen::VectorXd k = kernel_matrix(dual_activation, setting, data_points, {x});
    report.compare(fmt::format("posterior-mean-at-{}", x), predicted.mean[data_size + t], gp.mean(k));
    report.compare(fmt::format("posterior-variance-at-{}", x),
                   predicted.covariance(data_size + t, data_size + t),
                   gp.variance(k, kernel(dual_activation, setting, x, x)));
  }
  report.compare("log-evidence", predicted.log_evidence, gp.log_evidence());
}

using Sampled = std::map<int, WeightedMeans>;

// The deviation, times N, as a function of the width
std::vector<Estimate> scaled_deviation(const Setting& setting, const Sampled& sampled, std::size_t t) {
  const Eigen::VectorXd k = kernel_matrix(dual_activation, setting, data_points, {test_points[t]});
  const double limit = process(setting).mean(k);
  std::vector<Estimate> deviation;
  for (const auto& [width, means] : sampled) {
    const Estimate m = means.mean(t);
    deviation.push_back(Estimate{m.value - limit, m.standard_error}.times(width));
  }
  return deviation;
}

void compare_corrections(Report& report, const Setting& setting, const Sampled& sampled) {
  std::vector<double> widths;
  for (const auto& [width, means] : sampled) widths.push_back(width);
  for (std::size_t t = 0; t < test_size; ++t)
    report.compare(fmt::format("correction-at-{}", test_points[t]),
                   predicted_mean_correction(setting, test_points[t]),
                   fit_inverse_powers(widths, scaled_deviation(setting, sampled, t), 2)[0]);
}

void compare_matheron(Report& report, const Setting& setting, const MatheronMoments& moments) {
  const GaussianProcess gp = process(setting);
  for (const auto& [x, sample] :
       {std::pair{test_points.front(), moments.first}, {test_points.back(), moments.last}}) {
    const Eigen::VectorXd k = kernel_matrix(dual_activation, setting, data_points, {x});
    report.compare(fmt::format("matheron-mean-at-{}", x), gp.mean(k), mean_estimate(sample));
    report.compare(fmt::format("matheron-variance-at-{}", x),
                   gp.variance(k, kernel(dual_activation, setting, x, x)), variance_estimate(sample));
  }
}

// ## The figures
Figure posterior_figure(const Setting& setting) {
  std::vector<double> x, mean, low, high, y;
  for (int i = -50; i <= 50; ++i) x.push_back(i / 20.);
  for (const double point : data_points) y.push_back(std::sin(2 * point));
  const GaussianProcess gp = process(setting);
  for (const double point : x) {
    const Eigen::VectorXd k = kernel_matrix(dual_activation, setting, data_points, {point});
    const double deviation = 2 * std::sqrt(gp.variance(k, kernel(dual_activation, setting, point, point)));
    mean.push_back(gp.mean(k));
    low.push_back(mean.back() - deviation);
    high.push_back(mean.back() + deviation);
  }
  Panel panel;
  panel.x_axis({"x"})
      .y_axis({"φ(x)"})
      .legend("bottom right")
      .band(0, "mean ± 2 standard deviations", x, low, high);
  Matheron rule{setting, gp, 16, x};
  for (std::uint64_t draw = 0; draw < 10; ++draw) {
    const Eigen::VectorXd path = rule(draw);
    panel.guide(draw == 0 ? "networks by Matheron's rule" : "", x, {path.begin(), path.end()});
  }
  return {{panel.line(0, "posterior mean", x, mean).points(1, "data", data_points, y)}};
}

Figure width_figure(const Setting& setting, const Sampled& sampled) {
  Panel panel;
  panel.x_axis({"width N", true}).y_axis({"|m_N - m|", true}).legend("bottom left");
  for (const std::size_t t : {0, 1}) {
    std::vector<double> n, value, error, theory;
    const std::vector<Estimate> deviation = scaled_deviation(setting, sampled, t);
    std::size_t i = 0;
    for (const auto& [width, means] : sampled) {
      n.push_back(width);
      value.push_back(std::abs(deviation[i].value) / width);
      error.push_back(deviation[i++].standard_error / width);
      theory.push_back(std::abs(predicted_mean_correction(setting, test_points[t])) / width);
    }
    panel.line(static_cast<int>(t), fmt::format("|c_1|/N at x = {}", test_points[t]), n, theory);
    panel.points(static_cast<int>(t), "exact Bayesian networks", n, value, error);
  }
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/gp_regression", "3.1", "What does a wide network predict, given data?"};
  const auto& activation =
      program.choice("activation", "erf", {"erf", "tanh", "sin", "gelu"}, "activation σ");
  const auto& noise = program.option("noise", 0.01, between(0.01, 1.), "variance of the noise of the data");
  const auto& widths = program.list("widths", std::vector{16, 32, 64, 128, 256}, between(16, 1024),
                                    "widths N of the finite networks, at least four", "neurons");
  const auto& draws = program.samples(2000000, 100000, 10000);
  program.validate([&] {
    if (widths.size() < 4)
      throw BadOption{"widths", fmt::format("{} values", widths.size()), "at least four widths"};
  });
  program.figure("nngp_posterior",
                 "The posterior of the infinite network after four data: mean, two standard deviations, "
                 "and ten networks of width 16 that Matheron's rule has led through the data.");
  program.figure("nngp_finiteN",
                 "How far the exact posterior mean of a network of width $N$ is from that of the process: "
                 "importance sampling (points) and the leading correction $c_1/N$ (lines).");
  program.claims([&](Claims& claims) { declare(claims, widths, activation == "erf" && noise == 0.01); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{activation_of(activation), noise, report.seed()};

    // 1. The infinite network, by two routes
    compare_posterior(report, setting);

    // 2. Exact Bayesian networks of finite width
    Sampled sampled;
    for (const int width : widths) sampled.emplace(width, sample_posterior(report, setting, width, draws));
    compare_corrections(report, setting, sampled);
    if (setting.activation == Activation::erf && noise == 0.01 && sampled.contains(64))
      report.compare("effective-sample-size", 0.6, sampled.at(64).effective_fraction());

    // 3. Matheron's rule does not see the width
    compare_matheron(report, setting, sample_matheron(report, setting, draws / 2));

    // 4. Draw
    report.draw("nngp_posterior", posterior_figure(setting));
    report.draw("nngp_finiteN", width_figure(setting, sampled));
  });
}

// ## What we found
//
// @figure nngp_posterior
//
// Two routes to the posterior of the infinite network agree: at $x_*=0.8$ its mean is @value posterior-mean-at-0.8 and its
// variance @value posterior-variance-at-0.8.
//
// @figure nngp_finiteN
//
// Bayesian networks of finite width predict something else, by $c_1/N$: the extrapolated coefficient at $x_*=0.8$ is
// @value correction-at-0.8, where the expansion says @predicted correction-at-0.8. The sign is not fixed: at $x_*=0$ it is
// @value correction-at-0. Networks led through the data by Matheron's rule show nothing of this. At width 16 their mean at
// $x_*=0.8$ is @value matheron-mean-at-0.8, that of the process. The exact posterior reweights hidden layers, and learns from
// the data which features explain them; Matheron's rule does not.
//
// @claims
//
// ## What can go wrong
//
// Importance weights are honest only as long as many draws share the weight. Their effective fraction at width 64 is
// @value effective-sample-size; it falls with the width and with the noise, so smaller values of either are refused. Repeated
// data without noise make the kernel matrix singular, which the library reports instead of dividing by zero.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. What does $c_1$ become when the noise grows? Predict its sign for $s^2=1$ at $x_*=0.8$, then run `--noise 1`.
// 2. Matheron's rule is exact in mean and variance at every width. Which moment of its paths is not that of the process?
// 3. (hard) Derive the $1/N$ correction of the posterior *variance* at $x_* = 0.8$ and compare with sampled networks.
