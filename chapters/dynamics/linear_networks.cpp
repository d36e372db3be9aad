// # What does gradient flow conserve?
//
// Lecture §4.3 · after ntk · about 1 s on two cores
//
// **Question.** Without nonlinearities a deep network is a product of matrices: it can represent no more than one matrix can, but
// it learns differently. What survives of its depth, and what does a physicist look for first: what is conserved?
//
// ## The model
//
// A deep linear network $f(x)=W_L\cdots W_1x$ with whitened inputs, so that all that matters of the data is a matrix $M$,
// $$ \ell=\tfrac12\|W-M\|_F^2,\qquad W=W_L\cdots W_1,\qquad \dot W_l=-\frac{\partial\ell}{\partial W_l}=-g_l . $$
// The entries of $M$ are $N(0,1)$, those of the factors $N(0,s^2)$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/random_matrices.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/deep_linear.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

struct Setting {
  std::vector<int> sizes;  // of the layers, inputs first
  double deviation;        // s
  double time;
  std::uint64_t seed;
};

// ## What theory says: charges
//
// A neighbouring pair of factors can exchange an invertible matrix, $W_{l+1}\to W_{l+1}R^{-1}$, $W_l\to RW_l$, and $W$ does not notice. To this
// symmetry belongs a conservation law, whatever the loss: $W_{l+1}^Tg_{l+1}=g_lW_l^T$, and therefore
// $$ Q_l=W_{l+1}^TW_{l+1}-W_lW_l^T,\qquad \dot Q_l=0 . $$
// A step of gradient descent breaks the law, by exactly
// $$ \Delta Q_l=\eta^2\bigl(g_{l+1}^Tg_{l+1}-g_lg_l^T\bigr). $$
std::vector<MatrixXd> change_by_a_step(const std::vector<MatrixXd>& g, double eta) {
  std::vector<MatrixXd> change;
  for (std::size_t l = 1; l < g.size(); ++l)
    change.emplace_back(eta * eta * (g[l].transpose() * g[l] - g[l - 1] * g[l - 1].transpose()));
  return change;
}

// Over a time $t=\eta n$ these add up to $\eta\int_0^t(g_{l+1}^Tg_{l+1}-g_lg_l^T)\,dt'$, a charge that leaks in proportion to the step. The
// integral runs along the exact flow, and Simpson's rule has no error to speak of:
std::vector<MatrixXd> leak_per_step_size(DeepLinear network, const MatrixXd& target, double time) {
  const int intervals = std::max(2, 2 * static_cast<int>(std::ceil(time / 0.02)));
  const double dt = time / intervals;
  std::vector<MatrixXd> sum;
  for (int i = 0; i <= intervals; ++i) {
    const double weight = dt / 3 * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2);
    const auto rate = change_by_a_step(network.gradient(network.product() - target), 1);
    for (std::size_t l = 0; l < rate.size(); ++l)
      if (i == 0)
        sum.emplace_back(weight * rate[l]);
      else
        sum[l] += weight * rate[l];
    flow(network, target, dt, 1);
  }
  return sum;
}

// ## What theory says: the law of the product
//
// If all charges vanish at the start they vanish forever, the factors are *balanced*, and the product obeys a law of its own, without its
// factors (Arora, Cohen and Hazan 2018):
// $$ \dot W=-\sum_{j=1}^L(WW^T)^{(L-j)/L}\,\frac{\partial\ell}{\partial W}\,(W^TW)^{(j-1)/L}. $$
// Depth has become a metric on the space of matrices: it speeds up the directions in which $W$ is already large.
MatrixXd power(const MatrixXd& positive, double exponent) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver{positive};
  const Eigen::VectorXd powers =
      solver.eigenvalues().unaryExpr([&](double x) { return std::pow(std::max(x, 0.), exponent); });
  return solver.eigenvectors() * powers.asDiagonal() * solver.eigenvectors().transpose();
}

MatrixXd predicted_velocity(const MatrixXd& w, const MatrixXd& target, int depth) {
  MatrixXd velocity = MatrixXd::Zero(w.rows(), w.cols());
  for (int j = 1; j <= depth; ++j)
    velocity -= power(w * w.transpose(), (depth - j) / static_cast<double>(depth)) * (w - target) *
                power(w.transpose() * w, (j - 1) / static_cast<double>(depth));
  return velocity;
}

// ## What networks do
//
// A network by its number, and how far each of its charges is from where it started.
MatrixXd target_of(const Setting& setting, std::uint64_t draw) {
  return gaussian_matrix(Stream{setting.seed, "targets"}, draw, setting.sizes.back(), setting.sizes.front());
}

