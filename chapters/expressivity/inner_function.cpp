// # What does the inner function of Kolmogorov look like?
//
// Lecture §2.2 · after zeros_of_random_networks · about 1 s on two cores
//
// **Question.** Every continuous function of two variables is a sum of functions of one variable, whose arguments are sums of functions of
// one variable. The inner ones do not even depend on $f$. What do they look like?
//
// ## The model
//
// In the version of Sprecher (1996) and Köppen (2002) there is a single inner function $\psi$, shifted by multiples of $a$,
// $$ f(x_1,x_2)=\sum_{q=0}^m\Phi_q\bigl(\psi(u_1+qa)+\lambda\,\psi(u_2+qa)\bigr),\qquad m\ge4, $$
// with a base $\gamma\ge m+2$, $a=\frac1{\gamma(\gamma-1)}$, $\lambda=\sum_{r\ge1}\gamma^{-\beta(r)}$, $\beta(r)=2^r-1$, and $u=\frac1\gamma+(1-\frac2\gamma)x$, so that no shift leaves $[0,1)$.
//
// For some functions a formula does the same with smooth or nearly smooth functions: $xy=\frac14\bigl((x+y)^2-(x-y)^2\bigr)$
// and $\max(x,y)=\frac12(x+y+|x-y|)$. The theorem needs no formula.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/merged.hpp>
#include <fieldbook/numerics/integer_power.hpp>
#include <fieldbook/numerics/koppen_squares.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/map.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::VectorXd;

namespace {

// ## What theory says: the staircase
//
// $\psi$ is built digit by digit: digit number $k$ of $d$ counts for $\gamma^{-\beta(k)}$ only, much less than in $d$ itself, so that all that follows a digit
// fits into a tiny interval; and the last digit $\gamma-1$ is half way to the next step. So almost all of the rise happens where a digit is
// $\gamma-1$. The largest rise between neighbours, halved with every digit, is
// $$ \Delta_1=\frac1\gamma,\qquad\Delta_k=\frac12\bigl(\Delta_{k-1}-(\gamma-2)\gamma^{-\beta(k)}\bigr), $$
// over a distance $\gamma^{-k}$: $\psi$ is continuous, strictly increasing, and Hölder of exponent $\log2/\log\gamma$ only.
double predicted_rise(int base, int level) {
  double rise = 1. / base;
  for (int k = 2; k <= level; ++k) rise = (rise - (base - 2) * std::pow(base, 1 - std::ldexp(1, k))) / 2;
  return rise;
}

// ## What theory says: squares on plateaus
//
// Call $x$ *good* for $q$ at level $k$ if both $u_p+qa$ exceed a multiple of $\gamma^{-k}$ by at most $\frac{\gamma-2}{\gamma-1}\gamma^{-k}$. The good points form squares with
// gaps between them, and the argument of $\Phi_q$ maps each square into an interval of length
// $(\gamma-2)(1+\lambda)\sum_{r>k}\gamma^{-\beta(r)}$ of its own: there $\Phi_q$ can be given any value. The gaps are why one term is not enough. The shifts see to it that
// for every $x_p$ at most one $q$ is bad, two for the pair. A random point is bad for
// $$ (m+1)\Bigl(1-\bigl(1-\tfrac1{\gamma-1}\bigr)^2\Bigr) $$
// of the $q$ on average, because $(1-\frac2\gamma)\gamma^k$ is a whole number of periods.
double predicted_bad_shifts(int base, int shifts) {
  const double good = 1 - 1. / (base - 1);
  return (shifts + 1) * (1 - good * good);
}

// No shift leads out of $[0,1)$: the largest $u_p+qa$ is that of $x_p=1$ and $q=m$, and $m\le\gamma-2$.
double predicted_largest_place(int base, int shifts) {
  return 1 - 1. / base + static_cast<double>(shifts) / (base * (base - 1));
}

// ## What the construction does
//
// `KoppenFunction`, `KoppenSquares` and `KoppenPlateaus` compute in integers of 127 bits, exactly: plateaus lie too close together for floating point.
constexpr int levels_of_psi = 5;

struct Rises {
  double largest = 0;
  std::int64_t falls = 0;  // neighbours that do not rise
};

Rises rises_of(int base, int level) {
  const KoppenFunction psi{base, levels_of_psi};
  Rises rises;
  Fixed before = 0, largest = 0;
  for (std::int64_t j = 1; j <= integer_power<std::int64_t>(base, level); ++j) {
    const Fixed value = psi(j, level);
    if (value <= before) ++rises.falls;
    largest = std::max(largest, value - before);
    before = value;
  }
  rises.largest = psi.to_double(largest);
  return rises;
}

int bad_shifts(const KoppenSquares& squares, int level, double x1, double x2) {
  const std::int64_t one = squares.place(x1), two = squares.place(x2);
  int bad = 0;
  for (int q = 0; q <= squares.shifts(); ++q)
    if (!squares.is_good(one, q, level) || !squares.is_good(two, q, level)) ++bad;
  return bad;
}

// The largest $u_p+ma$ of a point:
double largest_shifted_place(const KoppenSquares& squares, double x1, double x2) {
  const std::int64_t place = squares.shifted(squares.place(std::max(x1, x2)), squares.shifts());
  return static_cast<double>(place) / static_cast<double>(squares.one());
}

constexpr int levels_of_points = 3;

struct BadShifts {
  Averages mean{levels_of_points};
  int most = 0;
  double largest_place = 0;

