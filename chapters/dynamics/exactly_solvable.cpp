// # What do trained networks predict, before any is trained?
//
// Lecture §4.2 · after ntk and kernel_fluctuations · about 3 s on two cores
//
// **Question.** If the tangent kernel does not move, training can be solved exactly. What are the mean and the covariance of an
// ensemble of trained networks after $n$ steps, and do networks of finite width obey them?
//
// ## The model
//
// Networks in NTK parameterisation (see [ntk](ntk.cpp)), here with one hidden layer of erf, $\sigma_w^2=2.25$ and $\sigma_b^2=0.1$, learn the six
// values of $y(\theta)=\cos\theta+\frac12\sin2\theta$ at $\theta=0.2,\,1.1,\,1.9,\,3.0,\,4.1,\,5.3$ on the circle
// $x=\sqrt2(\cos\theta,\sin\theta)$, by full-batch gradient descent on $\frac1{2P}\sum_\alpha(y_\alpha-f(x_\alpha))^2$ with a constant step $\eta$. They are
// asked for their values at five other angles.
#include <fieldbook/kernels/frozen_training.hpp>
#include <fieldbook/kernels/kernel_by_quadrature.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/numerics/singular_values.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/trained_ensemble.hpp>

#include <Eigen/Core>

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const std::vector<double> test_angles{0.65, 2.5, 3.6, 4.7, 5.8};
constexpr int data_size = 6, test_size = 5;

// Data first, then other points: the order of all kernels here
MatrixXd data_and(const std::vector<double>& angles) {
  std::vector<double> all = CircleData::six().angles;
  all.insert(all.end(), angles.begin(), angles.end());
  return inputs_on_circle(all);
}

// ## What theory says
//
// With a frozen kernel a step is a linear map, $f_{n+1}(x)=f_n(x)+\frac\eta P\Theta(x,X)(y-f_n(X))$, and in the eigenmodes of the Gram
// matrix $\Theta_{XX}=U\Lambda U^T$ every residual decays alone:
// $$ f_n(x)=f_0(x)+R_n(x)\,(y-f_0(X)),\qquad R_n(x)=\Theta(x,X)\,U\,\frac{1-(1-\eta\Lambda/P)^n}{\Lambda}\,U^T . $$
// At infinite width $f_0$ is a Gaussian process with covariance $K$, so $f_n$ is one too, with (Lee et al. 2019)
// $$ \mu_n=R_ny,\qquad \Sigma_n(x,x')=K(x,x')-R_n(x)K(X,x')-K(x,X)R_n(x')^T+R_n(x)K_{XX}R_n(x')^T . $$
// Every step below $\eta=2P/\lambda_{\max}$ converges, to regression with the kernel $\Theta$. This is not the Bayesian posterior of the process
// $K$: $K_{XX}^{-1}$ appears nowhere. All of this is `FrozenTraining` in the library, with kernels in closed form where there is one.
struct Setting {
  DeepLaw law;
  int depth;
  double relative_step;
  std::vector<int> steps;

  FrozenTraining theory(const std::vector<double>& points = test_angles) const {
    return {tangent_kernel(law, depth, data_and(points)), CircleData::six().targets(), relative_step};
  }
};

// A second route knows no eigenvalue. After finitely many steps it is that linear map, iterated on mean and covariance of all points; at
// the end of training it solves with $\Theta_{XX}$ by Cholesky's method. Its kernels come from quadrature.
struct Law {
  VectorXd mean;
  MatrixXd covariance;
};

Law law_by_steps(const TangentKernel& kernel, double step, const VectorXd& targets, int n) {
  const Eigen::Index data = targets.size(), all = kernel.ntk.rows(), points = all - data;
  const MatrixXd pull = step / static_cast<double>(data) * kernel.ntk.leftCols(data);
  MatrixXd map = MatrixXd::Identity(all, all);
  map.leftCols(data) -= pull;
  Law law{VectorXd::Zero(all), kernel.nngp};
  for (int i = 0; i < n; ++i) {
    law.mean = map * law.mean + pull * targets;
    law.covariance = map * law.covariance * map.transpose();
  }
  return {law.mean.tail(points), law.covariance.bottomRightCorner(points, points)};
}