DeepLinear network_of(const Setting& setting, std::uint64_t draw) {
  std::vector<MatrixXd> factors;
  for (std::size_t l = 1; l < setting.sizes.size(); ++l)
    factors.emplace_back(setting.deviation * gaussian_matrix(Stream{setting.seed, fmt::format("layer {}", l)},
                                                             draw, setting.sizes[l], setting.sizes[l - 1]));
  return DeepLinear{std::move(factors)};
}

using Charges = std::vector<MatrixXd>;

double largest_difference(const Charges& a, const Charges& b) {
  double largest = 0;
  for (std::size_t l = 0; l < a.size(); ++l) largest = std::max(largest, (a[l] - b[l]).cwiseAbs().maxCoeff());
  return largest;
}

Charges combined(double a, const Charges& x, double b, const Charges& y) {
  Charges sum;
  for (std::size_t l = 0; l < x.size(); ++l) sum.emplace_back(a * x[l] + b * y[l]);
  return sum;
}

// Every network goes down the same way six times: by Runge-Kutta steps of three sizes, and by gradient descent.
const std::vector<double> step_sizes{0.02, 0.01, 0.005};

enum Column : Index { runge_kutta = 0, descent = 3, leak = 6, leak_error = 7, columns = 8 };

// The drift of a network is the largest change of an entry of a charge. Drifts differ by orders of magnitude from network to network: what
// is averaged are their logarithms, and *typical* means the geometric mean.
struct Drifts {
  Averages drifts{columns},
      halvings{4};      // logarithms: of the columns, and of the ratios of neighbouring step sizes
  double identity = 0;  // the worst violation of the law of one step

  void merge(const Drifts& other) {
    drifts.merge(other.drifts);
    halvings.merge(other.halvings);
    identity = std::max(identity, other.identity);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& drifts& halvings& identity;
  }
};

Estimate typical(const Averages& logarithms, Index column) {
  const Estimate mean = logarithms.mean(column);
  return {std::exp(mean.value), std::exp(mean.value) * mean.standard_error};
}

void measure(const Setting& setting, std::uint64_t draw, Drifts& drifts) {
  const MatrixXd target = target_of(setting, draw);
  const DeepLinear start = network_of(setting, draw);
  const Charges before = conserved_charges(start);

  // One step, against the identity
  DeepLinear network = start;
  const double eta = step_sizes.front();
  const Charges change = change_by_a_step(network.gradient(network.product() - target), eta);
  descend(network, target, eta, 1);
  drifts.identity = std::max(drifts.identity,
                             largest_difference(combined(1, conserved_charges(network), -1, before), change));

  // A time of many steps
  Eigen::VectorXd largest(Index{columns});
  std::vector<Charges> leaks;
  for (std::size_t k = 0; k < step_sizes.size(); ++k) {
    const int steps = static_cast<int>(std::lround(setting.time / step_sizes[k]));
    network = start;
    flow(network, target, step_sizes[k], steps);
    largest[runge_kutta + static_cast<Index>(k)] = largest_difference(conserved_charges(network), before);
    network = start;
    descend(network, target, step_sizes[k], steps);
    largest[descent + static_cast<Index>(k)] = largest_difference(conserved_charges(network), before);
    leaks.push_back(combined(1 / step_sizes[k], conserved_charges(network), -1 / step_sizes[k], before));
  }
  // The limit of small steps, from the last two
  const Charges predicted = leak_per_step_size(start, target, setting.time);
  largest[leak] = largest_difference(predicted, combined(0, predicted, 0, predicted));
  largest[leak_error] = largest_difference(combined(2, leaks[2], -1, leaks[1]), predicted) / largest[leak];

  const Eigen::VectorXd logs = largest.unaryExpr([](double x) { return std::log(x); });
  drifts.drifts.add(logs);
  drifts.halvings.add(
      Eigen::Vector4d{logs[0] - logs[1], logs[1] - logs[2], logs[3] - logs[4], logs[4] - logs[5]});
}

// The velocity of the product, by a central difference along the flow of the factors:
MatrixXd measured_velocity(const DeepLinear& network, const MatrixXd& target) {
  constexpr double h = 1e-6;
  DeepLinear later = network, earlier = network;
  const MatrixXd slope = network.product() - target;
  later.descend(slope, h);
  earlier.descend(slope, -h);
  return (later.product() - earlier.product()) / (2 * h);
}

// ## The claims
const std::vector<int> depths{2, 3, 4};
constexpr Index product_size = 5;

