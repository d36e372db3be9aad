// # How fast does Kolmogorov's construction converge?
//
// Lecture §2.2 · after outer_functions · about 2 s on two cores
//
// **Question.** The [outer functions](outer_functions.cpp) are built in stages, on finer and finer squares. How near does the sum come to $f$ after each of them?
//
// ## The model
//
// The sum of the two pages before, with $f_0=f$ and
// $$ f_r=f_{r-1}-\sum_{q=0}^m\Phi_q^r(\xi_q),\qquad\Phi_q^r=\frac1{m+1}f_{r-1}(\text{centre of the square})\ \text{on the plateaus of squares of side }\gamma^{-r}. $$
// What is $\|f_r\|$, the largest value of $|f_r|$, and how large is $|f_r|$ at a typical point?
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/error_sizes.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/networks/kolmogorov_sum.hpp>
#include <fieldbook/networks/plane_functions.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

// ## What theory says
//
// At any point at most two of the $m+1$ shifts are bad. The others give, up to the change $\omega_r$ of $f_{r-1}$ inside a good square, $f_{r-1}/(m+1)$ each; the bad ones give something
// that is not larger than $\|f_{r-1}\|/(m+1)$. So
// $$ \|f_r\|\le\frac4{m+1}\|f_{r-1}\|+\frac{m-1}{m+1}\,\omega_r. $$
// Any $m\ge4$ makes this a contraction if the squares of every stage are chosen so small that $\omega_r$ does not count; then the sum converges uniformly, which is how the theorem is proved, with the rate
// $\frac45$ a stage for $m=4$ and $\frac49$ for $m=8$. Here stage $r$ has squares of side $\gamma^{-r}$, whatever $\omega_r$ is, $\gamma^2$ times as many as the one before, and the inequality alone promises no fall.
double predicted_bound(int shifts, double before, double oscillation) {
  return (4 * before + (shifts - 1) * oscillation) / (shifts + 1);
}

// ## What the construction does
//
// Errors are sampled at pairs of points: one is uniform, and the mean square and the median are taken there; the other one is moved into random gaps, where the error is large. The largest
// error is over both. For every good square that a point is in, $f_{r-1}$ is computed anew at its centre, so that $\omega_r$ does not rest on the outer functions.
struct Record {
  Record(int targets, int stages)
      : sizes(static_cast<std::size_t>(targets * (stages + 1))),
        before{MatrixXd::Zero(targets, stages)},
        oscillation{before},
        after{before} {}

  void merge(const Record& other) {
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i].merge(other.sizes[i]);
    before = before.cwiseMax(other.before);
    oscillation = oscillation.cwiseMax(other.oscillation);
    after = after.cwiseMax(other.after);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& sizes& before& oscillation& after;
  }

  std::vector<ErrorSizes> sizes;        // of f_r at uniform points: of target t at r targets + t
  MatrixXd before, oscillation, after;  // largest |f_{r-1}|, omega_r and |f_r|: of target t in row t
};

// One stage at one point, from $f_{r-1}$ to $f_r$ for all targets:
void take_stage(const KolmogorovSum& sum, const KoppenPoint& point, int stage, KolmogorovSum::Values& left,
                Record& record) {
  const KoppenSquares& squares = sum.squares();
  const int shifts = squares.shifts();
  const auto keep_largest = [](auto&& column, const KolmogorovSum::Values& values) {
    column = column.cwiseMax(values.abs().matrix()).eval();
  };
  KolmogorovSum::Values next = left;
  keep_largest(record.before.col(stage - 1), left);
  for (int q = 0; q <= shifts; ++q) {
    const auto phi = sum.outer(stage, q, squares.argument(point.one, point.two, q));
    next -= phi;
    keep_largest(record.before.col(stage - 1), (shifts + 1) * phi);
    if (!squares.is_good(point.one, q, stage) || !squares.is_good(point.two, q, stage)) continue;
    const auto centre =
        sum.left(sum.centre(stage, q, squares.cell(point.one, q, stage), squares.cell(point.two, q, stage)),
                 stage - 1);
    keep_largest(record.oscillation.col(stage - 1), left - centre);
  }
  left = next;
  keep_largest(record.after.col(stage - 1), left);
}

std::int64_t into_random_gap(const KolmogorovSum& sum, std::int64_t place, double random) {
  const int shifts = sum.squares().shifts() + 1;
  const double choice = random * sum.stages() * shifts;
  const int number = static_cast<int>(choice);
  return sum.squares().into_gap(place, number % shifts, 1 + number / shifts, choice - number);
}

constexpr int points_of_a_draw = 64;

