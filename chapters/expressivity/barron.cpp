// # Which functions escape the curse of dimension?
//
// Lecture §2.1 · after ridges_and_towers · about 4 s on two cores
//
// **Question.** A sum of few ridges needs few neurons, in any dimension. Is there a large class of functions for which that is true, and what are its weights?
//
// ## The model
//
// One hidden layer of $N$ steps, on the ball $|x|\le r$ with $r=\sqrt d$, which contains the cube $[-1,1]^d$,
// $$ f_N(x)=1-\frac vN\sum_{i=1}^N s_i\,H(\omega_i\cdot x-t_i),\qquad s_i=\pm1, $$
// for the target $f(x)=e^{-|x|^2/2}$. Nothing is trained and nothing is solved for: the neurons are drawn, independently, from a law that knows the target.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/numerics/moments.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using Eigen::Index;
using Eigen::VectorXd;
using std::numbers::pi;

namespace {

// ## What theory says
//
// A Gaussian is a mean of waves, $f(x)=\langle\cos\omega\cdot x\rangle$ with $\omega\sim\mathcal N(0,1)$, and a wave is an integral over steps: for $|z|\le T$
// $$ \cos z-1=-\int_0^T\sin t\,\bigl[H(z-t)+H(-z-t)\bigr]dt. $$
// Both signs of $\omega$ are equally likely, so with $T=r|\omega|$
// $$ f(x)=1-v\,\bigl\langle\operatorname{sgn}(\sin t)\,H(\omega\cdot x-t)\bigr\rangle,\qquad (\omega,t)\sim\frac2v\,p(\omega)\,|\sin t|\quad\text{on }0<t<r|\omega|, $$
// where $v=2\langle S(r|\omega|)\rangle$ makes this a probability, and $S(z)=\int_0^z|\sin t|\,dt=2n+1-\cos(z-n\pi)$ with $n=\lfloor z/\pi\rfloor$. Draw the neurons from this
// law, and $f_N$ is an average of $N$ independent terms: unbiased at every point, with the variance
// $$ N\,\langle(f_N-f)^2\rangle=2v\,\bigl\langle S\bigl((\zeta|x|)_+\bigr)\bigr\rangle-(f-1)^2,\qquad\zeta\sim\mathcal N(0,1). $$
// Dimension enters through the constant only. Since $S(z)\le z$, the constant is bounded by the first moment of the spectrum of $f$,
// $$ v\le2rC,\qquad C=\langle|\omega|\rangle=\sqrt2\,\frac{\Gamma((d+1)/2)}{\Gamma(d/2)}, $$
// and any function whose Fourier transform has a finite first moment $C$ escapes the curse: the mean square error is at most $(2rC)^2/N$ (Barron 1993). For
// the Gaussian $C\simeq\sqrt d$. If the mean over networks is that good, some network is.
struct Problem {
  int dimension;
  double distance;  // |x| / r of the point where networks are compared

  double radius() const { return std::sqrt(dimension); }
  double length() const { return distance * radius(); }
  double target() const { return std::exp(-length() * length() / 2); }
};

double swept_sine(double z) {
  const double n = std::floor(z / pi);
  return 2 * n + 1 - std::cos(z - n * pi);
}

// An integral over $z>0$ of $S(az)$ times a density that is negligible beyond `last`: piece by piece between the kinks of $S$
template <class Density>
double average_of_swept_sine(double a, double last, Density density) {
  double sum = 0;
  for (double left = 0; left < last; left += pi / a)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        [&](double z) { return swept_sine(a * z) * density(z); }, left, std::min(last, left + pi / a), 8,
        1e-13);
  return sum;
}

// The square of the length of $\omega$ has the law $\chi^2_d$:
double predicted_weight(const Problem& problem) {
  const boost::math::chi_squared square(problem.dimension);
  return 2 * average_of_swept_sine(problem.radius(), problem.radius() + 10,
                                   [&](double z) { return 2 * z * pdf(square, z * z); });
}

double first_moment(double d) { return std::sqrt(2) * std::tgamma((d + 1) / 2) / std::tgamma(d / 2); }
double barron_bound(const Problem& problem) { return 2 * problem.radius() * first_moment(problem.dimension); }

// A neuron that is on contributes $\pm v$, so all its moments are known: with $g=\langle sH\rangle=(1-f)/v$ and $p=\langle H\rangle=\frac2v\langle S\rangle$ the even ones are $v^rp$, the odd ones $v^rg$.
std::vector<double> cumulants_of_a_step(const Problem& problem) {
  const auto density = [](double z) { return std::exp(-z * z / 2) / std::sqrt(2 * pi); };
  const double v = predicted_weight(problem), odd = (1 - problem.target()) / v,
               even = 2 / v * average_of_swept_sine(problem.length(), 10, density);
  return cumulants_from_moments(
      std::vector{1., v * odd, v * v * even, std::pow(v, 3) * odd, std::pow(v, 4) * even});
}

