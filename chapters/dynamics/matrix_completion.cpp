// # Why does depth prefer low rank?
//
// Lecture §4.3 · after learning_in_stages · about 4 s on two cores
//
// **Question.** Two thirds of a matrix are hidden. Any filling fits the data perfectly, and the loss says nothing of which is right. Still a
// product of three matrices, trained on what is visible, finds the hidden part. Who told it?
//
// ## The model
//
// A matrix $M$ of rank $r$, $n\times n$, with $\|M\|_F=n$. Each entry is observed with probability $p$; the set of the observed ones is $\Omega$.
// A deep linear network is trained on them alone, by gradient descent from small random factors,
// $$ \ell=\tfrac12\sum_{(i,j)\in\Omega}(W_{ij}-M_{ij})^2,\qquad W=W_L\cdots W_1,\qquad (W_l)_{ij}\sim\mathcal N(0,s^{2/L}/n). $$
// No factor is narrower than $n$: every matrix can be represented, nothing but the dynamics distinguishes low rank. The test error is that of the
// unobserved entries, $\|W-M\|_{\bar\Omega}/\|M\|_{\bar\Omega}$; the effective rank is the exponential of the entropy of the normalised singular
// values.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/singular_values.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/deep_linear.hpp>

#include <fmt/format.h>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const std::vector<int> depths{1, 2, 3};

struct Setting {
  int size, rank;
  double observed, start;
  std::uint64_t seed;

  // A matrix of rank r has r(2n - r) parameters
  double data_per_parameter() const { return observed * size * size / (rank * (2 * size - rank)); }
};

// ## What theory says
//
// With one factor there is no depth: the gradient of an unobserved entry is exactly zero. It keeps its initial value forever, and the test error
// stays what it was, one. An observed entry is left with $(1-\eta)^k$ of its error after $k$ steps.
MatrixXd one_factor_after(const MatrixXd& start, const MatrixXd& target, const MatrixXd& mask, double eta,
                          int steps) {
  const MatrixXd kept = mask.unaryExpr([&](double seen) { return seen > 0 ? std::pow(1 - eta, steps) : 1.; });
  return target.cwiseProduct(MatrixXd::Ones(mask.rows(), mask.cols()) - kept) + start.cwiseProduct(kept);
}

// With more factors the singular values of $W=\sum_k\sigma_ku_kv_k^T$ move by themselves (Arora, Cohen, Hu and Luo 2019): for balanced factors
// $$ \dot\sigma_k=-L\,\sigma_k^{2-2/L}\;u_k^T\frac{\partial\ell}{\partial W}v_k . $$
// The loss decides the direction, but the speed is a power of what is there already: $1$ for one factor, $\sigma$ for two,
// $\sigma^{4/3}$ for three. Large singular values run away from small ones, which never get up before the data are fitted.
VectorXd predicted_growth(const MatrixXd& w, const MatrixXd& slope, int depth) {
  const auto [u, sigma, v] = singular_value_decomposition(w);
  const VectorXd push = (u.transpose() * slope * v).diagonal();
  const VectorXd speed = sigma.unaryExpr([&](double s) { return depth * std::pow(s, 2 - 2. / depth); });
  return -speed.cwiseProduct(push);
}

// ## What networks do
//
// A task is a matrix and what is seen of it.
struct Task {
  MatrixXd target, mask, hidden;

  MatrixXd slope(const MatrixXd& w) const { return mask.cwiseProduct(w - target); }
  double training_error(const MatrixXd& w) const {
    return slope(w).norm() / mask.cwiseProduct(target).norm();
  }
  double test_error(const MatrixXd& w) const {
    return hidden.cwiseProduct(w - target).norm() / hidden.cwiseProduct(target).norm();
  }
};

Task task_of(const Setting& setting, std::uint64_t draw) {
  const Index n = setting.size;
  Task task;
  task.target = gaussian_matrix(Stream{setting.seed, "left part"}, draw, n, setting.rank) *
                gaussian_matrix(Stream{setting.seed, "right part"}, draw, setting.rank, n);
  task.target *= setting.size / task.target.norm();
  MatrixXd lots(n, n);
  Stream{setting.seed, "which entries are observed"}.uniforms(
      draw, {lots.data(), static_cast<std::size_t>(lots.size())});
  task.mask = lots.unaryExpr([&](double lot) { return lot < setting.observed ? 1. : 0.; });
  task.hidden = MatrixXd::Ones(n, n) - task.mask;
  return task;
}

