// # What does a wide network predict, given data?
//
// Lecture §3.1 · after nngp · about 1 s on two cores
//
// **Question.** A Gaussian process can be conditioned on data exactly. What does an infinitely wide network predict after
// seeing four points?
//
// ## The model
//
// One hidden layer on the line, without output bias,
// $$ \phi(x) = \frac1{\sqrt N}\sum_{i=1}^N a_i\,\sigma(w_ix+b_i), \qquad
//    w_i\sim\mathcal N(0,\sigma_w^2),\ b_i\sim\mathcal N(0,\sigma_b^2),\ a_i\sim\mathcal N(0,1), $$
// has seen $y = \sin 2x$ at four points, each with Gaussian noise of variance $s^2$. We ask for its posterior at three
// test points.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/kernels/gaussian_process.hpp>
#include <fieldbook/kernels/one_layer.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <array>
#include <cmath>
#include <numbers>

using namespace fieldbook;

namespace {

const std::vector<double> data_points{-1.5, -0.6, 0.3, 1.2};
const std::vector<double> test_points{0.8, 0, -1};
constexpr Eigen::Index data_size = 4, test_size = 3;

Eigen::VectorXd targets() {
  Eigen::VectorXd y(data_size);
  for (Eigen::Index i = 0; i < data_size; ++i) y[i] = std::sin(2 * data_points[static_cast<std::size_t>(i)]);
  return y;
}

struct Setting {
  OneLayerLaw law;
  double noise;
  std::uint64_t seed;
};

// ## What theory says
//
// With $A = K_{XX} + s^2$ and $k_i = K(x_*, x_i)$, the posterior of the process at $x_*$ is Gaussian with
// $$ m = k^{T}A^{-1}y, \qquad v = K_{**} - k^{T}A^{-1}k, $$
// and the evidence is $\ln p(y) = -\tfrac12y^{T}A^{-1}y-\tfrac12\ln\det A-\tfrac n2\ln2\pi$. The library solves this with
// a Cholesky factor and the closed form of the kernel.
GaussianProcess process(const Setting& setting) {
  return {one_layer_kernel(setting.law, data_points, data_points), targets(), setting.noise};
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
                  one_layer_kernel(setting.law, all, all, dual_activation_by_quadrature)};
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

// ## What networks do
//
// Matheron's rule turns a prior sample into a posterior one,
// $\phi + k^{T}A^{-1}(y+\varepsilon-\phi_X)$, with noise $\varepsilon\sim\mathcal N(0,s^2)$. Applied to networks of finite
// width it gives *exactly* the mean and variance of the infinite network at every $N$, because only two-point functions
// enter: it cannot see the width at all.
class Matheron {
 public:
  Matheron(const Setting& setting, const GaussianProcess& gp, int width, std::vector<double> points)
      : networks_{setting.law.activation,    width,        setting.law.weight_variance,
                  setting.law.bias_variance, setting.seed, "Matheron"},
        noise_{setting.seed, "Matheron: noise"},
        noise_scale_{std::sqrt(setting.noise)},
        points_{std::move(points)},
        gain_{gp.solve(one_layer_kernel(setting.law, data_points, points_))},
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
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& first& last;
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
void declare(Claims& claims) {
  for (const double x : test_points) {
    claims.exact(fmt::format("posterior-mean-at-{}", x), "NN-7", fmt::format("posterior mean at $x_*={}$", x),
                 absolute(1e-6));
    claims.exact(fmt::format("posterior-variance-at-{}", x), "NN-7",
                 fmt::format("posterior variance at $x_*={}$", x), absolute(1e-6));
  }
  claims.exact("log-evidence", "NN-7", "logarithm of the evidence", absolute(1e-6));
  for (const double x : {test_points.front(), test_points.back()})
    for (const char* quantity : {"mean", "variance"})
      claims.statistical(
          fmt::format("matheron-{}-at-{}", quantity, x), "NN-10",
          fmt::format("Matheron's rule with networks of width 16 has the process's {} at $x_*={}$", quantity,
                      x));
}

// ## The experiment, step by step
void compare_posterior(Report& report, const Setting& setting) {
  const Posterior predicted = one_datum_at_a_time(setting);
  const GaussianProcess gp = process(setting);
  for (Eigen::Index t = 0; t < test_size; ++t) {
    const double x = test_points[static_cast<std::size_t>(t)];
    const Eigen::VectorXd k = one_layer_kernel(setting.law, data_points, std::vector{x});
    report.compare(fmt::format("posterior-mean-at-{}", x), predicted.mean[data_size + t], gp.mean(k));
    report.compare(fmt::format("posterior-variance-at-{}", x),
                   predicted.covariance(data_size + t, data_size + t),
                   gp.variance(k, one_layer_kernel(setting.law, x, x)));
  }
  report.compare("log-evidence", predicted.log_evidence, gp.log_evidence());
}

void compare_matheron(Report& report, const Setting& setting, const MatheronMoments& moments) {
  const Posterior predicted = one_datum_at_a_time(setting);
  for (const auto& [t, sample] : {std::pair{Eigen::Index{0}, moments.first}, {test_size - 1, moments.last}}) {
    const double x = test_points[static_cast<std::size_t>(t)];
    const Eigen::Index i = data_size + t;
    report.compare(fmt::format("matheron-mean-at-{}", x), predicted.mean[i], mean_estimate(sample));
    report.compare(fmt::format("matheron-variance-at-{}", x), predicted.covariance(i, i),
                   variance_estimate(sample));
  }
}

// ## The figure
Figure posterior_figure(const Setting& setting) {
  std::vector<double> x, mean, low, high, y;
  for (int i = -50; i <= 50; ++i) x.push_back(i / 20.);
  for (const double point : data_points) y.push_back(std::sin(2 * point));
  const GaussianProcess gp = process(setting);
  for (const double point : x) {
    const Eigen::VectorXd k = one_layer_kernel(setting.law, data_points, std::vector{point});
    const double deviation = 2 * std::sqrt(gp.variance(k, one_layer_kernel(setting.law, point, point)));
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

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/gp_regression", "3.1", "What does a wide network predict, given data?"};
  const auto& activation =
      program.choice("activation", "erf", {"erf", "tanh", "sin", "gelu"}, "activation σ");
  const auto& weight_variance = program.option("weight-variance", 4., Range<double>{0.1, 4}, "σ_w²");
  const auto& bias_variance = program.option("bias-variance", 1., Range<double>{0, 4}, "σ_b²");
  const auto& noise =
      program.option("noise", 0.01, between(0.01, 1.), "variance s² of the noise of the data");
  const auto& draws = program.samples(200000, 50000, 10000);
  program.figure("nngp_posterior",
                 "The posterior of the infinite network after four data: mean, two standard deviations, "
                 "and ten networks of width 16 that Matheron's rule has led through the data.");
  program.claims(declare);

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{{activation_of(activation), weight_variance, bias_variance}, noise, report.seed()};

    // 1. The infinite network, by two routes
    compare_posterior(report, setting);

    // 2. Finite networks, by Matheron's rule
    compare_matheron(report, setting, sample_matheron(report, setting, draws));

    // 3. Draw
    report.draw("nngp_posterior", posterior_figure(setting));
  });
}

// ## What we found
//
// @figure nngp_posterior
//
// Two routes to the posterior of the infinite network agree: at $x_*=0.8$ its mean is @value posterior-mean-at-0.8 and its
// variance @value posterior-variance-at-0.8. Networks of width 16 led through the data by Matheron's rule have the mean
// @value matheron-mean-at-0.8 and the variance @value matheron-variance-at-0.8: exactly those of the process. That this is *not*
// the posterior of a network of width 16 is the subject of [the next program](finite_width_posterior.cpp).
//
// @claims
//
// ## What can go wrong
//
// Repeated data without noise make the kernel matrix singular, which the library reports instead of dividing by zero. Little
// noise makes it ill-conditioned, and the claims compare to six decimals: hence the lower end of the option.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Matheron's rule is exact in mean and variance at every width. Which moment of its paths is not that of the process?
// 2. Where is the band widest between the data, and how does that change with `--weight-variance 1`?