Law law_of_regression(const TangentKernel& kernel, const VectorXd& targets) {
  const Eigen::Index data = targets.size(), points = kernel.ntk.rows() - data;
  const MatrixXd weights =
      kernel.ntk.topLeftCorner(data, data).ldlt().solve(kernel.ntk.topRightCorner(data, points)).transpose();
  const MatrixXd between = weights * kernel.nngp.topRightCorner(data, points);
  return {weights * targets, kernel.nngp.bottomRightCorner(points, points) - between - between.transpose() +
                                 weights * kernel.nngp.topLeftCorner(data, data) * weights.transpose()};
}

// ## What networks do
//
// Ensembles of several widths are trained with the step of infinite width, and their values at the five angles recorded before
// training and after 5, 30 and 200 steps.
std::vector<std::int64_t> times(const Setting& setting) {
  std::vector<std::int64_t> all{0};
  all.insert(all.end(), setting.steps.begin(), setting.steps.end());
  return all;
}

TrainingPlan plan(const Setting& setting, int width) {
  const auto& [activation, weights, biases] = setting.law;
  const CircleData data = CircleData::six();
  return {activation,
          ntk_parameterisation({2, width, setting.depth}, weights, biases),
          data.inputs(),
          data.targets(),
          setting.theory().step(),
          times(setting)};
}

Averages sample(Report& report, const Setting& setting, int width, std::int64_t draws) {
  const MatrixXd tests = inputs_on_circle(test_angles).transpose();
  const auto records = static_cast<Eigen::Index>(times(setting).size());
  return sample_trained_networks(
      report, fmt::format("trained networks of width {}", width), report.seed(), plan(setting, width), draws,
      records * test_size,
      [&](const Mlp<double>&, const Mlp<double>& trained, std::size_t record, VectorXd& observed) {
        observed.segment(static_cast<Eigen::Index>(record) * test_size, test_size) = outputs(trained, tests);
      });
}

using Ensembles = std::map<int, Averages>;  // by width

// Mean and covariance at one of the recorded times
Law sampled_law(const Averages& averages, const Setting& setting, std::int64_t n) {
  const std::vector<std::int64_t> all = times(setting);
  const auto first = (std::find(all.begin(), all.end(), n) - all.begin()) * test_size;
  return {averages.means().segment(first, test_size),
          averages.covariance().block(first, first, test_size, test_size)};
}

// ## The claims
//
// At width $N$ the law of an ensemble is off by $O(1/N)$: measured means may differ from $\mu_n$ by $40\sqrt{\Sigma_n}/N$ and variances by
// $40\,\Sigma_n/N$, besides five standard errors.
constexpr int claimed_width = 256;
constexpr double bias_allowed = 40;

std::string at(const char* what, std::int64_t n, int test) {
  return fmt::format("{}-{}-at-{}", what, n == forever ? "forever" : std::to_string(n), test_angles[test]);
}

std::string total(int width, std::int64_t n) { return fmt::format("total-variance-{}-width-{}", n, width); }

void declare_theory(Claims& claims, std::int64_t early) {
  for (Eigen::Index i = 0; i < data_size; ++i)
    claims.exact(
        fmt::format("eigenvalue-{}", i + 1), "E1",
        fmt::format("eigenvalue {} of $\\Theta_{{XX}}$, from two kernels and two decompositions", i + 1),
        absolute(1e-7));
  for (int t = 0; t < test_size; ++t) {
    claims.exact(at("mean", forever, t), "E2",
                 fmt::format("$\\mu_\\infty$ at {}, from modes and from a solve", test_angles[t]),
                 absolute(1e-6));
    claims.exact(
        at("deviation", forever, t), "E3",
        fmt::format("$\\sqrt{{\\Sigma_\\infty}}$ at {}, from modes and from a solve", test_angles[t]),
        absolute(1e-6));
  }
  for (int t = 0; t < test_size; ++t) {
    claims.exact(at("mean-by-steps", early, t), "E4",
                 fmt::format("$\\mu_n$ at {} for $n={}$, from modes and step by step", test_angles[t], early),
                 absolute(1e-6));
    claims.exact(at("deviation-by-steps", early, t), "E4",
                 fmt::format("$\\sqrt{{\\Sigma_n}}$ at {} for $n={}$, from modes and step by step",
                             test_angles[t], early),
                 absolute(1e-6));
  }
  claims.exact("memorisation", "E10",
               "trained forever, the mean passes through the data: $|y-\\mu_\\infty(X)|=0$", absolute(1e-10));
}