DeepLinear network_of(const Setting& setting, int depth, std::uint64_t draw) {
  const double deviation = std::pow(setting.start, 1. / depth) / std::sqrt(setting.size);
  std::vector<MatrixXd> factors;
  for (int l = 1; l <= depth; ++l)
    factors.emplace_back(deviation *
                         gaussian_matrix(Stream{setting.seed, fmt::format("{} factors: {}", depth, l)}, draw,
                                         setting.size, setting.size));
  return DeepLinear{std::move(factors)};
}

double effective_rank(const VectorXd& sigma) {
  const double sum = sigma.sum();
  double entropy = 0;
  for (const double s : sigma)
    if (s > 0) entropy -= s / sum * std::log(s / sum);
  return std::exp(entropy);
}

// All depths are compared at equal training error, $3\cdot10^{-3}$; the step is $\eta=0.3/(L\|M\|^{2-2/L})$, stable at the largest singular value.
constexpr double enough = 0.003;
constexpr int most_steps = 40000;

double step_size(const Task& task, int depth) {
  return 0.3 / (depth * std::pow(singular_values(task.target)[0], 2 - 2. / depth));
}

// `look(k, W)` sees the product before the steps of `checkpoints`, and what came out from the end of training on.
const std::vector<int> checkpoints{0,   3,   10,  20,   30,   50,   80,   120,  200,
                                   300, 500, 800, 1200, 2000, 3000, 5000, 8000, 12000};

template <class Look>
int train(const Task& task, DeepLinear& network, Look look) {
  const double eta = step_size(task, network.depth()),
               goal = enough * task.mask.cwiseProduct(task.target).norm();
  MatrixXd slope;
  std::size_t next = 0;
  int step = 0;
  for (; step < most_steps; ++step) {
    slope = task.slope(network.product());
    if (slope.norm() <= goal) break;
    if (next < checkpoints.size() && step == checkpoints[next]) look(next++, network.product());
    network.descend(slope, eta);
  }
  for (; next < checkpoints.size(); ++next) look(next, network.product());
  return step;
}

// Every task is given to all depths. Test errors are averaged as logarithms: *typical* means the geometric mean.
struct Course {
  Averages test_errors{static_cast<Index>(checkpoints.size())};  // logarithms
  Averages ranks{static_cast<Index>(checkpoints.size())};
  Averages spectrum{1};

  void merge(const Course& other) {
    test_errors.merge(other.test_errors);
    ranks.merge(other.ranks);
    spectrum.merge(other.spectrum);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& test_errors& ranks& spectrum;
  }
};

struct Courses {
  std::vector<Course> depths;
  Averages comparisons{
      4};  // ln of the ratios of test errors 2:1 and 3:2, 1 if both are below 1/2, 1 if all are trained
  double one_factor = 0;  // the worst difference from what theory says of one factor

  void merge(const Courses& other) {
    for (std::size_t d = 0; d < depths.size(); ++d) depths[d].merge(other.depths[d]);
    comparisons.merge(other.comparisons);
    one_factor = std::max(one_factor, other.one_factor);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& depths& comparisons& one_factor;
  }
};

void measure(const Setting& setting, std::uint64_t draw, Courses& courses) {
  const Task task = task_of(setting, draw);
  VectorXd last(3);
  bool all_trained = true;
  for (std::size_t d = 0; d < depths.size(); ++d) {
    const DeepLinear start = network_of(setting, depths[d], draw);
    DeepLinear network = start;
    VectorXd errors(static_cast<Index>(checkpoints.size())), ranks = errors;
    const int steps = train(task, network, [&](std::size_t k, const MatrixXd& w) {
      errors[static_cast<Index>(k)] = std::log(task.test_error(w));
      ranks[static_cast<Index>(k)] = effective_rank(singular_values(w));
    });
    all_trained = all_trained && steps < most_steps;
    courses.depths[d].test_errors.add(errors);
    courses.depths[d].ranks.add(ranks);
    courses.depths[d].spectrum.add(singular_values(network.product()));
    last[static_cast<Index>(d)] = std::log(task.test_error(network.product()));
    if (depths[d] > 1) continue;
    const MatrixXd theory =
        one_factor_after(start.product(), task.target, task.mask, step_size(task, 1), steps);
    courses.one_factor = std::max(courses.one_factor, (network.product() - theory).cwiseAbs().maxCoeff());
  }
  const double second = last[1] - last[0], third = last[2] - last[1], half = std::log(0.5);
  courses.comparisons.add(
      Eigen::Vector4d{second, third, second < half && third < half ? 1. : 0., all_trained ? 1. : 0.});
}

