// # In which order does a deep network learn?
//
// Lecture §4.3 · after linear_networks · about 1 s on two cores
//
// **Question.** A deep linear network ends where a single matrix would end. On the way there its loss stands still, falls, stands still
// and falls again. What is it learning in each of these stages, and when?
//
// ## The model
//
// A deep linear network $f(x)=W_L\cdots W_1x$ under gradient flow on $\ell=\frac12\|W-M\|_F^2$, $W=W_L\cdots W_1$, whose target has the singular value
// decomposition $M=\sum_k\sigma_ku_kv_k^T$. The modes $s_k=u_k^TWv_k$ start from $s_0$ and have to grow to $\sigma_k$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/deep_linear.hpp>

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// ## What theory says: one mode at a time
//
// If all factors have the singular vectors of the target, they keep them, and every mode goes its own way (Saxe, McClelland and Ganguli
// 2014),
// $$ \dot s=L\,s^{2-2/L}(\sigma-s). $$
// Each of the $L$ factors contributes $s^{1/L}$, and moves in proportion to what all the others let through: $s^{1-1/L}$ for its
// gradient, as much again for what becomes of it. In the variable $x=\ln\frac s{\sigma-s}$ this is $\dot x=L\sigma\,s^{1-2/L}$, so that
// $$ t=\frac1{L\sigma}\int_{x(s_0)}^{x(s)}s(x')^{\frac2L-1}\,dx',\qquad s(x)=\frac\sigma{1+e^{-x}}, $$
// an integral without any singularity.
struct Mode {
  double sigma, start;
  int depth;

  double position(double s) const { return std::log(s / (sigma - s)); }
  double value(double x) const { return sigma / (1 + std::exp(-x)); }

  double time_between(double from, double to) const {
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
    const auto slowness = [&](double x) { return std::pow(value(x), 2. / depth - 1) / (depth * sigma); };
    return Quadrature::integrate(slowness, from, to, 15, 1e-13);
  }

  double time_to_reach(double s) const { return time_between(position(start), position(s)); }
  double half_time() const { return time_to_reach(sigma / 2); }

  // The mode at time t: the integral solved for its upper end
  double at(double t) const {
    const double from = position(start);
    double far = from + 1;
    while (time_between(from, far) < t) far += far - from;
    std::uintmax_t iterations = 100;
    const auto [low, high] =
        boost::math::tools::toms748_solve([&](double x) { return time_between(from, x) - t; }, from, far,
                                          boost::math::tools::eps_tolerance<double>(46), iterations);
    return value((low + high) / 2);
  }
};

// Two depths have closed forms. One matrix learns all modes at the same time, $s=\sigma-(\sigma-s_0)e^{-t}$. Two factors make
// $s=\sigma/(1+(\sigma/s_0-1)e^{-2\sigma t})$: after a wait of $\frac{\ln(\sigma/s_0-1)}{2\sigma}$ for half of it, the mode appears as
// suddenly as a population in an empty country. From three layers on the wait is a power, $\propto s_0^{-(1-2/L)}$.
double half_time_of_one_matrix(double sigma, double start) { return std::log(2 * (sigma - start) / sigma); }
double half_time_of_two_factors(double sigma, double start) {
  return std::log(sigma / start - 1) / (2 * sigma);
}

// ## What theory says: from small random weights
//
// Nothing is aligned when the entries of $W_1$ and $W_2$ are $\epsilon N(0,1)$. As long as $W$ is small, the row $a_k=W_2^Tu_k$ and the column
// $w_k=W_1v_k$, two vectors of the hidden space, obey $\dot w_k=\sigma_ka_k$, $\dot a_k=\sigma_kw_k$: only their sum grows, and they align by
// themselves. Then $s_k=a_k\cdot w_k=\frac14|w_k+a_k|^2e^{2\sigma_kt}$, as if the mode had started from $s_0=\epsilon^2\chi^2/2$, with
// $\chi^2$ of $N$ degrees of freedom. One is lost for every stronger mode: it has taken a direction of the hidden space, and what others had
// there dies out. So the half times of small random networks are on average
// $$ \langle2\sigma_kt_k\rangle=2\ln\frac1\epsilon+\ln\sigma_k-\psi\Bigl(\frac{N-k+1}2\Bigr),\qquad k=1,2,\dots $$
double predicted_wait(double sigma, double scale, int width, Index mode) {
  return 2 * std::log(1 / scale) + std::log(sigma) -
         boost::math::digamma((width - static_cast<double>(mode)) / 2);
}

