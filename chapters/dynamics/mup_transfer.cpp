// # Does the best step of a small network fit a large one?
//
// Lecture §4.3 · after feature_learning · about 7 s on two cores
//
// **Question.** The step of gradient descent is found by trial, and trials are cheap in small networks only. In which
// parameterisations does the best step stay best when the width grows?
//
// ## The model
//
// Networks with hidden layers of width $N$ and no biases, in the NTK parameterisation, in $\mu$P, and in the standard parameterisation SP that
// software uses, with steps $\eta_0$, $\eta_0N$ and $\eta_0$. The data are 64 Gaussian points in eight dimensions, rescaled to $|x|^2=8$,
// with the target $y=x_1x_2$. What is trained, for 20 steps on all data, is what the network has gained since the start.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fieldbook;

namespace {

// ## What theory says
//
// Gradient descent is stable for $\eta<2P/\lambda_{\max}(\Theta)$. In the NTK parameterisation and in $\mu$P the kernel times the power in the
// step does not depend on the width: the best $\eta_0$ transfers. In SP the kernel grows like $N$, because every weight of a hidden layer
// moves as far as it does in a small network and $N$ of them add up: the best step falls like $1/N$.
struct Point {
  const char* id;
  const char* name;
  AbcdExponents exponents;
  double slope;        // of log2 of the best step against log2 N
  const char* option;  // that says where to look for it
};

const Point points[] = {{"mup", "μP", AbcdExponents::mup(0), 0, "rates"},
                        {"ntk", "NTK", AbcdExponents::ntk(), 0, "rates"},
                        {"standard", "SP", AbcdExponents::standard(), -1, "standard-rates"}};

// ## What networks do
//
// A run that leaves the region of small losses counts with the loss where it left: what diverges has no better value.
constexpr double diverged = 1e4;
constexpr int inputs = 8, data = 64, steps = 20;

struct Setting {
  Activation activation;
  int depth;
  std::uint64_t seed;
};

struct Data {
  Eigen::MatrixXf x{inputs, data};
  Eigen::VectorXf y{data};

  Data(std::uint64_t seed, std::uint64_t number) {
    Stream{seed, "inputs"}.normals(number, std::span{x.data(), static_cast<std::size_t>(x.size())});
    x.colwise().normalize();
    x *= std::sqrt(static_cast<float>(inputs));
    y = x.row(0).cwiseProduct(x.row(1)).transpose();
  }
};

// One network, made anew for every step that is tried
class Trial {
 public:
  Trial(const Setting& setting, const Point& point, int width, std::uint64_t number)
      : shape_{inputs, width, setting.depth},
        point_{point},
        data_{setting.seed, number},
        network_{setting.activation, abcd_parameterisation(shape_, point.exponents, 1, std::numbers::sqrt2),
                 setting.seed, fmt::format("width {}", width)},
        number_{number} {}

  /// log of the loss after training with eta0, at most that of a diverged run.
  double log_loss(double eta0) {
    network_.draw(number_);
    GradientDescent<float> descent{network_, data_.x, data_.y, Centring::at_the_start};
    const double eta = abcd_step(shape_, point_.exponents, 1, eta0);
    for (int step = 0; step < steps; ++step)
      if (!(descent.step(eta) < diverged)) return std::log(diverged);
    const double loss = static_cast<double>(descent.residual().squaredNorm()) / (2 * data);
    return std::log(loss < diverged ? loss : diverged);
  }

 private:
  NetworkShape shape_;
  const Point& point_;
  Data data_;
  Mlp<float> network_;
  std::uint64_t number_;
};

// The same steps are tried at all widths. A grid that moves with the width would give SP its slope for nothing.
struct Grid {
  std::vector<double> ends, octaves;  // log2 of the steps

  Grid(const std::vector<double>& from_to, double spacing) : ends{from_to} {
    for (double octave = ends[0]; octave <= ends[1] + 1e-9; octave += spacing) octaves.push_back(octave);
  }

