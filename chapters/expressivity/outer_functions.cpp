// # What do the outer functions of Kolmogorov look like?
//
// Lecture §2.2 · after inner_function · about 1 s on two cores
//
// **Question.** The [inner function](inner_function.cpp) tells the squares of a grid apart, whatever $f$ is. All of $f$ is in the outer functions. What must they be?
//
// ## The model
//
// Two variables, $m+1$ outer functions, and the arguments of the page before:
// $$ f\simeq\sum_{q=0}^m\Phi_q(\xi_q),\qquad\xi_q=\psi(u_1+qa)+\lambda\,\psi(u_2+qa),\qquad u=\tfrac1\gamma+(1-\tfrac2\gamma)x. $$
// The $\Phi_q=\Phi_q^1+\Phi_q^2+\cdots$ are built in stages. Stage $r$ looks at $f_{r-1}$, what is left of $f$ after the stages before, on squares of side
// $\gamma^{-r}$. Each good square of shift $q$ has an interval of $\xi_q$ for itself, its plateau. There
// $$ \Phi_q^r=\frac1{m+1}f_{r-1}(\text{centre of the square}), $$
// and from plateau to plateau $\Phi_q^r$ goes down to zero and up again, linearly. What is left then is $f_r=f_{r-1}-\sum_q\Phi_q^r(\xi_q)$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/networks/kolmogorov_sum.hpp>
#include <fieldbook/networks/plane_functions.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace fieldbook;
using Eigen::Index;
using Eigen::VectorXd;

namespace {

// ## What theory says
//
// A point whose square is good for all $q$ gets $m+1$ times the same value, up to the change of $f_{r-1}$ inside a square: $f_r\approx0$ there. In a gap, $\xi_q$ runs from one plateau to the
// next *on the line*, and these belong to squares that are not neighbours in the plane: a bad $\Phi_q$ gives the value of $f$ at some wrong place, or none. The sum must live with that, and it can
// because at most two of the $m+1$ shifts are bad at a time.
//
// How often is that? A coordinate is in the gap of one shift with probability $\frac1{\gamma-1}$, and never in two of them, so
// $$ P(q\text{ is good})=\Bigl(1-\frac1{\gamma-1}\Bigr)^2,\qquad P(\text{all are good})=\Bigl(1-\frac{m+1}{\gamma-1}\Bigr)^2. $$
double predicted_share(int base, int shifts) {
  return std::pow(1 - static_cast<double>(shifts) / (base - 1), 2);
}

// ## What the construction does
//
// `KolmogorovSum` holds the outer functions. At random points, for every shift that is good there, $f_{r-1}$ is computed anew at the centre of the square and compared with $\Phi_q^r$: if the
// arithmetic were not exact, a point would sometimes end on a foreign plateau.
struct Record {
  explicit Record(int stages) : shares{2 * stages}, mismatch{VectorXd::Zero(stages)} {}

  void merge(const Record& other) {
    shares.merge(other.shares);
    mismatch = mismatch.cwiseMax(other.mismatch);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& shares& mismatch;
  }