// ## What networks do
//
// The flow of all factors is followed by an adaptive integrator. It knows nothing of modes: these are read off the product,
// on a grid of times, and where they pass half of their value.
struct Target {
  MatrixXd u, v;
  VectorXd sigma;

  MatrixXd matrix() const { return u * sigma.asDiagonal() * v.transpose(); }
  VectorXd modes(const MatrixXd& w) const { return (u.transpose() * w * v).diagonal(); }
};

Target random_target(std::uint64_t seed, std::uint64_t draw, Index size, const std::vector<double>& sigma) {
  const auto count = static_cast<Index>(sigma.size());
  return {orthonormal_columns(Stream{seed, "left singular vectors"}, draw, size, count),
          orthonormal_columns(Stream{seed, "right singular vectors"}, draw, size, count),
          Eigen::Map<const VectorXd>(sigma.data(), count)};
}

struct History {
  std::vector<VectorXd> modes;  // at the times asked for
  std::vector<double> losses;
  VectorXd half_times;
};

History follow(DeepLinear start, const Target& target, const std::vector<double>& times, double tolerance) {
  const MatrixXd matrix = target.matrix();
  FlowPath path{std::move(start), matrix, tolerance};
  const auto modes = [&](double t) { return target.modes(path.at(t).product()); };
  History history;
  history.half_times = VectorXd::Zero(target.sigma.size());
  VectorXd before = modes(0);
  std::size_t next = 0;
  while (next < times.size() || (history.half_times.array() == 0).any()) {
    const auto [from, to] = path.step();
    const VectorXd after = modes(to);
    for (; next < times.size() && times[next] <= to; ++next) {
      const MatrixXd w = path.at(times[next]).product();
      history.modes.push_back(target.modes(w));
      history.losses.push_back((w - matrix).squaredNorm() / 2);
    }
    for (Index k = 0; k < after.size(); ++k) {
      const double half = target.sigma[k] / 2;
      if (history.half_times[k] != 0 || after[k] < half || before[k] >= half) continue;
      std::uintmax_t iterations = 100;
      const auto [low, high] = boost::math::tools::toms748_solve(
          [&](double t) { return modes(t)[k] - half; }, from, to, before[k] - half, after[k] - half,
          boost::math::tools::eps_tolerance<double>(40), iterations);
      history.half_times[k] = (low + high) / 2;
    }
    before = after;
  }
  return history;
}

// An aligned network: its first and last factor turn into and out of the singular vectors, those between are diagonal.
DeepLinear aligned_network(const Target& target, int depth, double start) {
  const Index count = target.sigma.size();
  std::vector<MatrixXd> frames(static_cast<std::size_t>(depth) + 1, MatrixXd::Identity(count, count));
  frames.front() = target.v;
  frames.back() = target.u;
  return balanced_network(frames, VectorXd::Constant(count, start));
}

// Small random networks: half times of all modes from weights of several sizes, every size with the same Gaussian numbers.
struct Setting {
  std::vector<double> sigma;
  double start;
  std::vector<int> depths;
  int width;
  std::vector<double> scales;
  std::uint64_t seed;

  Index modes() const { return static_cast<Index>(sigma.size()); }
  Index column(std::size_t scale, Index mode) const { return static_cast<Index>(scale) * modes() + mode; }
};

struct RandomStarts {
  Averages waits;     // 2 sigma_k t_k, scale after scale
  Averages slopes;    // of sigma_k t_k against ln(1/scale), mode after mode
  Averages disorder;  // 1 where a weaker mode came first, at the smallest scale