  // The centroid of the steps, weighted by how close their loss is to the best: the smallest loss itself is noisy at the edge of stability.
  double best(const Eigen::VectorXd& log_losses) const {
    const Eigen::ArrayXd weights = (-(log_losses.array() - log_losses.minCoeff()) / 0.25).exp();
    double sum = 0;
    for (std::size_t k = 0; k < octaves.size(); ++k)
      sum += weights[static_cast<Eigen::Index>(k)] * octaves[k];
    return sum / weights.sum();
  }
  std::size_t lowest(const Eigen::VectorXd& log_losses) const {
    Eigen::Index index = 0;
    log_losses.minCoeff(&index);
    return static_cast<std::size_t>(index);
  }
};

// Mean log losses of one parameterisation, by width and step
struct Losses {
  std::vector<Averages> by_width;

  void merge(const Losses& other) {
    for (std::size_t i = 0; i < by_width.size(); ++i) by_width[i].merge(other.by_width[i]);
  }
};

std::vector<Losses> sample_losses(Report& report, const Setting& setting, const Point& point,
                                  const Grid& grid, const std::vector<int>& widths, std::int64_t draws) {
  std::vector<Losses> blocks(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(draws), blocks_of_an_ensemble));
  const auto rates = static_cast<Eigen::Index>(grid.octaves.size());
  for (const int width : widths) {
    const auto sampled =
        sample_draws(report, fmt::format("{}, width {}", point.name, width), draws, Averages{rates},
                     [&](std::uint64_t draw, Averages& averages) {
                       Trial trial{setting, point, width, draw};
                       Eigen::VectorXd values(rates);
                       for (Eigen::Index k = 0; k < rates; ++k)
                         values[k] = trial.log_loss(std::exp2(grid.octaves[static_cast<std::size_t>(k)]));
                       averages.add(values);
                     });
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].by_width.push_back(sampled[i]);
  }
  return blocks;
}

// ## The claims
void declare(Claims& claims, bool quick) {
  const char* refs[] = {"T1", "T3", "T2"};
  for (int i = 0; i < 3; ++i)
    claims.scaling(fmt::format("transfer-{}", points[i].id), refs[i],
                   fmt::format("{}: the power of $N$ in the best step", points[i].name), 0.2);
  if (quick) {
    for (const auto& [id, ref] : {std::pair{"order", "T4"}, std::pair{"stability", "T5"}})
      claims.leave_out(id, ref, "needs the widest networks, which --quick does not train");
    return;
  }
  claims.bound("order", "T4",
               "widest networks, each at its best step: the mean log loss in the NTK parameterisation, less "
               "that in SP, is not positive",
               Side::below);
  claims.bound(
      "stability", "T5",
      "SP: four times the best step of the narrowest networks makes at least half of the widest diverge",
      Side::above);
}

// ## The experiment, step by step
//
// The slope of the best step is a straight line through the logarithms; its error comes from leaving out networks.
double slope_of_best(const Grid& grid, const std::vector<int>& widths, const Losses& losses) {
  double x_mean = 0, y_mean = 0, covariance = 0, variance = 0;
  std::vector<double> x, y;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    x.push_back(std::log2(widths[i]));
    y.push_back(grid.best(losses.by_width[i].means()));
    x_mean += x[i] / static_cast<double>(widths.size());
    y_mean += y[i] / static_cast<double>(widths.size());
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    covariance += (x[i] - x_mean) * (y[i] - y_mean);
    variance += (x[i] - x_mean) * (x[i] - x_mean);
  }
  return covariance / variance;
}

// A best step at the edge of the grid is no result, whatever slope it has.
void require_inside(const Point& point, const Grid& grid, const std::vector<int>& widths,
                    const Losses& losses) {
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::size_t lowest = grid.lowest(losses.by_width[i].means());
    if (lowest > 0 && lowest + 1 < grid.octaves.size()) continue;
    throw BadOption{point.option, fmt::format("{}", fmt::join(grid.ends, ",")),
                    fmt::format("a {} end: the best step of {} at width {} lies at it",
                                lowest == 0 ? "lower first" : "higher second", point.name, widths[i])};
  }
}

struct Found {
  const Point& point;
  Grid grid;
  std::vector<Losses> blocks;
  Losses all;

  double best(std::size_t width) const { return grid.best(all.by_width[width].means()); }
};