// Waves as neurons, $f_N=\frac1N\sum\cos\omega_i\cdot x$ (random Fourier features), do without the second step. With $e_k=\langle\cos k\omega\cdot x\rangle=e^{-k^2|x|^2/2}$ the moments of a neuron are
// $e_1$, $\frac12(1+e_2)$, $\frac14(3e_1+e_3)$ and $\frac18(3+4e_2+e_4)$, and the variance depends on $|x|$ alone,
// $$ N\,\langle(f_N-f)^2\rangle=\tfrac12\bigl(1-e^{-|x|^2}\bigr)^2. $$
std::vector<double> cumulants_of_a_wave(const Problem& problem) {
  const auto e = [&](int k) { return std::pow(problem.target(), k * k); };
  return cumulants_from_moments(
      std::vector{1., e(1), (1 + e(2)) / 2, (3 * e(1) + e(3)) / 4, (3 + 4 * e(2) + e(4)) / 8});
}

// The fourth cumulant gives the error bar. With the cumulants $\kappa_r$ of a neuron, $N(f_N-f)^2$ varies by $2\kappa_2^2+\kappa_4/N$ from network to network. An error from the
// networks themselves would know the measurement: those that make a mean square come out small make its error small as well.
double predicted_error(const std::vector<double>& cumulants, int width, std::int64_t draws) {
  const double variance = 2 * cumulants[2] * cumulants[2] + cumulants[4] / width;
  return std::sqrt(variance / static_cast<double>(draws));
}

// ## What networks do
//
// A neuron is proposed with $t$ uniform on $(0,r|\omega|)$ and accepted with probability $|\sin t|$. For that the proposal must have the density $p(\omega)|\omega|$: a uniform direction,
// and a length distributed like that of $d+1$ normals. The loop goes on until a neuron is accepted, and the share of accepted proposals is $v/2rC$: a check that costs nothing.
class StepNeurons {
 public:
  StepNeurons(std::uint64_t seed, const Problem& problem, std::uint64_t draw)
      : dimension_{problem.dimension},
        radius_{problem.radius()},
        draw_{draw},
        normal_{seed, fmt::format("normals, d = {}", dimension_)},
        uniform_{seed, fmt::format("uniforms, d = {}", dimension_)},
        normals_{2 * dimension_ + 1, batch},
        uniforms_(2 * batch) {}

  // The next neuron
  void next(VectorXd& omega, double& t) {
    while (!propose(omega, t)) continue;
  }

  // One proposal: is it accepted?
  bool propose(VectorXd& omega, double& t) {
    const std::size_t place = proposals_ % batch, size = static_cast<std::size_t>(normals_.size());
    if (place == 0) {
      normal_.normals(draw_, {normals_.data(), size}, proposals_ / batch * size);
      uniform_.uniforms(draw_, uniforms_, proposals_ / batch * uniforms_.size());
    }
    ++proposals_;
    const auto numbers = normals_.col(static_cast<Index>(place));
    const auto direction = numbers.head(dimension_);
    const double length = numbers.tail(dimension_ + 1).norm();
    omega = direction * (length / direction.norm());
    t = uniforms_[2 * place] * radius_ * length;
    return uniforms_[2 * place + 1] < std::abs(std::sin(t));
  }

 private:
  static constexpr std::size_t batch = 256;

  int dimension_;
  double radius_;
  std::uint64_t draw_;
  Stream normal_, uniform_;
  Eigen::MatrixXd normals_;  // one column a proposal
  std::vector<double> uniforms_;
  std::uint64_t proposals_ = 0;
};

// The output at x of a network with `width` neurons that have not been used before:
double step_network(StepNeurons& neurons, double weight, int width, const VectorXd& x) {
  VectorXd omega;
  double t = 0, sum = 0;
  for (int i = 0; i < width; ++i) {
    neurons.next(omega, t);
    if (omega.dot(x) > t) sum += std::sin(t) > 0 ? 1 : -1;
  }
  return 1 - weight * sum / width;
}

double wave_network(const Stream& stream, std::uint64_t draw, int width, const VectorXd& x) {
  return (gaussian_matrix(stream, draw, x.size(), width).transpose() * x).array().cos().mean();
}

// A draw is one network of each width and kind. We keep the errors, the squared errors times $N$ of steps and of waves, and the share of accepted proposals.
constexpr int proposals_of_a_draw = 64;