  void merge(const RandomStarts& other) {
    waits.merge(other.waits);
    slopes.merge(other.slopes);
    disorder.merge(other.disorder);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& waits& slopes& disorder;
  }
};

void measure(const Setting& setting, std::uint64_t draw, RandomStarts& starts) {
  const Index n = setting.width, modes = setting.modes();
  const Target target = random_target(setting.seed, draw + 1, n, setting.sigma);
  const MatrixXd first = gaussian_matrix(Stream{setting.seed, "first layer"}, draw, n, n);
  const MatrixXd second = gaussian_matrix(Stream{setting.seed, "second layer"}, draw, n, n);
  MatrixXd waits(modes, static_cast<Index>(setting.scales.size()));
  VectorXd logarithms(waits.cols());
  for (Index i = 0; i < waits.cols(); ++i) {
    const double scale = setting.scales[static_cast<std::size_t>(i)];
    logarithms[i] = -std::log(scale);
    const History history = follow(DeepLinear{{scale * first, scale * second}}, target, {}, 1e-9);
    waits.col(i) = 2 * target.sigma.cwiseProduct(history.half_times);
  }
  const VectorXd half_times = waits.rightCols(1).cwiseQuotient(target.sigma);
  starts.waits.add(waits.reshaped());
  const VectorXd centred = logarithms.array() - logarithms.mean();
  starts.slopes.add(waits * centred / (2 * centred.squaredNorm()));
  starts.disorder.add(VectorXd::Constant(1, std::is_sorted(half_times.begin(), half_times.end()) ? 0 : 1));
}

// ## The claims
void declare(Claims& claims, const Setting& setting) {
  for (const int depth : setting.depths) {
    claims.exact(fmt::format("modes-{}", depth), "L5",
                 fmt::format("$L={}$: the modes of the network follow the integral, worst difference", depth),
                 absolute(1e-6));
    claims.exact(
        fmt::format("loss-{}", depth), "L5",
        fmt::format("$L={}$: the loss is $\\frac12\\sum_k(\\sigma_k-s_k)^2$, worst difference", depth),
        absolute(1e-6));
    for (const double sigma : setting.sigma)
      claims.exact(fmt::format("half-time-{}-of-{}", depth, sigma), "L6",
                   fmt::format("$L={}$: half time of the mode $\\sigma={}$", depth, sigma), absolute(1e-5));
  }
  for (const double sigma : setting.sigma) {
    claims.exact(fmt::format("one-matrix-{}", sigma), "L6",
                 fmt::format("$L=1$, $\\sigma={}$: the integral is the closed form", sigma), absolute(1e-10));
    claims.exact(fmt::format("two-factors-{}", sigma), "L6",
                 fmt::format("$L=2$, $\\sigma={}$: the integral is the closed form", sigma), absolute(1e-10));
  }
  claims.bound("order", "L7", "small random networks that learn a weaker mode before a stronger one",
               Side::below);
  for (const double sigma : setting.sigma) {
    claims.scaling(
        fmt::format("slope-{}", sigma), "L7",
        fmt::format("small random networks, $\\sigma={}$: slope of $\\sigma t$ against $\\ln1/\\epsilon$",
                    sigma),
        0.1);
    for (const double scale : setting.scales) {
      const std::string id = fmt::format("wait-{}-from-{}", sigma, scale);
      const std::string statement =
          fmt::format("weights of size {}: the mean of $2\\sigma t$ for the mode $\\sigma={}$", scale, sigma);
      if (scale == setting.scales.back())
        claims.statistical(id, "L7", statement);
      else
        claims.scaling(id, "L7", statement, 0.2);
    }
  }
}