  void merge(const BadShifts& other) {
    mean.merge(other.mean);
    most = std::max(most, other.most);
    largest_place = std::max(largest_place, other.largest_place);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& mean& most& largest_place;
  }
};

BadShifts sample_bad_shifts(Report& report, const KoppenSquares& squares, std::int64_t points) {
  const Stream stream{report.seed(), "points of the square"};
  return merged(sample_blocks(report, "points", points, BadShifts{}, [&](Block block, BadShifts& sum) {
    VectorXd x(2), bad(levels_of_points);
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      stream.uniforms(draw, {x.data(), 2});
      for (int level = 1; level <= levels_of_points; ++level)
        bad[level - 1] = bad_shifts(squares, level, x[0], x[1]);
      sum.mean.add(bad);
      sum.largest_place = std::max(sum.largest_place, largest_shifted_place(squares, x[0], x[1]));
      sum.most = std::max(sum.most, static_cast<int>(bad.maxCoeff()));
    }
  }));
}

// The formulas at random points, and how far they are off:
double identity_error(std::uint64_t seed) {
  std::vector<double> points(2000);
  Stream{seed, "points of the identities"}.uniforms(0, points);
  double largest = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) {
    const double x = points[i], y = points[i + 1], plus = x + y, minus = x - y;
    largest = std::max({largest, std::abs((plus * plus - minus * minus) / 4 - x * y),
                        std::abs((plus + std::abs(minus)) / 2 - std::max(x, y))});
  }
  return largest;
}

// ## The claims
struct Value {
  int level;
  std::int64_t digits;
  double psi;
};

const std::vector<Value> values_in_base_ten{
    {2, 58, 0.508}, {2, 59, 0.554}, {3, 123, 0.1020003}, {3, 999, 0.9770004}};

void declare(Claims& claims, int base) {
  for (const Value& value : values_in_base_ten) {
    const std::string id = fmt::format("psi-{}", value.digits);
    if (base == 10)
      claims.exact(id, "KA1", fmt::format("$\\psi(0.{})$ in base ten", value.digits), absolute(1e-14));
    else
      claims.leave_out(id, "KA1", "the values are those of base ten");
  }
  claims.exact("increasing", "KA2",
               fmt::format("neighbours on $D_k$, $k\\le{}$, where $\\psi$ does not rise", levels_of_psi),
               absolute(0));
  for (int level = 1; level < levels_of_psi; ++level)
    claims.exact(fmt::format("rise-{}", level), "KA3",
                 fmt::format("the largest rise between neighbours on $D_{}$", level), absolute(1e-12));
  for (const int level : {1, 2})
    claims.exact(fmt::format("overlaps-{}", level), "KA4",
                 fmt::format("plateaus of level {} in $[0,1)^2$ that overlap", level), absolute(0));
  claims.bound("inside", "KA4",
               "no shift leaves $[0,1)$: the largest $u_p+qa$ of a random point is at most "
               "$1-\\frac1\\gamma+\\frac m{\\gamma(\\gamma-1)}<1$",
               Side::below);
  claims.exact("most-bad-shifts", "KA5", "the largest number of bad $q$ of a random point", absolute(0));
  for (int level = 1; level <= levels_of_points; ++level)
    claims.statistical(fmt::format("bad-shifts-{}", level), "KA5",
                       fmt::format("level {}: mean number of bad $q$ of a random point", level));
  claims.exact("identities", "KA10", "$xy$ and $\\max(x,y)$ as sums of functions of sums: largest error",
               absolute(1e-15));
}

// ## The figures
Panel psi_panel(int base, int level, std::int64_t first, std::int64_t last, const std::string& title) {
  const KoppenFunction psi{base, levels_of_psi};
  std::vector<double> d, value;
  for (std::int64_t j = first; j <= last; ++j) {
    d.push_back(static_cast<double>(j) / static_cast<double>(integer_power<std::int64_t>(base, level)));
    value.push_back(psi.to_double(psi(j, level)));
  }
  return Panel{title}
      .x_axis({"d", false, d.front(), d.back()})
      .y_axis({"ψ(d)", false, value.front(), value.back()})
      .legend("off")
      .line(0, "ψ", d, value);
}