Found find_best(Report& report, const Setting& setting, const Point& point, const Grid& grid,
                const std::vector<int>& widths, std::int64_t draws) {
  Found found{point, grid, sample_losses(report, setting, point, grid, widths, draws), {}};
  found.all = merged(found.blocks);
  require_inside(point, grid, widths, found.all);
  report.compare(
      fmt::format("transfer-{}", point.id), point.slope,
      jackknife(found.blocks, [&](const Losses& losses) { return slope_of_best(grid, widths, losses); }));
  return found;
}

// Then other networks of the widest kind: each parameterisation at its own best step, and SP at a step that suited the narrowest.
enum Judged : Eigen::Index { last_losses = 0, order = 3, gain = 4, divergence = 5, judged };

Averages judge_widest(Report& report, const Setting& setting, const std::vector<Found>& found, int width,
                      std::int64_t draws) {
  const Found& standard = found.back();
  const double too_large =
      4 * std::exp2(standard.grid.octaves[standard.grid.lowest(standard.all.by_width[0].means())]);
  return merged(sample_draws(
      report, "each at its best step", 4 * draws, Averages{judged},
      [&](std::uint64_t draw, Averages& averages) {
        const std::uint64_t fresh = draw + (1ull << 40);
        Eigen::VectorXd values(judged);
        for (std::size_t i = 0; i < found.size(); ++i)
          values[static_cast<Eigen::Index>(i)] = Trial{setting, found[i].point, width, fresh}.log_loss(
              std::exp2(found[i].best(found[i].all.by_width.size() - 1)));
        values[order] = values[1] - values[2];
        values[gain] = values[0] - values[1];
        const double log_loss = Trial{setting, standard.point, width, fresh}.log_loss(too_large);
        values[divergence] = log_loss >= std::log(diverged) ? 1 : 0;
        averages.add(values);
      }));
}

// ## The figures
Figure curve_figure(const std::vector<Found>& found, const std::vector<int>& widths) {
  Figure figure{{}, 3, 400, 380};
  for (const Found& each : found) {
    Panel panel{each.point.name};
    panel.x_axis({"step η_0", true})
        .y_axis({"loss after training", true, 3e-3, 3})
        .legend(each.point.slope < 0 ? "bottom left" : "off");
    for (std::size_t i = 0; i < widths.size(); ++i) {
      std::vector<double> x, y, error;
      for (std::size_t k = 0; k < each.grid.octaves.size(); ++k) {
        const Estimate log_loss = each.all.by_width[i].mean(static_cast<Eigen::Index>(k));
        if (log_loss.value > std::log(3.)) continue;
        x.push_back(std::exp2(each.grid.octaves[k]));
        y.push_back(std::exp(log_loss.value));
        error.push_back(std::min(0.9, log_loss.standard_error) * y.back());
      }
      panel.points(static_cast<int>(i), fmt::format("N = {}", widths[i]), x, y, error);
    }
    figure.panels.push_back(panel);
  }
  return figure;
}

Panel best_panel(const std::vector<Found>& found, const std::vector<int>& widths) {
  Panel panel;
  panel.x_axis({"width N", true, 0.8 * widths.front(), 1.25 * widths.back()})
      .y_axis({"best step η_0", true})
      .legend("bottom left");
  int colour = 0;
  for (const Found& each : found) {
    std::vector<double> x, y, error, line;
    double middle = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const Estimate best = jackknife(
          each.blocks, [&](const Losses& losses) { return each.grid.best(losses.by_width[i].means()); });
      x.push_back(widths[i]);
      y.push_back(std::exp2(best.value));
      error.push_back(y.back() * std::min(0.9, std::numbers::ln2 * best.standard_error));
      middle += (best.value - each.point.slope * std::log2(widths[i])) / static_cast<double>(widths.size());
    }
    for (const double width : x) line.push_back(std::exp2(middle) * std::pow(width, each.point.slope));
    panel.line(colour, each.point.slope < 0 ? "∝ 1/N" : "", x, line)
        .points(colour, each.point.name, x, y, error);
    ++colour;
  }
  return panel;
}