// ## The experiment, step by step
History compare_aligned(Report& report, const Setting& setting, int depth, const std::vector<double>& times) {
  const Target target = random_target(report.seed(), 0, setting.modes() + 2, setting.sigma);
  const History history = follow(aligned_network(target, depth, setting.start), target, times, 1e-11);
  double worst_mode = 0, worst_loss = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    double loss = 0;
    for (Index k = 0; k < setting.modes(); ++k) {
      const double s = Mode{target.sigma[k], setting.start, depth}.at(times[i]);
      worst_mode = std::max(worst_mode, std::abs(history.modes[i][k] - s));
      loss += (target.sigma[k] - s) * (target.sigma[k] - s) / 2;
    }
    worst_loss = std::max(worst_loss, std::abs(history.losses[i] - loss));
  }
  report.compare(fmt::format("modes-{}", depth), 0, worst_mode);
  report.compare(fmt::format("loss-{}", depth), 0, worst_loss);
  for (Index k = 0; k < setting.modes(); ++k)
    report.compare(fmt::format("half-time-{}-of-{}", depth, target.sigma[k]),
                   Mode{target.sigma[k], setting.start, depth}.half_time(), history.half_times[k]);
  return history;
}

void compare_closed_forms(Report& report, const Setting& setting) {
  for (const double sigma : setting.sigma) {
    report.compare(fmt::format("one-matrix-{}", sigma), half_time_of_one_matrix(sigma, setting.start),
                   Mode{sigma, setting.start, 1}.half_time());
    report.compare(fmt::format("two-factors-{}", sigma), half_time_of_two_factors(sigma, setting.start),
                   Mode{sigma, setting.start, 2}.half_time());
  }
}

RandomStarts compare_random_starts(Report& report, const Setting& setting, std::int64_t draws) {
  const Index modes = setting.modes();
  const RandomStarts empty{Averages{modes * static_cast<Index>(setting.scales.size())}, Averages{modes},
                           Averages{1}};
  const RandomStarts starts =
      merged(sample_draws(report, "small random networks", draws, empty,
                          [&](std::uint64_t draw, RandomStarts& all) { measure(setting, draw, all); }));
  report.compare("order", 0.01, starts.disorder.mean(0));
  for (Index k = 0; k < modes; ++k) {
    const double sigma = setting.sigma[static_cast<std::size_t>(k)];
    report.compare(fmt::format("slope-{}", sigma), 1, starts.slopes.mean(k));
    for (std::size_t i = 0; i < setting.scales.size(); ++i)
      report.compare(fmt::format("wait-{}-from-{}", sigma, setting.scales[i]),
                     predicted_wait(sigma, setting.scales[i], setting.width, k),
                     starts.waits.mean(setting.column(i, k)));
  }
  return starts;
}

// ## The figures
//
// A panel shows as much time as the weakest mode needs.
constexpr int points_of_a_path = 20;

std::vector<double> times_of(const Setting& setting, int depth, int points) {
  double end = 0;
  for (const double sigma : setting.sigma)
    end = std::max(end, Mode{sigma, setting.start, depth}.time_to_reach(0.98 * sigma));
  std::vector<double> times;
  for (int i = 0; i <= points; ++i) times.push_back(end * i / points);
  return times;
}

// A curve is drawn where it bends: its points are even in $x=\ln\frac s{\sigma-s}$, and not in time.
std::vector<double> bends_of(const Mode& mode, double end) {
  constexpr int count = 40;
  constexpr double saturated = 9;
  const double from = mode.position(mode.start);
  std::vector<double> times;
  for (int i = 0; i <= count; ++i)
    if (const double t = mode.time_between(from, from + (saturated - from) * i / count); t < end)
      times.push_back(t);
  times.push_back(end);
  return times;
}