  Averages shares;    // for each stage: of good shifts, and of points for which all are
  VectorXd mismatch;  // of Phi_q^r with f_{r-1}(centre) / (m+1)
};

// The number of shifts that are good at this point.
int look_at(const KolmogorovSum& sum, const KoppenPoint& point, int stage, double& mismatch) {
  const KoppenSquares& squares = sum.squares();
  int good = 0;
  for (int q = 0; q <= squares.shifts(); ++q) {
    if (!squares.is_good(point.one, q, stage) || !squares.is_good(point.two, q, stage)) continue;
    ++good;
    const KoppenPoint centre =
        sum.centre(stage, q, squares.cell(point.one, q, stage), squares.cell(point.two, q, stage));
    const double wanted = sum.left(centre, stage - 1)[0] / (squares.shifts() + 1);
    const double phi = sum.outer(stage, q, squares.argument(point.one, point.two, q))[0];
    mismatch = std::max(mismatch, std::abs(phi - wanted));
  }
  return good;
}

constexpr int points_of_a_draw = 64;

Record sample(Report& report, const KolmogorovSum& sum, std::int64_t draws) {
  const Stream stream{report.seed(), "points of the square"};
  const int shifts = sum.squares().shifts() + 1;
  return merged(
      sample_draws(report, "points", draws, Record{sum.stages()}, [&](std::uint64_t draw, Record& record) {
        std::vector<double> x(2 * points_of_a_draw);
        stream.uniforms(draw, x);
        VectorXd shares = VectorXd::Zero(2 * sum.stages());
        for (std::size_t i = 0; i < x.size(); i += 2)
          for (int r = 1; r <= sum.stages(); ++r) {
            const KoppenPoint point{sum.squares().place(x[i]), sum.squares().place(x[i + 1])};
            const int good = look_at(sum, point, r, record.mismatch[r - 1]);
            shares[2 * r - 2] += static_cast<double>(good) / shifts / points_of_a_draw;
            shares[2 * r - 1] += good == shifts ? 1. / points_of_a_draw : 0;
          }
        record.shares.add(shares);
      }));
}

// ## The claims
void declare(Claims& claims, int base, int shifts, int stages) {
  for (int r = 1; r <= stages; ++r) {
    claims.exact(fmt::format("plateaus-{}", r), "KA6",
                 fmt::format("stage {}: distance of $\\Phi_q^r$ from $f_{{r-1}}/(m+1)$ on good squares", r),
                 absolute(1e-12));
    claims.statistical(fmt::format("good-{}", r), "KA6",
                       fmt::format("stage {}: share of shifts that are good at a random point", r));
    const std::string all = fmt::format("all-good-{}", r);
    if (shifts < base - 2)
      claims.statistical(all, "KA6",
                         fmt::format("stage {}: share of points for which all shifts are good", r));
    else
      claims.leave_out(all, "KA6", "with base - 2 shifts every point is in a gap");
  }
}

// ## The figures
//
// The outer function is looked at through windows that get smaller by $\gamma$ with every stage.
Figure outer_figure(const KolmogorovSum& sum) {
  const KoppenSquares& squares = sum.squares();
  const Fixed one = squares.argument_of(squares.psi().one(), 0);
  Figure figure{{}, 1, 760, 230};
  Fixed first = 0, width = one;
  for (int stages = 1; stages <= sum.stages(); ++stages) {
    std::vector<double> arguments, values;
    constexpr int steps = 1600;
    for (int i = 0; i <= steps; ++i) {
      const Fixed argument = first + width / steps * i;
      arguments.push_back(squares.to_double(argument));
      values.push_back(0);
      for (int r = 1; r <= stages; ++r) values.back() += sum.outer(r, 0, argument)[0];
    }
    figure.panels.push_back(Panel{fmt::format("after stage {}", stages)}
                                .x_axis({"ξ", false, arguments.front(), arguments.back()})
                                .y_axis({"Φ_0(ξ)"})
                                .legend("off")
                                .line(0, "Φ_0", arguments, values));
    width /= squares.gamma();
    first += squares.gamma() / 2 * width;
  }
  return figure;
}

Figure surface_figure(const KolmogorovSum& sum) {
  const KoppenSquares& squares = sum.squares();
  const auto left = [&sum, &squares](double x, double y, int stages) {
    return sum.left({squares.place(x), squares.place(y)}, stages)[0];
  };
  const Index cells = (squares.gamma() - 1) * (squares.gamma() - 2);
  Figure figure{{}, sum.stages(), 340, 320};
  for (int r = 0; r < sum.stages(); ++r)
    figure.panels.push_back(map_of(
        r == 0 ? "f" : fmt::format("sum after stage {}", r), 0, 1,
        [&](double x, double y) { return left(x, y, 0) - (r == 0 ? 0 : left(x, y, r)); }, cells));
  for (int r = 1; r <= sum.stages(); ++r)
    figure.panels.push_back(map_of(
        fmt::format("left after stage {}", r), 0.5, 0.5 + 0.5 * std::pow(squares.gamma(), 1 - r),
        [&](double x, double y) { return left(x, y, r); }, cells));
  return figure;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/outer_functions", "2.2",
                  "What do the outer functions of Kolmogorov look like?"};
  const auto& base = program.option("base", 10, between(6, 12), "base γ of the digits");
  const auto& shifts =
      program.option("shifts", 4, between(4, 10), "largest shift m; there are m + 1 outer functions");
  const auto& stages = program.option("stages", 3, between(1, 3), "stages r of the construction");
  const auto& target = program.choice("target", "product", plane_function_names(), "function f");
  const auto& draws = program.samples(2000, 200, 128);
  program.validate([&] {
    if (shifts > base - 2)
      throw BadOption{"shifts", std::to_string(shifts), fmt::format("at most base - 2 = {}", base - 2)};
  });
  program.figure(
      "outer_stages",
      "The first of the outer functions, in windows that get smaller from stage to stage. Every stage adds "
      "finer teeth; the limit is continuous and very rough.");
  program.figure(
      "outer_surface",
      "A function and the sums (above), and what is left of it (below, each in colours of its own, in "
      "windows that get smaller by γ from stage to stage): errors live in gaps, on every scale anew.");
  program.claims([&](Claims& claims) { declare(claims, base, shifts, stages); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Build the outer functions
    const KolmogorovSum sum{base, shifts, stages, {plane_functions_of({target}).front().f}};

    // 2. Look at them on good squares
    const Record record = sample(report, sum, draws);
    for (int r = 1; r <= stages; ++r) {
      report.compare(fmt::format("plateaus-{}", r), 0, record.mismatch[r - 1]);
      report.compare(fmt::format("good-{}", r), predicted_share(base, 1), record.shares.mean(2 * r - 2));
      if (shifts < base - 2)
        report.compare(fmt::format("all-good-{}", r), predicted_share(base, shifts + 1),
                       record.shares.mean(2 * r - 1));
    }

    // 3. Draw
    report.draw("outer_stages", [&] { return outer_figure(sum); });
    report.draw("outer_surface", [&] { return surface_figure(sum); });
  });
}