void validate(const std::vector<int>& widths, const std::vector<double>& rates,
              const std::vector<double>& standard_rates) {
  for (std::size_t i = 1; i < widths.size() || widths.size() < 2; ++i)
    if (widths.size() < 2 || widths[i] <= widths[i - 1])
      throw BadOption{"widths", fmt::format("{}", fmt::join(widths, ",")), "two or more ascending widths"};
  for (const auto& [name, ends] : {std::pair{"rates", &rates}, std::pair{"standard-rates", &standard_rates}})
    if (ends->size() != 2 || (*ends)[1] < (*ends)[0] + 3)
      throw BadOption{name, fmt::format("{}", fmt::join(*ends, ",")),
                      "two ends, three octaves or more apart"};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"dynamics/mup_transfer", "4.3", "Does the best step of a small network fit a large one?"};
  const auto& widths =
      program.list("widths", {64, 128, 256, 512}, between(32, 1024), "ascending widths N", "neurons");
  const auto& depth = program.option("depth", 2, between(1, 3), "hidden layers L", "layers");
  const auto& activation =
      program.choice("activation", "relu", {"relu", "leaky", "gelu"}, "activation, times √2");
  const auto& rates = program.list("rates", {-2., 3.5}, between(-10., 10.),
                                   "ends of the steps tried in μP and NTK", "log_2 η_0");
  const auto& standard_rates = program.list("standard-rates", {-10.5, -2.}, between(-20., 5.),
                                            "ends of the steps tried in SP", "log_2 η_0");
  const auto& draws = program.samples(12, 8, 4);
  program.validate([&] { validate(widths, rates, standard_rates); });
  program.figure("mup_curves",
                 "Loss after twenty steps against the step, the same steps at all widths; what is above the "
                 "picture has diverged. "
                 "In μP and in the NTK parameterisation the minima stand above each other, in SP they move "
                 "to the left.");
  program.figure("mup_opt", "The best step against the width; lines are the predictions.");
  program.claims([&](Claims& claims) { declare(claims, program.quick()); });

  return program.run(argc, argv, [&](Report& report) {
    const Setting setting{activation_of(activation), depth, report.seed()};
    std::vector<int> trained = widths;
    while (program.quick() && trained.size() > 2 && trained.back() > 256) trained.pop_back();
    const double spacing = program.quick() ? 1 : 0.5;

    // 1. The best step at every width
    std::vector<Found> found;
    for (const Point& point : points)
      found.push_back(find_best(report, setting, point,
                                Grid{point.slope < 0 ? standard_rates : rates, spacing}, trained, draws));

    // 2. The widest networks
    if (!program.quick()) {
      const Averages averages = judge_widest(report, setting, found, trained.back(), draws);
      report.compare("order", 0, averages.mean(order));
      report.compare("stability", 0.5, averages.mean(divergence));
      fmt::print("log loss at the best step, N = {}: μP less NTK {:.3f} ± {:.3f}\n", trained.back(),
                 averages.mean(gain).value, averages.mean(gain).standard_error);
    }
    report.draw("mup_curves", [&] { return curve_figure(found, trained); });
    report.draw("mup_opt", [&] { return Figure{{best_panel(found, trained)}}; });
  });
}

// ## What we found
//
// The best step goes with the width to the power @value transfer-mup in $\mu$P, @value transfer-ntk in the NTK parameterisation and
// @value transfer-standard in SP.
//
// @figure mup_curves
//
// Transfer alone does not single out $\mu$P: the NTK transfers as well, and for the same reason. What singles it out is transfer *with*
// features. For the widest networks, each at its own best step, the mean log loss in the NTK parameterisation less that in SP is
// @value order: in SP the best step is so small that the first layer is frozen. Between $\mu$P and the NTK the run prints the
// difference and claims nothing. In $\mu$P the best step is close to the edge of stability, and a few networks that fall over it decide the
// mean.
//
// @figure mup_opt
//
// @claims
//
// ## What can go wrong
//
// A best step at the edge of the grid is no result: if the grid moved with the width, as $1/N$, the edge alone would give SP its slope. Such
// a run ends with an error that says which option to widen. Near the edge of stability the lowest loss is a matter of luck; the
// centroid of all good steps is not.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Train with `--depth 1`. Which of the three results must change, and why does none?
// 2. Take four times the best step of the narrowest networks in SP (the last claim). What would be the factor in $\mu$P?