std::pair<Panel, Panel> panels_of_a_depth(const Setting& setting, int depth, const History& history) {
  const auto at = times_of(setting, depth, points_of_a_path);
  const double end = at.back();
  const auto loss_of = [&](double t) {
    double loss = 0;
    for (const double sigma : setting.sigma)
      loss += std::pow(sigma - Mode{sigma, setting.start, depth}.at(t), 2) / 2;
    return loss;
  };
  Panel modes{fmt::format("{} factor{}", depth, depth > 1 ? "s" : "")}, losses;
  std::vector<double> all_bends;
  for (std::size_t k = 0; k < setting.sigma.size(); ++k) {
    const Mode mode{setting.sigma[k], setting.start, depth};
    const std::vector<double> bends = bends_of(mode, end);
    std::vector<double> line, network;
    for (const double t : bends) line.push_back(mode.at(t));
    for (const VectorXd& s : history.modes) network.push_back(s[static_cast<Index>(k)]);
    modes.guide("", {0, end}, {mode.sigma, mode.sigma})
        .line(static_cast<int>(k), fmt::format("σ = {}", mode.sigma), bends, line)
        .points(static_cast<int>(k), "", at, network);
    all_bends.insert(all_bends.end(), bends.begin(), bends.end());
  }
  std::sort(all_bends.begin(), all_bends.end());
  std::vector<double> theory, network;
  for (const double t : all_bends) theory.push_back(loss_of(t) / loss_of(0));
  for (const double loss : history.losses) network.push_back(loss / loss_of(0));
  losses.line(6, "theory", all_bends, theory).points(6, "network", at, network);
  modes.x_axis({"", false, 0, end}).legend("off");
  losses.x_axis({"time t", false, 0, end}).legend("off");
  return {modes, losses};
}

Figure stages_figure(const Setting& setting, const std::vector<History>& histories) {
  std::vector<Panel> upper, lower;
  for (std::size_t d = 0; d < setting.depths.size(); ++d) {
    auto [modes, losses] = panels_of_a_depth(setting, setting.depths[d], histories[d]);
    const bool first = d == 0, last = d + 1 == setting.depths.size();
    upper.push_back(modes.y_axis({first ? "modes s_k" : "", false, 0, 1.08 * setting.sigma.front()})
                        .legend(last ? "center left" : "off"));
    lower.push_back(losses.y_axis({first ? "loss / loss at the start" : "", false, 0, 1.05}));
  }
  upper.insert(upper.end(), lower.begin(), lower.end());
  return {upper, static_cast<int>(setting.depths.size()), 340, 280};
}

Figure waits_figure(const Setting& setting, const RandomStarts& starts) {
  Panel panel;
  const double end = 1.1 * -std::log(setting.scales.back());
  panel.x_axis({"ln 1/ε", false, -0.8 * std::log(setting.scales.front()), end})
      .y_axis({"time until half of a mode is learned"})
      .legend("top left");
  for (Index k = 0; k < setting.modes(); ++k) {
    const double sigma = setting.sigma[static_cast<std::size_t>(k)];
    std::vector<double> x, y, error, at, line;
    for (std::size_t i = 0; i < setting.scales.size(); ++i) {
      const Estimate wait = starts.waits.mean(setting.column(i, k)).times(1 / (2 * sigma));
      x.push_back(-std::log(setting.scales[i]));
      y.push_back(wait.value);
      error.push_back(wait.standard_error);
    }
    for (const double log_scale : {-std::log(setting.scales.front()), end}) {
      at.push_back(log_scale);
      line.push_back(predicted_wait(sigma, std::exp(-log_scale), setting.width, k) / (2 * sigma));
    }
    panel.line(static_cast<int>(k), fmt::format("σ = {}", sigma), at, line)
        .points(static_cast<int>(k), "", x, y, error);
  }
  return {{panel}};
}