// ## What we found
//
// The construction does what it should. A random point is good for a share @value good-1 of the shifts (@predicted good-1), and on good squares outer functions are off by @value plateaus-1,
// @value plateaus-2 and @value plateaus-3 in the three stages. All shifts are good for @value all-good-1 of the points only; so most points are in some gap.
//
// @figure outer_surface
//
// After one stage, the sum is a mosaic of wrong and right values; diagonal streaks are points where both coordinates are in the gap of the same shift. The next stage mends that on
// squares of a tenth of the side, and leaves a finer net of gaps.
//
// @figure outer_stages
//
// The outer functions pay for it all. Neighbours in the plane are no neighbours on the line, and $\Phi_0$ must jump up and down between them: no smoothness of $f$ survives. A network that
// learned these functions would have to learn this. Kolmogorov-Arnold networks [go the other way](kan.cpp): smooth functions on the edges, and no theorem that two layers of them suffice.
//
// @claims
//
// ## What can go wrong
//
// Nothing on this page would change if $\psi$ jumped, as a plain sum of digits does: plateaus only have to be in order. But then the sum would not be continuous, and that all functions are is what the
// theorem says.
//
// Three stages need differences of $10^{-15}$ between values of the order of 1: with doubles, points land on foreign plateaus. And a fit on a grid proves nothing: on any *finite* set of points **one** outer function
// interpolates $f$ exactly, because no two points have the same $\xi$. Its variation grows without bound as the grid gets finer. Continuity is what the other $2n$ functions buy.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. For $f=xy$ and one stage, estimate the sum of all ups and downs of $\Phi_0$ as a function of $\gamma$. What is it for a grid of side $\gamma^{-k}$ and one term?
// 2. Which points are good for all shifts in the figure of the sums, and what is the sum there?
// 3. Why can the inner functions be the same for all $f$, and what would you gain by letting them depend on $f$?