Estimate typical(const Estimate& logarithm) {
  return {std::exp(logarithm.value), std::exp(logarithm.value) * logarithm.standard_error};
}

const Index at_the_end = static_cast<Index>(checkpoints.size()) - 1;

// The growth of the singular values, measured by a central difference along the flow of balanced factors:
double error_of_growth(std::uint64_t seed, int depth) {
  constexpr Index size = 6;
  constexpr double h = 1e-6;
  const Task task = task_of({size, 2, 0.5, 0, seed}, static_cast<std::uint64_t>(depth));
  std::vector<MatrixXd> frames;
  for (int l = 0; l <= depth; ++l)
    frames.push_back(orthonormal_columns(Stream{seed, fmt::format("frame {}", l)},
                                         static_cast<std::uint64_t>(depth), size, size));
  const DeepLinear network = balanced_network(frames, VectorXd::LinSpaced(size, 2, 0.2));
  const MatrixXd slope = task.slope(network.product());
  DeepLinear later = network, earlier = network;
  later.descend(slope, h);
  earlier.descend(slope, -h);
  const VectorXd measured = (singular_values(later.product()) - singular_values(earlier.product())) / (2 * h);
  return (measured - predicted_growth(network.product(), slope, depth)).cwiseAbs().maxCoeff();
}

// ## The claims
//
// What one factor does, and how singular values grow, is theory. How much better depth is, is an experiment and no theorem: its bounds
// are for tasks with two and a half to six data for every parameter of a matrix of rank $r$, which has $r(2n-r)$.
std::string why_no_bounds(const Setting& setting) {
  const double data = setting.data_per_parameter();
  if (data < 2.5 || data > 6)
    return fmt::format("{:.2g} data for each parameter; known between 2.5 and 6", data);
  if (setting.start > 0.01) return "initial weights above 0.01: the order is that of small ones";
  return "";
}

void declare(Claims& claims, const Setting& setting) {
  claims.exact("one-factor", "L8",
               "one factor: unobserved entries stay, observed ones approach as $(1-\\eta)^k$; worst entry",
               absolute(1e-10));
  claims.exact("test-error-1", "L8", "one factor: the typical test error is 1", absolute(0.01));
  for (const int depth : depths)
    claims.exact(
        fmt::format("growth-{}", depth), "L10",
        fmt::format("$L={}$, balanced: singular values grow at the rate of their own law, worst one", depth),
        absolute(1e-6));
  const auto bound = [&](const char* id, const char* code, const std::string& statement, Side side) {
    const std::string reason = why_no_bounds(setting);
    if (reason.empty())
      claims.bound(id, code, statement, side);
    else
      claims.leave_out(id, code, reason);
  };
  bound("trained", "L9", "share of the tasks on which all depths reach the same training error", Side::above);
  bound("ratio-2-1", "L9", "two factors against one: typical ratio of the test errors", Side::below);
  bound("ratio-3-2", "L9", "three factors against two: typical ratio of the test errors", Side::below);
  bound("order", "L9", "share of the tasks on which both ratios are below one half", Side::above);
  bound("rank-1", "L10", "one factor: effective rank", Side::above);
  bound("rank-2", "L10", "two factors: effective rank, below $r+3$", Side::below);
  bound("rank-3", "L10", "three factors: effective rank, below $r+1/2$", Side::below);
}