Averages sample(Report& report, const Problem& problem, const std::vector<int>& widths, std::int64_t draws) {
  const auto count = static_cast<Index>(widths.size());
  const VectorXd x = VectorXd::Constant(problem.dimension, problem.distance);
  const double target = std::exp(-x.squaredNorm() / 2), weight = predicted_weight(problem);
  const auto add = [&](std::uint64_t draw, Averages& averages) {
    VectorXd observed = VectorXd::Zero(3 * count + 1), omega;
    StepNeurons neurons{report.seed(), problem, draw};
    double t = 0;
    for (int i = 0; i < proposals_of_a_draw; ++i)
      observed[3 * count] += neurons.propose(omega, t) ? 1. / proposals_of_a_draw : 0;
    for (Index k = 0; k < count; ++k) {
      const int width = widths[static_cast<std::size_t>(k)];
      const Stream waves{report.seed(), fmt::format("waves, d = {}, N = {}", problem.dimension, width)};
      observed[k] = step_network(neurons, weight, width, x) - target;
      observed[count + k] = width * observed[k] * observed[k];
      const double error = wave_network(waves, draw, width, x) - target;
      observed[2 * count + k] = width * error * error;
    }
    averages.add(observed);
  };
  return merged(sample_draws(report, fmt::format("networks in {} dimensions", problem.dimension), draws,
                             Averages{3 * count + 1}, add));
}

// ## The claims
void declare(Claims& claims, const std::vector<int>& dimensions, const std::vector<int>& widths) {
  for (const int d : dimensions) {
    for (const int n : widths) {
      claims.statistical(fmt::format("unbiased-{}d-{}", d, n), "UA7",
                         fmt::format("steps, $d={}$, $N={}$: the mean of $f_N-f$", d, n));
      claims.statistical(fmt::format("steps-{}d-{}", d, n), "UA8",
                         fmt::format("steps, $d={}$, $N={}$: $N\\langle(f_N-f)^2\\rangle$", d, n));
      claims.statistical(fmt::format("waves-{}d-{}", d, n), "UA12",
                         fmt::format("waves, $d={}$, $N={}$: $N\\langle(f_N-f)^2\\rangle$", d, n));
    }
    claims
        .statistical(fmt::format("acceptance-{}d", d), "UA8",
                     fmt::format("$d={}$: the share of accepted proposals is $v/2rC$", d))
        .independent();
    claims.scaling(fmt::format("rate-{}d", d), "UA9",
                   fmt::format("steps, $d={}$: the RMS error falls with $N^{{-1/2}}$", d), 0.03);
    claims.bound(fmt::format("bound-{}d", d), "UA10",
                 fmt::format("$d={}$, the largest over $N$: $N\\langle(f_N-f)^2\\rangle\\le(2rC)^2$", d),
                 Side::below);
    claims.bound(fmt::format("weight-{}d", d), "UA10", fmt::format("$d={}$: $v\\le2rC$ (no network)", d),
                 Side::below);
  }
}

// ## The experiment, step by step
void compare(Report& report, const Problem& problem, const std::vector<int>& widths,
             const Averages& averages) {
  const int d = problem.dimension;
  const auto count = static_cast<Index>(widths.size());
  const double bound = barron_bound(problem);
  const std::vector<double> step = cumulants_of_a_step(problem), wave = cumulants_of_a_wave(problem);
  std::vector<Estimate> squares;
  Estimate largest;
  for (Index k = 0; k < count; ++k) {
    const int n = widths[static_cast<std::size_t>(k)];
    const Estimate steps{averages.means()[count + k], predicted_error(step, n, averages.count())};
    const Estimate waves{averages.means()[2 * count + k], predicted_error(wave, n, averages.count())};
    if (steps.value > largest.value) largest = steps;
    squares.push_back(steps.times(1. / n));
    report.compare(fmt::format("unbiased-{}d-{}", d, n), 0, averages.mean(k));
    report.compare(fmt::format("steps-{}d-{}", d, n), step[2], steps);
    report.compare(fmt::format("waves-{}d-{}", d, n), wave[2], waves);
  }
  const Fit fit = fit_power_law(std::vector<double>{widths.begin(), widths.end()}, squares);
  report.compare(fmt::format("rate-{}d", d), -0.5, fit[1].times(0.5));
  report.compare(fmt::format("acceptance-{}d", d), predicted_weight(problem) / bound,
                 averages.mean(3 * count));
  report.compare(fmt::format("bound-{}d", d), bound * bound, largest);
  report.compare(fmt::format("weight-{}d", d), bound, predicted_weight(problem));
}

// ## The figures
Panel map_of_network(int width, std::uint64_t seed) {
  const Problem plane{2, 1};
  StepNeurons neurons{seed, plane, 0};
  std::vector<std::pair<VectorXd, double>> layer(static_cast<std::size_t>(width), {VectorXd{2}, 0});
  for (auto& [omega, t] : layer) neurons.next(omega, t);
  const double weight = predicted_weight(plane) / width;
  return map_of(fmt::format("N = {}", width), -1, 1, [&](double x, double y) {
    double sum = 1;
    for (const auto& [omega, t] : layer)
      if (omega[0] * x + omega[1] * y > t) sum -= std::sin(t) > 0 ? weight : -weight;
    return sum;
  });
}