void declare_networks(Claims& claims, const Setting& setting, const std::vector<int>& widths) {
  const FrozenTraining theory = setting.theory();
  const int widest = widths.back(), last = setting.steps.back();
  for (int t = 0; t < test_size; ++t)
    claims.statistical(
        at("untrained-variance", 0, t), "E7",
        fmt::format("$N={}$, before training: the variance at {} is $K$", widest, test_angles[t]));
  for (const int n : setting.steps) {
    const MatrixXd sigma = theory.covariance(n);
    for (int t = 0; t < test_size; ++t) {
      const std::string where = fmt::format("$N={}$, $n={}$, at {}: ", widest, n, test_angles[t]);
      claims.scaling(at("trained-mean", n, t), "E5", where + "the mean is $\\mu_n$",
                     bias_allowed / widest * std::sqrt(sigma(t, t)));
      claims.scaling(at("trained-variance", n, t), "E6", where + "the variance is $\\Sigma_n$",
                     bias_allowed / widest * sigma(t, t));
    }
    for (const int width : widths)
      if (width >= claimed_width)
        claims.scaling(total(width, n), "E6",
                       fmt::format("$N={}$, $n={}$: the variances at all five angles, summed", width, n),
                       bias_allowed / width * sigma.trace());
  }
  const MatrixXd sigma = theory.covariance(last);
  for (int t = 0; t + 1 < test_size; ++t)
    claims.scaling(at("trained-covariance", last, t), "E6",
                   fmt::format("$N={}$, $n={}$: the covariance of {} and {}", widest, last, test_angles[t],
                               test_angles[t + 1]),
                   bias_allowed / widest * std::sqrt(sigma(t, t) * sigma(t + 1, t + 1)));
  claims.bound(
      "chi-square", "E5",
      fmt::format("$N={}$, $n={}$: all five means at once, with all of $\\Sigma_n$: p-value of $\\chi^2$",
                  widest, setting.steps.front()),
      Side::above);
}

// ## The experiment, step by step
void compare_theory(Report& report, const Setting& setting) {
  const FrozenTraining theory = setting.theory();
  const TangentKernel other = kernel_by_quadrature(setting.law, setting.depth, data_and(test_angles));
  const MatrixXd gram = other.ntk.topLeftCorner(data_size, data_size);
  const VectorXd singular = singular_values(gram);
  for (int i = 0; i < data_size; ++i)
    report.compare(fmt::format("eigenvalue-{}", i + 1), singular[data_size - 1 - i],
                   theory.propagator().eigenvalues()[i]);

  const int early = setting.steps.front();
  const auto compare = [&](const char* mean, const char* deviation, std::int64_t n, const Law& law) {
    for (int t = 0; t < test_size; ++t) {
      report.compare(at(mean, n, t), law.mean[t], theory.mean(n)[t]);
      report.compare(at(deviation, n, t), std::sqrt(law.covariance(t, t)),
                     std::sqrt(theory.covariance(n)(t, t)));
    }
  };
  compare("mean", "deviation", forever, law_of_regression(other, theory.targets()));
  compare("mean-by-steps", "deviation-by-steps", early,
          law_by_steps(other, theory.step(), theory.targets(), early));
  report.compare(
      "memorisation", 0,
      (theory.targets() - theory.propagator().mean(forever, theory.gram(), theory.targets())).norm());
}

// The errors are those of Gaussian draws: $\text{SE}_{ab}^2=(\Sigma_{aa}\Sigma_{bb}+\Sigma_{ab}^2)/(M-1)$.
Estimate covariance_estimate(const MatrixXd& sampled, const MatrixXd& sigma, int a, int b, double draws) {
  return {sampled(a, b), std::sqrt((sigma(a, a) * sigma(b, b) + sigma(a, b) * sigma(a, b)) / (draws - 1))};
}