// ## The experiment, step by step
void compare(Report& report, const Setting& setting, const Courses& courses) {
  report.compare("one-factor", 0, courses.one_factor);
  report.compare("test-error-1", 1, typical(courses.depths[0].test_errors.mean(at_the_end)).value);
  for (const int depth : depths)
    report.compare(fmt::format("growth-{}", depth), 0, error_of_growth(report.seed(), depth));
  if (!why_no_bounds(setting).empty()) return;
  report.compare("trained", 0.9, courses.comparisons.mean(3));
  report.compare("ratio-2-1", 0.5, typical(courses.comparisons.mean(0)));
  report.compare("ratio-3-2", 0.5, typical(courses.comparisons.mean(1)));
  report.compare("order", 0.75, courses.comparisons.mean(2));
  const double bounds[] = {10, setting.rank + 3., setting.rank + 0.5};
  for (std::size_t d = 0; d < depths.size(); ++d)
    report.compare(fmt::format("rank-{}", depths[d]), bounds[d], courses.depths[d].ranks.mean(at_the_end));
}

// ## The figures
std::string factors(int depth) {
  return depth == 1 ? "one factor" : depth == 2 ? "two factors" : "three factors";
}

Figure course_figure(const Setting& setting, const Courses& courses) {
  Panel errors, ranks;
  const double last = 1.2 * checkpoints.back();
  errors.x_axis({"step", true, 2, last}).y_axis({"test error", true, 0.005, 3}).legend("bottom left");
  ranks.x_axis({"step", true, 2, last})
      .y_axis({"effective rank", false, 0, 0.9 * setting.size})
      .legend("off");
  errors.line(0, "", {2, last}, {1, 1});
  ranks.guide("", {2, last}, {static_cast<double>(setting.rank), static_cast<double>(setting.rank)});
  for (std::size_t d = 0; d < depths.size(); ++d) {
    const Course& course = courses.depths[d];
    std::vector<double> at, error, error_bar, rank, rank_bar;
    for (std::size_t k = 1; k < checkpoints.size(); ++k) {
      const auto i = static_cast<Index>(k);
      at.push_back(checkpoints[k]);
      error.push_back(typical(course.test_errors.mean(i)).value);
      error_bar.push_back(typical(course.test_errors.mean(i)).standard_error);
      rank.push_back(course.ranks.mean(i).value);
      rank_bar.push_back(course.ranks.mean(i).standard_error);
    }
    errors.points(static_cast<int>(d), factors(depths[d]), at, error, error_bar);
    ranks.points(static_cast<int>(d), factors(depths[d]), at, rank, rank_bar);
  }
  return {{errors, ranks}, 2, 520, 400};
}

Figure spectrum_figure(const Setting& setting, const Courses& courses) {
  Panel panel;
  panel.x_axis({"number k", false, 0, setting.size + 1.})
      .y_axis({"singular values σ_k at the end", true, 1e-5, 2. * setting.size})
      .legend("bottom left")
      .guide("rank of the matrix", {setting.rank + 0.5, setting.rank + 0.5}, {1e-5, 2. * setting.size});
  std::vector<double> number(static_cast<std::size_t>(setting.size));
  std::iota(number.begin(), number.end(), 1);
  for (std::size_t d = 0; d < depths.size(); ++d) {
    std::vector<double> value, bar;
    for (Index k = 0; k < setting.size; ++k) {
      value.push_back(courses.depths[d].spectrum.mean(k).value);
      bar.push_back(courses.depths[d].spectrum.mean(k).standard_error);
    }
    panel.points(static_cast<int>(d), factors(depths[d]), number, value, bar);
  }
  return {{panel}};
}

// One task in pictures, with rows and columns in the order of the strongest singular vectors of $M$:
std::vector<Index> ascending(const VectorXd& vector) {
  std::vector<Index> places(static_cast<std::size_t>(vector.size()));
  std::iota(places.begin(), places.end(), Index{0});
  std::sort(places.begin(), places.end(), [&](Index a, Index b) { return vector[a] < vector[b]; });
  return places;
}

