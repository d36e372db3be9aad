// # Why can a perfect memoriser generalise?
//
// Lecture §4.2 · after ntk · about 3 s on two cores
//
// **Question.** A frozen kernel with enough features fits any data exactly, noise included. The textbook says that such a fit is
// worthless. It is, at one point; beyond it the error falls again, lower than before. What happens there?
//
// ## The model
//
// The last step of training with frozen features is a linear regression, and the simplest one shows it all (Belkin, Hsu and Xu 2020;
// Hastie, Montanari, Rosset and Tibshirani 2022). There are $D$ features $x\sim\mathcal N(0,1)$ and a rule
// $$ y=\beta\cdot x+\varepsilon,\qquad \beta_i\sim\mathcal N(0,1/D),\qquad \varepsilon\sim\mathcal N(0,s^2), $$
// seen at $n$ data. The student knows the first $p$ features only and takes, of all best fits, the one of minimal norm: where gradient
// descent from zero ends. The risk $R$ is the mean squared error at a new input, noise included.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/numerics/least_squares.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct Setting {
  int data, features;  // n, D
  double noise;        // s^2
  std::uint64_t seed;

  // What the student can know, and what looks like noise to it: r = p/D, v = s^2 + 1 - r
  double visible(double p) const { return p / features; }
  double clutter(double p) const { return noise + 1 - visible(p); }
};

// ## What theory says: minimal norm
//
// Averages over Gaussian inputs are exact at every $n$ and $p$, because the inverse of a Wishart matrix has a known mean. With
// $r=p/D$ and the variance $v=s^2+1-r$ of all that the student cannot explain,
// $$ R=v\,\frac{n-1}{n-p-1}\quad(p<n-1),\qquad R=r\Bigl(1-\frac np\Bigr)+v\,\frac{p-1}{p-n-1}\quad(p>n+1), $$
// and $R=\infty$ between. At $p=n$ there is exactly one fit, and it has to use the directions which the data hardly contain. With
// more features there are many fits, and the smallest spreads the noise over all of them.
double predicted_risk(const Setting& setting, double p) {
  const double n = setting.data, r = setting.visible(p), v = setting.clutter(p);
  if (p < n) return v * (1 + p / (n - p - 1));
  return r * (1 - n / p) + v * (1 + n / (p - n - 1));
}

// ## What theory says: ridge
//
// A penalty $\lambda n|\beta|^2$ takes the peak away. The best $\lambda=v g/r$, $g=p/n$, is that of the Bayesian who knows the
// prior, and the excess risk is
// $$ R-v=v\,g\,m(\lambda),\qquad m(\lambda)=\Bigl\langle\frac1p\sum_i\frac1{\lambda_i+\lambda}\Bigr\rangle, $$
// over the eigenvalues of $X^TX/n$. For large $n$ these have the density of Marchenko and Pastur, for which
// $$ m(\lambda)=\frac{-(1-g+\lambda)+\sqrt{(1-g+\lambda)^2+4g\lambda}}{2g\lambda}. $$
double resolvent(double g, double lambda) {
  const double b = 1 - g + lambda;
  return (-b + std::sqrt(b * b + 4 * g * lambda)) / (2 * g * lambda);
}

double predicted_ridge_risk(const Setting& setting, double p) {
  const double g = p / setting.data, v = setting.clutter(p);
  return v + v * g * resolvent(g, v * g / setting.visible(p));
}

// The same from the density $\frac{\sqrt{(b-x)(x-a)}}{2\pi gx}$ between $a,b=(1\mp\sqrt g)^2$, with $x=\frac{a+b}2+\frac{b-a}2\cos\theta$,
// and the share $1-1/g$ of zeros if there are more features than data:
double resolvent_by_quadrature(double g, double lambda) {
  const double centre = 1 + g, half = 2 * std::sqrt(g);
  const auto integrand = [&](double theta) {
    const double x = centre + half * std::cos(theta), s = half * std::sin(theta);
    return s * s / (2 * std::numbers::pi * g * x * (x + lambda));
  };
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Quadrature::integrate(integrand, 0, std::numbers::pi, 15, 1e-12) + std::max(0., 1 - 1 / g) / lambda;
}