void declare(Claims& claims) {
  for (const char* which : {"first", "second"})
    claims.bound(
        fmt::format("runge-kutta-{}-halving", which), "L1",
        fmt::format("Runge-Kutta: the {} halving of the step divides the drift of the charges by 15 or more",
                    which),
        Side::above);
  claims.bound("runge-kutta-drift", "L1", "Runge-Kutta: the drift of the charges at the smallest step",
               Side::below);
  claims.scaling("descent-halving", "L2",
                 "gradient descent: halving the step halves the drift (ratio of the two smallest steps)",
                 0.15);
  claims.bound(
      "leak", "L2",
      "the drift over the step, extrapolated to small steps, is the integral of $g_{l+1}^Tg_{l+1}-g_lg_l^T$: "
      "relative error",
      Side::below);
  claims.exact("step", "L3",
               "one step changes the charges by $\\eta^2(g_{l+1}^Tg_{l+1}-g_lg_l^T)$: worst entry",
               absolute(1e-13));
  for (const int depth : depths)
    claims.exact(
        fmt::format("product-{}", depth), "L4",
        fmt::format("$L={}$, balanced: the velocity of the product is that of its own law, worst entry",
                    depth),
        absolute(1e-7));
  claims.bound("unbalanced", "L4",
               "without balance the law of the product is off by more than a tenth, $L=3$", Side::above);
}

// ## The experiment, step by step
void compare_charges(Report& report, const Drifts& networks) {
  report.compare("runge-kutta-first-halving", 15, typical(networks.halvings, 0));
  report.compare("runge-kutta-second-halving", 15, typical(networks.halvings, 1));
  report.compare("runge-kutta-drift", 1e-5, typical(networks.drifts, runge_kutta + 2));
  report.compare("descent-halving", 2, typical(networks.halvings, 3));
  report.compare("leak", 0.01, typical(networks.drifts, leak_error));
  report.compare("step", 0, networks.identity);
}

void compare_products(Report& report) {
  const MatrixXd target =
      gaussian_matrix(Stream{report.seed(), "target of the product"}, 0, product_size, product_size);
  const Stream frame_stream{report.seed(), "frames"}, values{report.seed(), "singular values"};
  for (const int depth : depths) {
    std::vector<MatrixXd> frames;
    for (int l = 0; l <= depth; ++l)
      frames.push_back(orthonormal_columns(frame_stream, static_cast<std::uint64_t>(10 * depth + l),
                                           product_size, product_size));
    const Eigen::VectorXd s =
        gaussian_matrix(values, static_cast<std::uint64_t>(depth), product_size, 1).cwiseAbs();
    DeepLinear network = balanced_network(frames, s);
    const auto error = [&] {
      return (measured_velocity(network, target) - predicted_velocity(network.product(), target, depth))
          .cwiseAbs()
          .maxCoeff();
    };
    report.compare(fmt::format("product-{}", depth), 0, error());
    if (depth != 3) continue;
    // The same product with charge: exchange an invertible matrix between two factors
    std::vector<MatrixXd> factors = network.factors();
    factors[0] *= 2;
    factors[1] /= 2;
    network = DeepLinear{factors};
    report.compare("unbalanced", 0.1,
                   error() / predicted_velocity(network.product(), target, depth).cwiseAbs().maxCoeff());
  }
}

// ## The figure
//
// One network: the weights of the first layer that move most, and as many entries of the first charge.
std::pair<Panel, Panel> panels_of_a_network(const Setting& setting) {
  constexpr int times = 24, curves = 5, steps_between = 40;
  const double end = std::min(setting.time, 2.);
  const MatrixXd target = target_of(setting, 0);
  DeepLinear network = network_of(setting, 0);
  std::vector<double> at;
  std::vector<MatrixXd> weights, charges;
  for (int i = 0; i <= times; ++i) {
    at.push_back(end * i / times);
    weights.push_back(network.factors().front());
    charges.push_back(conserved_charges(network).front());
    flow(network, target, end / times / steps_between, steps_between);
  }
  const MatrixXd moved = (weights.back() - weights.front()).cwiseAbs();
  std::vector<Index> order(static_cast<std::size_t>(moved.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return moved.data()[a] > moved.data()[b]; });

  Panel moving{"what moves: weights"}, still{"what does not: charges"};
  moving.x_axis({"time t"}).y_axis({"entries of W_1"}).legend("off");
  still.x_axis({"time t"}).y_axis({"entries of Q_1"}).legend("off");
  const auto entries = [&](const std::vector<MatrixXd>& path, Index which) {
    std::vector<double> values;
    for (const MatrixXd& matrix : path) values.push_back(matrix.data()[which]);
    return values;
  };
  for (int c = 0; c < curves; ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (i < order.size()) moving.points(c, fmt::format("weight {}", c), at, entries(weights, order[i]));
    if (c >= charges.front().size()) continue;
    const double start = charges.front().data()[c];
    still.line(c, fmt::format("charge {} at the start", c), {0, end}, {start, start})
        .points(c, fmt::format("charge {}", c), at, entries(charges, c));
  }
  return {moving, still};
}