Figure psi_figure(int base) {
  const std::int64_t middle = base / 2;
  return {{psi_panel(base, 3, 0, integer_power<std::int64_t>(base, 3), "whole"),
           psi_panel(base, 4, middle * integer_power<std::int64_t>(base, 3),
                     (middle + 1) * integer_power<std::int64_t>(base, 3), "one step")},
          2,
          520,
          380};
}

// Edges of gaps are multiples of $1/(\gamma-1)(\gamma-2)$ on the first level: with so many cells the picture is exact.
Figure gap_figure(const KoppenSquares& squares) {
  const Index cells = (squares.gamma() - 1) * (squares.gamma() - 2);
  const auto bad = [&](double x1, double x2) { return bad_shifts(squares, 1, x1, x2); };
  return {{map_of("", 0, 1, bad, cells)}, 1, 420, 400};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/inner_function", "2.2",
                  "What does the inner function of Kolmogorov look like?"};
  const auto& base = program.option("base", 10, between(6, 12), "base γ of the digits");
  const auto& shifts =
      program.option("shifts", 4, between(4, 10), "largest shift m; there are m + 1 outer functions");
  const auto& points = program.samples(400000, 40000, 5000);
  program.validate([&] {
    if (shifts > base - 2)
      throw BadOption{"shifts", std::to_string(shifts), fmt::format("at most base - 2 = {}", base - 2)};
  });
  program.figure(
      "ka_psi",
      "The inner function rises everywhere, but almost only where a digit is the last one (left); a "
      "step, enlarged, is a staircase again (right).");
  program.figure(
      "ka_gaps",
      "How many of the shifts find a point in one of their gaps, at the first level: none (light), one, "
      "or, where two strips cross, two (dark); never more. On the lighter diagonal of every dark square both "
      "coordinates lie in the gap of the same shift, so that only one is bad.");
  program.claims([&](Claims& claims) { declare(claims, base); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Points and gaps
    const KoppenSquares squares{base, shifts};
    const BadShifts bad = sample_bad_shifts(report, squares, points);
    report.compare("inside", predicted_largest_place(base, shifts), bad.largest_place);
    report.compare("most-bad-shifts", 2, bad.most);
    for (int level = 1; level <= levels_of_points; ++level)
      report.compare(fmt::format("bad-shifts-{}", level), predicted_bad_shifts(base, shifts),
                     bad.mean.mean(level - 1));

    // 2. The staircase
    const KoppenFunction psi{base, levels_of_psi};
    if (base == 10)
      for (const Value& value : values_in_base_ten)
        report.compare(fmt::format("psi-{}", value.digits), value.psi,
                       psi.to_double(psi(value.digits, value.level)));
    std::int64_t falls = 0;
    for (int level = 1; level <= levels_of_psi; ++level) {
      const Rises rises = rises_of(base, level);
      falls += rises.falls;
      if (level < levels_of_psi)
        report.compare(fmt::format("rise-{}", level), predicted_rise(base, level), rises.largest);
    }
    report.compare("increasing", 0, static_cast<double>(falls));

    // 3. Plateaus and formulas
    for (const int level : {1, 2})
      report.compare(fmt::format("overlaps-{}", level), 0,
                     static_cast<double>(KoppenPlateaus{squares, level}.overlaps()));
    report.compare("identities", 0, identity_error(report.seed()));

    // 4. Draw
    report.draw("ka_psi", [&] { return psi_figure(base); });
    report.draw("ka_gaps", [&] { return gap_figure(squares); });
  });
}

// ## What we found
//
// $\psi(0.58)$ is @value psi-58 and $\psi(0.59)$ already @value psi-59: the digit 9 carries nearly all of the rise. The largest rise between neighbours is @value rise-2 at
// two digits, @value rise-3 at three, @value rise-4 at four: it halves while the distance is divided by ten. Nowhere does $\psi$ fail to rise.
//
// @figure ka_psi
//
// No two plateaus overlap, no shift comes nearer to 1 than @value inside, and no point is bad for more than @value most-bad-shifts shifts; on average it is for @value bad-shifts-1
// (@predicted bad-shifts-1).
//
// @figure ka_gaps
//
// @claims
//
// ## What can go wrong
//
// Sprecher's first $\psi$ was not monotone: with all digits but one carried over it falls at ten places from the fifth digit on, which Köppen noticed.
// A plain sum of digits $\sum_ki_k\gamma^{-\beta(k)}$ rises, but jumps. And without the margin of $1/\gamma$ shifts leave $[0,1)$, where $\psi$ ends.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that $\psi$ is Hölder of exponent $\log2/\log\gamma$. What does that say of a network that had to learn it?
// 2. On a finite grid one outer function is enough, since all $\xi$ differ. What goes wrong between the points of the grid?
// 3. How does the average number of bad shifts change with the number of variables, and how many shifts does the theorem need?