// ## What fits do
//
// Numbers of features on both sides of $n$, not nearer than $n/4$ and 8: there the fourth moment of the risk exists, and error bars are honest.
std::vector<int> numbers_of_features(const Setting& setting) {
  const int n = setting.data, gap = std::max(8, n / 4);
  std::vector<int> numbers;
  for (const int p : {n / 8, n / 4, n / 2, n - gap, n + gap, 3 * n / 2, 2 * n, 5 * n / 2})
    if (std::abs(p - n) >= gap && p < setting.features && (numbers.empty() || p > numbers.back()))
      numbers.push_back(p);
  for (const int part : {3, 2})
    if (const int p = setting.features - setting.features / (2 * part); p > numbers.back() + n / 4)
      numbers.push_back(p);
  numbers.push_back(setting.features);
  return numbers;
}

// Ridge has no peak, and can also be asked at $p=n$:
std::vector<int> numbers_for_ridge(const Setting& setting) {
  std::vector<int> numbers = numbers_of_features(setting);
  numbers.insert(std::lower_bound(numbers.begin(), numbers.end(), setting.data), setting.data);
  return numbers;
}

// The best $n\lambda$ is the noise over the variance of an entry of the rule. That is so for every $n$, since ridge is then the best
// linear guess; so half of it and twice as much must do worse for the very same data.
double best_penalty(const Setting& setting, double p) { return setting.clutter(p) * setting.features; }

constexpr std::pair<const char*, double> wrong_penalties[] = {{"half", 0.5}, {"twice", 2}};

// The rule, the data and the noise are drawn afresh each time. Once $\hat\beta$ is known, the average over new inputs can be done exactly:
// $R=s^2+|\hat\beta-\beta_{\text{in}}|^2+|\beta_{\text{out}}|^2$.
VectorXd risks_of_a_draw(const Setting& setting, std::uint64_t draw) {
  const Index n = setting.data, d = setting.features;
  const MatrixXd x = gaussian_matrix(Stream{setting.seed, "inputs"}, draw, n, d);
  const VectorXd rule =
      gaussian_matrix(Stream{setting.seed, "rule"}, draw, d, 1) / std::sqrt(setting.features);
  const VectorXd y =
      x * rule + std::sqrt(setting.noise) * gaussian_matrix(Stream{setting.seed, "noise"}, draw, n, 1);
  const auto risk = [&](const VectorXd& fit) {
    return setting.noise + (fit - rule.head(fit.size())).squaredNorm() +
           rule.tail(d - fit.size()).squaredNorm();
  };
  const auto ridge_risk = [&](int p, double factor) {
    return risk(ridge_regression(x.leftCols(p), y, factor * best_penalty(setting, p)));
  };
  std::vector<double> risks;
  for (const int p : numbers_of_features(setting))
    risks.push_back(risk(LeastSquares{x.leftCols(p)}.solve(y)));
  for (const int p : numbers_for_ridge(setting)) risks.push_back(ridge_risk(p, 1));
  for (const auto& [name, factor] : wrong_penalties)
    risks.push_back(ridge_risk(setting.data, factor) - ridge_risk(setting.data, 1));
  return Eigen::Map<const VectorXd>(risks.data(), static_cast<Index>(risks.size()));
}

// Larger matrices, to be compared with the density of infinite ones: the mean of $\frac1p\sum_i1/(\lambda_i+\lambda)$.
constexpr Index large = 200;
constexpr double large_noise = 0.25;
const std::vector<double> ratios{0.5, 1, 2, 5};

double sampled_resolvent(std::uint64_t seed, double g, std::uint64_t draw) {
  const auto p = static_cast<Index>(g * large);
  const MatrixXd x = gaussian_matrix(Stream{seed, fmt::format("large inputs, g = {}", g)}, draw, large, p);
  const double lambda = large_noise * g;
  // Eigenvalues of the smaller Gram matrix; the larger one has zeros beside them
  const MatrixXd gram = p > large ? MatrixXd{x * x.transpose()} : MatrixXd{x.transpose() * x};
  const VectorXd eigenvalues =
      Eigen::SelfAdjointEigenSolver<MatrixXd>{MatrixXd{gram / large}, Eigen::EigenvaluesOnly}.eigenvalues();
  double sum = static_cast<double>(p - eigenvalues.size()) / lambda;
  for (const double value : eigenvalues) sum += 1 / (value + lambda);
  return sum / static_cast<double>(p);
}