void validate(const Setting& setting) {
  const auto text = [](const auto& list) { return fmt::format("{}", fmt::join(list, ",")); };
  for (std::size_t k = 1; k < setting.sigma.size(); ++k)
    if (setting.sigma[k] > 0.7 * setting.sigma[k - 1])
      throw BadOption{"singular-values", text(setting.sigma), "each at most 0.7 of the one before"};
  if (setting.sigma.size() > 4) throw BadOption{"singular-values", text(setting.sigma), "at most four"};
  for (std::size_t i = 1; i < setting.scales.size(); ++i)
    if (setting.scales[i] >= setting.scales[i - 1])
      throw BadOption{"scales", text(setting.scales), "descending scales"};
  if (setting.scales.size() < 2 || setting.scales.back() > 1e-4)
    throw BadOption{"scales", text(setting.scales), "two scales or more, the last at most 1e-4"};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/learning_in_stages", "4.3", "In which order does a deep network learn?"};
  const auto& sigma =
      program.list("singular-values", {3., 2., 1.}, between(0.5, 5.), "those of the target, descending");
  const auto& start =
      program.option("initial-size", 1e-3, between(1e-4, 0.1), "aligned networks: s_0 of every mode");
  const auto& depths = program.list("depths", {1, 2, 3, 4}, between(1, 5), "numbers of factors L");
  const auto& width = program.option("width", 10, between(8, 20), "random networks: width N", "neurons");
  const auto& scales = program.list("scales", {1e-2, 1e-4, 1e-6}, between(1e-7, 1e-2),
                                    "random networks: sizes ε of the weights");
  const auto& draws = program.samples(512, 128, 16);
  const auto setting = [&](std::uint64_t seed) { return Setting{sigma, start, depths, width, scales, seed}; };
  program.validate([&] { validate(setting(0)); });
  program.figure("ln_modes",
                 "Networks with more and more factors learn the same target: lines are theory, points a "
                 "network. Depth makes each mode wait for "
                 "its turn, and the loss a staircase whose steps are the squares of the singular values.");
  program.figure("ln_waits",
                 "Small random networks with two factors: strong modes come first, and the smaller the "
                 "weights the further the modes are "
                 "apart in time. Lines are theory, without a fit.");
  program.claims([&](Claims& claims) { declare(claims, setting(0)); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting run = setting(report.seed());

    // 1. Aligned networks of every depth, mode by mode
    std::vector<History> histories;
    for (const int depth : run.depths)
      histories.push_back(compare_aligned(report, run, depth, times_of(run, depth, points_of_a_path)));
    compare_closed_forms(report, run);

    // 2. Small random networks: when does which mode come?
    const RandomStarts starts = compare_random_starts(report, run, draws);

    // 3. Draw
    report.draw("ln_modes", [&] { return stages_figure(run, histories); });
    report.draw("ln_waits", [&] { return waits_figure(run, starts); });
  });
}

// ## What we found
//
// @figure ln_modes
//
// One matrix learns everything at once: all three modes are half learned at $t=$ @value half-time-1-of-3, @value half-time-1-of-2 and
// @value half-time-1-of-1. Two factors take them one after the other, at @value half-time-2-of-3, @value half-time-2-of-2 and
// @value half-time-2-of-1; four factors wait until @value half-time-4-of-1 for the last one, and learn each so suddenly that the loss becomes a
// staircase. Theory is right to @value modes-4 in the modes of the network, at all times.
//
// @figure ln_waits
//
// Nobody aligns a network before training, and nobody has to. From weights of size $10^{-6}$ the mean of $2\sigma t$ for the third mode is
// @value wait-1-from-1e-06 where theory has @predicted wait-1-from-1e-06, with a digamma function that counts the directions of the hidden
// space which the two modes before it have left over.
//
// @claims
//
// ## What can go wrong
//
// A plateau of the loss is not the end of training: it is a network at a saddle, waiting for the next mode to leave zero. Stopping early
// here leaves out whole modes, which may be what is wanted: [the next program](matrix_completion.cpp) lives from it. From three factors on
// $s_0=0$ is a fixed point without any unstable direction of first order, and halving the initial weights may more than double the wait.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Half times for $L=2$ are logarithmic in $s_0$, those for $L=3$ go as $s_0^{-1/3}$. Find both in $\dot x=L\sigma\,s^{1-2/L}$.
// 2. At which $s$ does a mode grow fastest? Compare $L=1$, $L=2$ and $L\to\infty$.
// 3. Let two singular values be equal. What do small random networks learn first, and what is left of the order?