Figure pictures(const Setting& setting) {
  const Task task = task_of(setting, 0);
  const SingularValueDecomposition target = singular_value_decomposition(task.target);
  const auto rows = ascending(target.u.col(0)), columns = ascending(target.v.col(0));
  std::vector<double> number(static_cast<std::size_t>(setting.size));
  std::iota(number.begin(), number.end(), 1);
  std::vector<Panel> panels;
  const auto show = [&](const std::string& title, const MatrixXd& w) {
    const double end = setting.size + 0.5;
    panels.push_back(Panel{title});
    panels.back()
        .x_axis({"", false, 0.5, end})
        .y_axis({"", false, 0.5, end})
        .legend("off")
        .heat_map("", number, number, w(rows, columns).cwiseMax(-3).cwiseMin(3));
  };
  show("the matrix M", task.target);
  for (const int depth : depths) {
    DeepLinear network = network_of(setting, depth, 0);
    train(task, network, [](std::size_t, const MatrixXd&) {});
    show(fmt::format("{}: test error {:.2g}", factors(depth), task.test_error(network.product())),
         network.product());
  }
  return {panels, 4, 300, 300};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/matrix_completion", "4.3", "Why does depth prefer low rank?"};
  const auto& size = program.option("size", 30, between(25, 40), "rows and columns n of the matrix");
  const auto& rank = program.option("rank", 2, between(1, 3), "rank r of the matrix");
  const auto& observed =
      program.option("observed", 0.35, between(0.2, 0.5), "probability p that an entry is observed");
  const auto& start =
      program.option("initial-size", 0.01, between(1e-3, 0.1), "size s of the product at the start");
  const auto& draws = program.samples(48, 12, 6);
  const auto setting = [&](std::uint64_t seed) { return Setting{size, rank, observed, start, seed}; };
  program.figure(
      "ln_pictures",
      "A matrix, and what is made of the same few of its entries: one factor fills in nothing, two "
      "get the large features, three find what was hidden. Rows and columns are sorted; values beyond ±3 are "
      "cut.");
  program.figure(
      "ln_completion",
      "All depths come to fit the data equally well. The test error falls where the effective rank "
      "falls, and with three factors that is the rank of the matrix (dashed).");
  program.figure("ln_spectrum",
                 "Mean singular values after training: depth separates those that are needed from those that "
                 "are not.");
  program.claims([&](Claims& claims) { declare(claims, setting(0)); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting run = setting(report.seed());

    // 1. Every task for every depth
    Courses empty;
    empty.depths.assign(depths.size(), Course{.spectrum = Averages{run.size}});
    const Courses courses =
        merged(sample_draws(report, "matrices to complete", draws, empty,
                            [&](std::uint64_t draw, Courses& all) { measure(run, draw, all); }));

    // 2. Theory and bounds
    compare(report, run, courses);

    // 3. Draw
    report.draw("ln_pictures", [&] { return pictures(run); });
    report.draw("ln_completion", [&] { return course_figure(run, courses); });
    report.draw("ln_spectrum", [&] { return spectrum_figure(run, courses); });
  });
}

// ## What we found
//
// @figure ln_pictures
//
// All three networks have seen the same entries, fit them equally well, and could have become any matrix. One factor leaves the
// hidden entries as they were, and its test error is @value test-error-1. Two factors bring the test error down to
// @value ratio-2-1 of that, and three to @value ratio-3-2 of what two have. The effective ranks are @value rank-1, @value rank-2 and
// @value rank-3.
//
// @figure ln_completion
//
// This is the staircase of [the program before](learning_in_stages.cpp), cut short: large singular values come first, and when they have
// fitted what is visible nothing pushes the others. The law of growth that makes them wait holds for balanced networks of every depth. That
// the result is the right matrix is not in the law: it prefers low rank, and the world happened to be of low rank.
//
// @figure ln_spectrum
//
// @claims
//
// ## What can go wrong
//
// Compare depths at equal training error: stopped at equal numbers of steps, the deepest network looks worst, because it waits longest. Large
// initial weights spoil the effect, for then all singular values are up before the data have spoken (`--initial-size 0.1`), and with two
// data or fewer for each parameter the hidden entries are hardly determined even for somebody who knows the rank.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Why does weight decay on two factors, $\|W_1\|_F^2+\|W_2\|_F^2$, prefer low rank, and why does weight decay on one not?
// 2. At which step has each network fitted its first singular value? Compare with the half times of the program before.
// 3. Take a target of full rank whose singular values fall like $1/k^2$. What does a deep network make of it?