// ## The claims
//
// Memorising pays if the risk with all features is below that of every fit that does not memorise, $p<n$; theory says for which noise.
double best_without_memorising(const Setting& setting) {
  double best = predicted_risk(setting, 0);
  for (int p = 1; p < setting.data - 1; ++p) best = std::min(best, predicted_risk(setting, p));
  return best;
}

bool memorising_pays(const Setting& setting) {
  return predicted_risk(setting, setting.features) < best_without_memorising(setting);
}

void declare(Claims& claims, const Setting& setting) {
  for (const int p : numbers_of_features(setting))
    claims.statistical(fmt::format("risk-{}", p), "D1", fmt::format("minimal norm, $p={}$: the risk", p));
  if (memorising_pays(setting))
    claims.bound("memoriser", "D2", "the risk with all features is below that of every fit with $p<n$",
                 Side::below);
  else
    claims.leave_out("memoriser", "D2", "with so much noise a fit with fewer features than data is better");
  for (const int p : numbers_for_ridge(setting))
    claims.scaling(fmt::format("ridge-{}", p), "D3",
                   fmt::format("best ridge, $p={}$: the risk at large $n$, up to 2%", p),
                   0.02 * predicted_ridge_risk(setting, p));
  for (const auto& [name, factor] : wrong_penalties)
    claims.bound(fmt::format("penalty-{}", name), "D3",
                 fmt::format("$p=n$, {} the best penalty: what it adds to the risk", name), Side::above);
  for (const double g : ratios) {
    claims.exact(fmt::format("resolvent-{}", g), "D3",
                 fmt::format("$p/n={}$: $m$ in closed form and from the density of Marchenko and Pastur", g),
                 relative(1e-8));
    claims.scaling(
        fmt::format("excess-{}", g), "D3",
        fmt::format("$p/n={}$, $n={}$: excess risk of the best ridge from sampled eigenvalues", g, large),
        0.005 * large_noise * g * resolvent(g, large_noise * g));
  }
}

// ## The experiment, step by step
Averages compare_risks(Report& report, const Setting& setting, std::int64_t draws) {
  const auto plain = numbers_of_features(setting), ridge = numbers_for_ridge(setting);
  const Averages risks = merged(sample_draws(
      report, "regressions", draws,
      Averages{static_cast<Index>(plain.size() + ridge.size() + std::size(wrong_penalties))},
      [&](std::uint64_t draw, Averages& averages) { averages.add(risks_of_a_draw(setting, draw)); }));
  Index column = 0;
  for (const int p : plain)
    report.compare(fmt::format("risk-{}", p), predicted_risk(setting, p), risks.mean(column++));
  if (memorising_pays(setting))
    report.compare("memoriser", best_without_memorising(setting), risks.mean(column - 1));
  for (const int p : ridge)
    report.compare(fmt::format("ridge-{}", p), predicted_ridge_risk(setting, p), risks.mean(column++));
  for (const auto& [name, factor] : wrong_penalties)
    report.compare(fmt::format("penalty-{}", name), 0, risks.mean(column++));
  return risks;
}

void compare_large_matrices(Report& report, std::int64_t draws) {
  const auto sample = [&](std::uint64_t draw, Averages& averages) {
    VectorXd values(static_cast<Index>(ratios.size()));
    for (std::size_t i = 0; i < ratios.size(); ++i)
      values[static_cast<Index>(i)] = sampled_resolvent(report.seed(), ratios[i], draw);
    averages.add(values);
  };
  const Averages resolvents = merged(
      sample_draws(report, "large matrices", draws, Averages{static_cast<Index>(ratios.size())}, sample));
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double g = ratios[i], lambda = large_noise * g;
    report.compare(fmt::format("resolvent-{}", g), resolvent_by_quadrature(g, lambda), resolvent(g, lambda));
    report.compare(fmt::format("excess-{}", g), large_noise * g * resolvent(g, lambda),
                   resolvents.mean(static_cast<Index>(i)).times(large_noise * g));
  }
}