Panel rates(const std::vector<Problem>& problems, const std::vector<int>& widths,
            const std::vector<Averages>& averages) {
  const std::vector<double> n{widths.begin(), widths.end()};
  Panel panel;
  panel.x_axis({"neurons N", true, 0.8 * n.front(), 1.25 * n.back()})
      .y_axis({"RMS error of steps", true})
      .legend("bottom left");
  for (std::size_t p = 0; p < problems.size(); ++p) {
    const double variance = cumulants_of_a_step(problems[p])[2];
    std::vector<double> theory, bound;
    std::vector<Estimate> measured;
    for (std::size_t k = 0; k < n.size(); ++k) {
      theory.push_back(std::sqrt(variance / n[k]));
      bound.push_back(barron_bound(problems[p]) / std::sqrt(n[k]));
      measured.push_back(averages[p].mean(static_cast<Index>(n.size() + k)).times(1 / n[k]).root());
    }
    const int colour = static_cast<int>(p);
    panel.line(colour, fmt::format("d = {}", problems[p].dimension), n, theory)
        .guide(p == 0 ? "Barron's bounds" : "", n, bound);
    draw_estimates(panel, colour, "", n, measured);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/barron", "2.1", "Which functions escape the curse of dimension?"};
  const auto& dimensions =
      program.list("dimensions", std::vector{1, 2, 4, 8}, between(1, 16), "dimensions d");
  const auto& distance = program.option("distance", 1 / std::sqrt(3.), between(0.1, 1.),
                                        "distance |x|/r of the point from the centre");
  const auto& widths = program.list("widths", std::vector{50, 100, 200, 400, 800, 1600}, between(10, 4096),
                                    "widths N, at least three", "neurons");
  const auto& draws = program.samples(2000, 600, 200);
  program.validate([&] {
    if (widths.size() < 3)
      throw BadOption{"widths", fmt::format("{} values", widths.size()), "at least three widths"};
  });
  program.figure("barron_networks",
                 "The Gaussian on a square, and networks of steps drawn from Barron's law. Every neuron is a "
                 "straight cut through the square, if it meets it; their average is the function.");
  program.figure("barron_rates",
                 "The RMS error at a point against the width, with exact predictions as lines and Barron's "
                 "bounds dashed: the slope is $-1/2$ in every dimension.");
  program.claims([&](Claims& claims) { declare(claims, dimensions, widths); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Draw networks in each dimension, and compare
    std::vector<Problem> problems;
    std::vector<Averages> averages;
    for (const int d : dimensions) {
      problems.push_back({d, distance});
      averages.push_back(sample(report, problems.back(), widths, draws));
      compare(report, problems.back(), widths, averages.back());
    }

    // 2. Draw
    report.draw("barron_networks", [&] {
      const Panel target =
          map_of("target", -1, 1, [](double x, double y) { return std::exp(-(x * x + y * y) / 2); });
      return Figure{
          {target, map_of_network(50, report.seed()), map_of_network(3200, report.seed())}, 3, 320, 300};
    });
    report.draw("barron_rates", [&] { return Figure{{rates(problems, widths, averages)}}; });
  });
}

// ## What we found
//
// In one dimension $N\langle(f_N-f)^2\rangle$ is @value steps-1d-200, in eight @value steps-8d-200, where Barron's bound is @predicted bound-8d; the exponents of the RMS error are
// @value rate-1d and @value rate-8d.
//
// @figure barron_networks
//
// The price of dimension is in the constant: Barron's bound grows like $(2rC)^2\simeq4d^2$, the variance itself, at a fixed $|x|/r$, only like $v|x|\propto d^{3/2}$, for few neurons are on at a point; a grid pays exponentially. Waves instead of steps have the variance
// @value waves-8d-200 in eight dimensions. The law of their neurons is the spectrum of the target itself.
//
// @figure barron_rates
//
// @claims
//
// ## What can go wrong
//
// A proposal from the Gaussian itself, without the weight $|\omega|$, gives networks that converge to another function. And the class is smaller than it looks: square-integrable
// derivatives ensure $C<\infty$ only if there are more than $d/2+1$ of them. In many dimensions $f$ is nearly zero on most of the ball, while the error is small on
// the scale of $v$, not of $f$.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Derive the integral over steps for $\cos z-1$, and the one over ReLUs by integrating it once more.
// 2. For which $x$ is the variance of the step network largest? Try `--distance 1`.
// 3. The rate of a mean is $N^{-1/2}$. Which gain do you expect from neurons that avoid each other (stratified $t$)?