Panel drift_panel(const Drifts& networks) {
  std::vector<double> slow, fast, slow_error, fast_error, fourth;
  for (Index k = 0; k < 3; ++k) {
    const Estimate rk = typical(networks.drifts, runge_kutta + k), gd = typical(networks.drifts, descent + k);
    fast.push_back(rk.value);
    fast_error.push_back(rk.standard_error);
    slow.push_back(gd.value);
    slow_error.push_back(gd.standard_error);
    fourth.push_back(fast.front() * std::pow(step_sizes[static_cast<std::size_t>(k)] / step_sizes[0], 4));
  }
  const double per_step = typical(networks.drifts, leak).value;
  Panel panel{"how well: integrators"};
  panel.x_axis({"size η of a step", true, 0.004, 0.025})
      .y_axis({"drift of the charges", true, fast.back() / 5, 5 * slow.front()})
      .legend("center right")
      .line(1, "η times the integral", {0.004, 0.025}, {0.004 * per_step, 0.025 * per_step})
      .points(1, "gradient descent", step_sizes, slow, slow_error)
      .guide("fourth power", step_sizes, fourth)
      .points(0, "Runge-Kutta", step_sizes, fast, fast_error);
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/linear_networks", "4.3", "What does gradient flow conserve?"};
  const auto& sizes =
      program.list("sizes", {4, 6, 5, 3}, between(1, 6), "sizes of the layers, inputs first", "neurons");
  const auto& deviation =
      program.option("deviation", 0.5, between(0.3, 0.5), "standard deviation s of the weights");
  const auto& time = program.option("time", 4., between(2., 6.), "how long the flow is followed");
  const auto& draws = program.samples(256, 48, 16);
  program.validate([&] {
    if (sizes.size() < 3 || sizes.size() > 4)
      throw BadOption{"sizes", fmt::format("{}", fmt::join(sizes, ",")),
                      "three or four sizes: charges belong to pairs of factors"};
  });
  program.figure("ln_conserve",
                 "Learning moves the weights (left) and leaves the charges where they were (middle, lines: "
                 "at the start). "
                 "Right: an integrator of fourth order leaks little charge, gradient descent leaks in "
                 "proportion to its step, and theory says how much.");
  program.claims(declare);

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{sizes, deviation, time, report.seed()};

    // 1. Charges, along six ways down
    const Drifts networks =
        merged(sample_draws(report, "charges", draws, Drifts{},
                            [&](std::uint64_t draw, Drifts& drifts) { measure(setting, draw, drifts); }));
    compare_charges(report, networks);

    // 2. Balanced networks: the law of the product
    compare_products(report);

    // 3. Draw
    report.draw("ln_conserve", [&] {
      const auto [moving, still] = panels_of_a_network(setting);
      return Figure{{moving, still, drift_panel(networks)}, 3, 420, 380};
    });
  });
}

// ## What we found
//
// Runge-Kutta steps keep the charges: halving the step divides their drift by @value runge-kutta-first-halving, then by
// @value runge-kutta-second-halving, and at the smallest step the typical network has lost @value runge-kutta-drift. Gradient descent
// loses charge in proportion to its step (halving divides by @value descent-halving), at a rate that an integral along the flow predicts to
// @value leak of itself. Balanced networks of depth 2, 3 and 4 move as the law of the product says, to @value product-3; with a factor 2
// moved from one layer to its neighbour, which leaves the product as it is, the velocity differs by @value unbalanced of itself.
//
// @figure ln_conserve
//
// @claims
//
// ## What can go wrong
//
// The law of the product needs balance, and balance is never healed: a charge of the start is a charge of the end. Small random factors
// are nearly balanced because their charges are of second order in their size; large ones are not. And averages of drifts say little: a
// few networks with large singular values leak a hundred times more than the typical one, hence the logarithms.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which of the $Q_l$ are antisymmetric under $t\to-t$? Run the flow backwards in your head: does anything forbid it?
// 2. For ReLU networks the exchange $R$ must be diagonal and positive. Which entries of $Q_l$ are still conserved?
// 3. Momentum turns the flow into $\ddot W+\gamma\dot W=-\partial\ell$. What becomes of the charge?