// ## The figure
Figure curve(const Setting& setting, const Averages& risks) {
  const double top = 40 * predicted_risk(setting, setting.features);
  Panel panel;
  panel.x_axis({"features p of the fit", false, 0, 1.02 * setting.features})
      .y_axis({"risk R", true, 0.5 * predicted_ridge_risk(setting, setting.features), top})
      .legend("top right")
      .guide("as many features as data", {1. * setting.data, 1. * setting.data},
             {0.5 * predicted_ridge_risk(setting, setting.features), top});
  std::vector<double> below, below_risk, above, above_risk, at, ridge;
  for (double p = 0; p < setting.data - 1.05; p += 0.05)
    if (const double risk = predicted_risk(setting, p); risk < top) {
      below.push_back(p);
      below_risk.push_back(risk);
    }
  for (double p = setting.data + 1.1; p <= setting.features; p += p < 1.5 * setting.data ? 0.05 : 1)
    if (const double risk = predicted_risk(setting, p); risk < top) {
      above.push_back(p);
      above_risk.push_back(risk);
    }
  for (int p = 1; p <= setting.features; ++p) {
    at.push_back(p);
    ridge.push_back(predicted_ridge_risk(setting, p));
  }
  panel.line(1, "minimal norm", below, below_risk)
      .line(1, "", above, above_risk)
      .line(0, "best ridge", at, ridge);
  Index column = 0;
  const auto add = [&](int colour, const std::vector<int>& numbers) {
    std::vector<double> x, y, error;
    for (const int p : numbers) {
      const Estimate risk = risks.mean(column++);
      x.push_back(p);
      y.push_back(risk.value);
      error.push_back(risk.standard_error);
    }
    panel.points(colour, "", x, y, error);
  };
  add(1, numbers_of_features(setting));
  add(0, numbers_for_ridge(setting));
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/double_descent", "4.2", "Why can a perfect memoriser generalise?"};
  const auto& data = program.option("data", 40, between(24, 48), "number n of data");
  const auto& features =
      program.option("features", 200, between(100, 300), "number D of features of the rule");
  const auto& noise = program.option("noise", 0.04, between(0.01, 1.), "variance s² of the noise");
  const auto& draws = program.samples(4000, 1500, 200);
  const auto setting = [&](std::uint64_t seed) { return Setting{data, features, noise, seed}; };
  program.figure(
      "dd_curve",
      "The more features, the worse the fit, up to infinity where there are as many of them as data "
      "(dashed); then the risk falls again. Lines are theory, points regressions. The best ridge penalty has "
      "no peak.");
  program.claims([&](Claims& claims) { declare(claims, setting(0)); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting run = setting(report.seed());

    // 1. Regressions with more and more features
    const Averages risks = compare_risks(report, run, draws);

    // 2. The eigenvalues behind the ridge
    compare_large_matrices(report, std::max<std::int64_t>(8, draws / 100));

    // 3. Draw
    report.draw("dd_curve", [&] { return curve(run, risks); });
  });
}

// ## What we found
//
// With half as many features as data the risk is @value risk-20, with three quarters @value risk-30: the more the student knows, the worse
// it does. Beyond the peak, at $p=60$, it is @value risk-60, and with all 200 features @value risk-200, less than the @predicted memoriser that is
// the best without memorising. It fits every datum exactly, noise included.
//
// @figure dd_curve
//
// The peak belongs to the fit and not to the problem: with the best penalty the risk at $p=n$ is @value ridge-40, and more features are
// never worse. Half of this penalty adds @value penalty-half to the risk at $p=n$, twice as much adds @value penalty-twice.
//
// @claims
//
// ## What can go wrong
//
// Near the peak the risk has no mean, further on no variance: averages over draws look harmless and are not, hence the distance of our points.
// And the second descent is no law: with `--noise 1` the memoriser loses against the constant zero. What helps it here is that every new
// feature carries its share of the signal.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Why does gradient descent from zero find the fit of minimal norm, and from elsewhere not?
// 2. Which $p<n$ is best if $s^2=0.04$, and from which signal per feature on does a first minimum appear?
// 3. Stop gradient descent early instead of adding a penalty. Where is the peak then?