void compare_networks(Report& report, const Setting& setting, const Ensembles& ensembles) {
  const FrozenTraining theory = setting.theory();
  const Averages& widest = ensembles.rbegin()->second;
  const auto draws = static_cast<double>(widest.count());
  const int last = setting.steps.back();
  const auto compare = [&](const char* claim, int n, int a, int b) {
    const MatrixXd sigma = theory.covariance(n);
    report.compare(at(claim, n, a), sigma(a, b),
                   covariance_estimate(sampled_law(widest, setting, n).covariance, sigma, a, b, draws));
  };
  for (int t = 0; t < test_size; ++t) compare("untrained-variance", 0, t, t);
  for (const int n : setting.steps) {
    const MatrixXd sigma = theory.covariance(n);
    const VectorXd mean = theory.mean(n), sampled = sampled_law(widest, setting, n).mean;
    for (int t = 0; t < test_size; ++t) {
      report.compare(at("trained-mean", n, t), mean[t], {sampled[t], std::sqrt(sigma(t, t) / draws)});
      compare("trained-variance", n, t, t);
    }
    for (const auto& [width, averages] : ensembles)
      if (width >= claimed_width)
        report.compare(total(width, n), sigma.trace(),
                       {sampled_law(averages, setting, n).covariance.trace(),
                        std::sqrt(2 * sigma.squaredNorm() / (draws - 1))});
  }
  for (int t = 0; t + 1 < test_size; ++t) compare("trained-covariance", last, t, t + 1);
}

void compare_all_means(Report& report, const Setting& setting, const Averages& averages) {
  const FrozenTraining theory = setting.theory();
  const int n = setting.steps.front();
  const VectorXd deviation = sampled_law(averages, setting, n).mean - theory.mean(n);
  const double chi_square =
      static_cast<double>(averages.count()) * deviation.dot(theory.covariance(n).ldlt().solve(deviation));
  const boost::math::chi_squared_distribution<double> law{test_size};
  report.compare("chi-square", five_sigma_p_value, cdf(complement(law, chi_square)));
}

// ## The figure
constexpr int figure_networks = 12, figure_width = 1024;

// Some networks at all angles: one matrix a recorded time, one network a column
std::vector<MatrixXd> trajectories(const Setting& setting, std::uint64_t seed, const MatrixXd& x) {
  const TrainingPlan how = plan(setting, setting.depth == 1 ? figure_width : claimed_width);
  Mlp<double> network{how.activation, how.parameterisation, seed, "networks of the figure"};
  GradientDescent<double> descent{network, how.inputs.transpose(), how.targets};
  std::vector<MatrixXd> values(how.records.size(), MatrixXd(x.rows(), figure_networks));
  for (int i = 0; i < figure_networks; ++i) {
    network.draw(static_cast<std::uint64_t>(i));
    std::int64_t done = 0;
    for (std::size_t record = 0; record < values.size(); ++record) {
      for (; done < how.records[record]; ++done) descent.step(how.step);
      values[record].col(i) = outputs(network, x.transpose());
    }
  }
  return values;
}

std::vector<double> numbers(const VectorXd& values) { return {values.begin(), values.end()}; }