void sample_batch(const KolmogorovSum& sum, const Stream& stream, std::uint64_t draw, Record& record) {
  std::vector<double> random(4 * points_of_a_draw);
  stream.uniforms(draw, random);
  for (std::size_t i = 0; i < random.size(); i += 4) {
    const KoppenPoint point{sum.squares().place(random[i]), sum.squares().place(random[i + 1])};
    const KoppenPoint moved{into_random_gap(sum, point.one, random[i + 2]),
                            into_random_gap(sum, point.two, random[i + 3])};
    auto left = sum.left(point, 0), left_of_moved = sum.left(moved, 0);
    for (int r = 0; r <= sum.stages(); ++r) {
      if (r > 0) {
        take_stage(sum, point, r, left, record);
        take_stage(sum, moved, r, left_of_moved, record);
      }
      for (Index t = 0; t < left.size(); ++t)
        record.sizes[static_cast<std::size_t>(r * left.size() + t)].add(left[t]);
    }
  }
}

std::vector<Record> sample(Report& report, const std::string& stage, const KolmogorovSum& sum, int targets,
                           std::int64_t draws) {
  const Stream stream{report.seed(), "points of the square"};
  return sample_draws(report, stage, draws, Record{targets, sum.stages()},
                      [&](std::uint64_t draw, Record& record) { sample_batch(sum, stream, draw, record); });
}

// ## The claims
//
// That the errors of the mean and the median fall faster than the bound is an observation, made for $\gamma=10$ and $m=4$.
constexpr double rms_falls = 1.6, median_falls = 3;
constexpr bool is_observed(int base, int shifts) { return base == 10 && shifts == 4; }

void declare(Claims& claims, int base, int shifts, int stages, const std::vector<PlaneFunction>& targets) {
  const auto observed = [&](const std::string& id, const std::string& statement) {
    if (is_observed(base, shifts))
      claims.bound(id, "KA8", statement, Side::above);
    else
      claims.leave_out(id, "KA8", "observed for base 10 and four shifts only");
  };
  for (const PlaneFunction& target : targets)
    for (int r = 1; r <= stages; ++r) {
      const std::string where = fmt::format("${}$, stage {}", target.formula, r);
      claims.bound(
          fmt::format("contraction-{}-{}", target.name, r), "KA7",
          where +
              ": the largest error is below the bound from the same points (at most two shifts bad, every "
              "plateau in its place)",
          Side::below);
      observed(fmt::format("rms-{}-{}", target.name, r), where + ": factor by which the RMS error falls");
      if (r > 1)
        observed(fmt::format("median-{}-{}", target.name, r), where + ": factor by which the median falls");
    }
  if (base >= 10)
    claims.bound("eight-shifts", "KA9", "$xy$, one stage: the largest error for $m=8$, below that for $m=4$",
                 Side::below);
  else
    claims.leave_out("eight-shifts", "KA9", "needs a base of 10 or more");
}

// ## The experiment, step by step
double bound_of(const Record& record, int shifts, Index target, int stage) {
  return predicted_bound(shifts, record.before(target, stage - 1), record.oscillation(target, stage - 1));
}

// By which factor the errors of a target fall from one stage to the next:
struct Fall {
  ErrorSizes before, after;

  void merge(const Fall& other) {
    before.merge(other.before);
    after.merge(other.after);
  }
};

void compare_falls(Report& report, const std::vector<Record>& blocks, const PlaneFunction& target,
                   std::size_t place, std::size_t targets, int stage) {
  std::vector<Fall> falls;
  for (const Record& block : blocks) falls.push_back({block.sizes[place - targets], block.sizes[place]});
  report.compare(fmt::format("rms-{}-{}", target.name, stage), rms_falls,
                 jackknife(falls, [](const Fall& fall) { return fall.before.rms() / fall.after.rms(); }));
  if (stage > 1)
    report.compare(
        fmt::format("median-{}-{}", target.name, stage), median_falls,
        jackknife(falls, [](const Fall& fall) { return fall.before.median() / fall.after.median(); }));
}

void compare_stage(Report& report, const KolmogorovSum& sum, const std::vector<Record>& blocks,
                   const std::vector<PlaneFunction>& targets, int stage) {
  const Record all = merged(blocks);
  const KoppenSquares& squares = sum.squares();
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const auto row = static_cast<Index>(t);
    report.compare(fmt::format("contraction-{}-{}", targets[t].name, stage),
                   bound_of(all, squares.shifts(), row, stage), all.after(row, stage - 1));
    if (is_observed(squares.gamma(), squares.shifts()))
      compare_falls(report, blocks, targets[t], static_cast<std::size_t>(stage) * targets.size() + t,
                    targets.size(), stage);
  }
}

double largest_error_of_product(Report& report, int base, int shifts, std::int64_t draws) {
  const KolmogorovSum sum{base, shifts, 1, {plane_functions_of({"product"}).front().f}};
  return merged(sample(report, fmt::format("m = {}", shifts), sum, 1, draws)).after(0, 0);
}