Figure band_figure(const Setting& setting, std::uint64_t seed, const Averages& ensemble) {
  std::vector<double> angles;
  for (int i = 0; i <= 60; ++i) angles.push_back(2 * std::numbers::pi * i / 60);
  const FrozenTraining theory = setting.theory(angles);
  const auto networks = trajectories(setting, seed, inputs_on_circle(angles));
  const double reach = 2.6 * std::sqrt(theory.covariance(0)(0, 0));
  Figure figure{{}, 2, 460, 320};
  for (const std::int64_t n : times(setting)) {
    const VectorXd mean = theory.mean(n),
                   spread = 2 * theory.covariance(n).diagonal().cwiseMax(0).cwiseSqrt();
    Panel panel{fmt::format("n = {}", n)};
    panel.x_axis({"angle θ", false, 0, 2 * std::numbers::pi})
        .y_axis({"f_n(θ)", false, -reach, reach})
        .legend("off");
    panel.band(0, "two standard deviations", angles, numbers(mean - spread), numbers(mean + spread));
    for (int i = 0; i < figure_networks; ++i)
      panel.line(5, fmt::format("network {}", i), angles, numbers(networks[figure.panels.size()].col(i)));
    const Law sampled = sampled_law(ensemble, setting, n);
    panel.line(0, "mean", angles, numbers(mean))
        .points(1, "ensemble", test_angles, numbers(sampled.mean),
                numbers(2 * sampled.covariance.diagonal().cwiseSqrt()))
        .points(6, "data", CircleData::six().angles, numbers(theory.targets()));
    figure.panels.push_back(panel);
  }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/exactly_solvable", "4.2",
                  "What do trained networks predict, before any is trained?"};
  const auto& activation =
      program.choice("activation", "erf", {"erf", "relu", "tanh", "gelu", "sin"}, "activation σ");
  const auto& depth = program.option("depth", 1, between(1, 3), "hidden layers L", "layers");
  const auto& weight_variance = program.option("weight-variance", 2.25, between(0.5, 4.), "σ_w²");
  const auto& bias_variance = program.option("bias-variance", 0.1, between(0.05, 2.), "σ_b²");
  const auto& widths = program.list("widths", {256, 1024}, between(16, 4096),
                                    "ascending widths N, the last at least 256", "neurons");
  const auto& steps = program.list("steps", {5, 30, 200}, between(1, 1000), "ascending times n", "steps");
  const auto& relative_step = program.option("relative-step", 1., between(0.1, 1.5),
                                             "step η in units of P/λ_max; from 2 on it diverges");
  const auto& draws = program.samples(1000, 150, 20);
  program.validate([&] {
    for (const auto& [name, list] : {std::pair{"widths", widths}, {"steps", steps}})
      if (!std::is_sorted(list.begin(), list.end()))
        throw BadOption{name, fmt::format("{}", fmt::join(list, ",")), "an ascending list"};
    if (widths.back() < claimed_width || (depth > 1 && widths.back() > 512))
      throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")),
                      "a last width of at least 256, and at most 512 with several layers"};
  });
  program.figure(
      "ex_band",
      "What theory says of an ensemble at several times of its training, without training any network: "
      "mean (dark line) and two standard deviations (band). Light lines are twelve networks, bars two "
      "standard deviations of the sampled ensemble. At the data (squares) the spread dies out; between "
      "them some of the first randomness stays for ever.");
  const auto setting = [&] {
    return Setting{{activation_of(activation), weight_variance, bias_variance}, depth, relative_step, steps};
  };
  program.claims([&](Claims& claims) {
    declare_theory(claims, steps.front());
    declare_networks(claims, setting(), widths);
  });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Two routes to the exact law
    compare_theory(report, setting());

    // 2. Trained networks against this law
    Ensembles ensembles;
    for (const int width : widths) ensembles.emplace(width, sample(report, setting(), width, draws));
    compare_networks(report, setting(), ensembles);
    compare_all_means(report, setting(), ensembles.rbegin()->second);

    // 3. Draw
    report.draw("ex_band", [&] { return band_figure(setting(), report.seed(), ensembles.rbegin()->second); });
  });
}

// ## What we found
//
// Before any network is trained, theory says what the average network will predict at angle 2.5 in the end, @predicted mean-forever-at-2.5, and by how
// much networks will differ there, @predicted deviation-forever-at-2.5. After 200 steps networks of width 1024 have the mean
// @value trained-mean-200-at-2.5, and a variance of @value trained-variance-200-at-2.5 where @predicted trained-variance-200-at-2.5 is predicted: the
// spread of the beginning, @value untrained-variance-0-at-2.5, is mostly gone, but not all of it. A network that fits its data perfectly
// remembers between them how it was born.
//
// @figure ex_band
//
// The slowest mode has eigenvalue @value eigenvalue-1, the fastest @value eigenvalue-6: their ratio is how much longer it takes to learn the
// last detail of the data than the first. No feature is learned on the way: the functions that the network can combine are those it
// started with.
//
// @claims
//
// ## What can go wrong
//
// The spread of trained networks is not the uncertainty of a Bayesian: $\Sigma_\infty$ mixes two kernels. For $n\to\infty$ and small eigenvalues
// $(1-(1-\eta\lambda/P)^n)/\lambda$ loses its digits unless it is computed with `expm1` and `log1p`. With the step counted as a time,
// $e^{-\eta\lambda n/P}$ is only the limit of small $\eta$: at $\eta\lambda=P$ the mode is learned in one step. Narrow networks obey another law:
// at $N=64$ means are off by a seventh of a standard deviation (`--widths 64,256 --samples 4000`).
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Compute the posterior deviation of the process $K$ at the five angles. Why is $\sqrt{\Sigma_\infty}$ larger everywhere?
// 2. Which initialisation would make $\Sigma_n$ vanish at all times, and what does it cost?
// 3. Train the last layer alone. Which kernel takes the place of $\Theta$, and what becomes of $\Sigma_\infty$?