// ## The figure
Figure error_figure(const KolmogorovSum& sum, const Record& record,
                    const std::vector<PlaneFunction>& targets) {
  Figure figure{{}, 2, 380, 320};
  for (std::size_t t = 0; t < targets.size(); ++t) {
    std::vector<double> stage, after, largest, bound, rms, median;
    for (int r = 0; r <= sum.stages(); ++r) {
      const ErrorSizes& sizes = record.sizes[static_cast<std::size_t>(r) * targets.size() + t];
      stage.push_back(r);
      rms.push_back(sizes.rms());
      median.push_back(sizes.median());
      if (r == 0) continue;
      after.push_back(r);
      largest.push_back(record.after(static_cast<Index>(t), r - 1));
      bound.push_back(bound_of(record, sum.squares().shifts(), static_cast<Index>(t), r));
    }
    figure.panels.push_back(Panel{targets[t].label}
                                .x_axis({"stages r", false, -0.25, sum.stages() + 0.25})
                                .y_axis({"error", true, 1e-5, 2})
                                .legend(t == 0 ? "bottom left" : "off")
                                .line(0, "bound", after, bound)
                                .points(0, "largest", after, largest)
                                .points(1, "RMS", stage, rms)
                                .points(2, "median", stage, median));
  }
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/kolmogorov_rates", "2.2",
                  "How fast does Kolmogorov's construction converge?"};
  const auto& base = program.option("base", 10, between(6, 12), "base γ of the digits");
  const auto& shifts =
      program.option("shifts", 4, between(4, 10), "largest shift m; there are m + 1 outer functions");
  const auto& stages = program.option("stages", 3, between(1, 3), "stages r of the construction");
  const auto& chosen =
      program.choices("targets", plane_function_names(), plane_function_names(), "functions f");
  const auto& draws = program.samples(1500, 200, 128);
  program.validate([&] {
    if (shifts > base - 2)
      throw BadOption{"shifts", std::to_string(shifts), fmt::format("at most base - 2 = {}", base - 2)};
  });
  program.figure("kolmogorov_errors",
                 "Errors after each stage, with the bound of the theory. The largest error hardly falls, and "
                 "not at every "
                 "stage; the median falls fast.");
  program.claims([&](Claims& claims) { declare(claims, base, shifts, stages, plane_functions_of(chosen)); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Build the outer functions
    const std::vector<PlaneFunction> targets = plane_functions_of(chosen);
    std::vector<KolmogorovSum::Function> functions;
    for (const PlaneFunction& target : targets) functions.push_back(target.f);
    const KolmogorovSum sum{base, shifts, stages, functions};

    // 2. Errors at random points
    const std::vector<Record> blocks = sample(report, "errors", sum, static_cast<int>(targets.size()), draws);
    for (int r = 1; r <= stages; ++r) compare_stage(report, sum, blocks, targets, r);

    // 3. More outer functions
    if (base >= 10)
      report.compare("eight-shifts", largest_error_of_product(report, base, 4, draws),
                     largest_error_of_product(report, base, 8, draws));

    // 4. Draw
    report.draw("kolmogorov_errors", [&] { return error_figure(sum, merged(blocks), targets); });
  });
}

// ## What we found
//
// For $xy$ the largest error at the sampled points is @value contraction-product-1 after one stage (the bound is @predicted contraction-product-1), @value contraction-product-2 after two
// (bound @predicted contraction-product-2) and @value contraction-product-3 after three (bound @predicted contraction-product-3), with a million squares for each shift. The later bounds are above the error before the stage: in these
// squares the rest of the target still changes by as much as its largest value, so that the theorem does not yet bite, and for $\max(x,y)$ the second stage does not lower the largest error at all.
//
// @figure kolmogorov_errors
//
// But large errors live in gaps. The RMS error falls by @value rms-product-1, @value rms-product-2 and @value rms-product-3, and the median by @value median-product-2 and @value median-product-3 in
// the last two stages, on the way to a tenth a stage, the side of the squares, which three stages do not reach. More shifts dilute the gaps: with $m=8$ the first stage leaves @value eight-shifts
// at points of their own, against @predicted eight-shifts.
//
// None of it depends much on the target, smooth or not. The sum has no use for smoothness: a polynomial of degree two would represent $xy$ without any error.
//
// @claims
//
// ## What can go wrong
//
// The largest error at random points is below the true one. Uniform points alone miss the narrowest gaps and see less than points that are sent there. The weight $\frac1{m-1}$ instead of $\frac1{m+1}$, since that many shifts
// are good at least, has a better worst case, and is much worse in practice.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. What would the bound be with weights $\frac1{m-1}$ on all plateaus?
// 2. For $n$ variables, how many shifts make a contraction? Why is $2n+1$ the number of functions in Kolmogorov's theorem?
// 3. How many squares does an RMS error of $\epsilon$ take at this rate? Compare with a tower of [as many cells](ridges_and_towers.cpp).
