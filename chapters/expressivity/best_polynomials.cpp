// # How near can a polynomial come?
//
// Lecture §2.1 · after random_features · about 1 s on two cores
//
// **Question.** A network whose neurons are powers $z^k$ is a polynomial of degree $k$, however wide it is. How near can a polynomial
// come to a function, everywhere at once?
//
// ## The model
//
// One hidden layer on $[-1,1]$, with any number $N$ of neurons,
// $$ \phi(x)=\sum_{i=1}^Nc_i(w_ix+b_i)^k, $$
// expands into powers up to $x^k$. So no choice of $N$, $c$, $w$ and $b$ brings it nearer to $f$ than the minimax error
// $$ E_k(f)=\min_{p\,\in\,\mathcal P_k}\ \max_{|x|\le1}|f(x)-p(x)| $$
// of polynomials of degree $k$. How large that is depends on $f$: on its poles in the complex plane, or on its kinks.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/draws.hpp>
#include <fieldbook/numerics/best_polynomial.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/special_functions/bessel.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <string>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// ## What theory says: analytic functions
//
// In Chebyshev polynomials, $f=\sum_ja_jT_j$, the best polynomial is nearly the sum up to $j=k$, and how nearly is known: arrange the other
// coefficients in a Hankel matrix, $H_{ij}=a_{k+1+i+j}$. Its largest singular value is the error of the best approximation by
// $\sum_{j\le k}a_jT_j$ where all $j<0$ are allowed too (Carathéodory and Fejér; Trefethen), and leaving those out again costs only of the order
// of $a_{3k+3}$. For a pole at $a>1$ the coefficients are a geometric series, $H$ has rank one, and the answer is
// exact and Chebyshev's:
// $$ E_k\Bigl(\frac1{a-x}\Bigr)=\frac{(a-\sqrt{a^2-1})^k}{a^2-1}. $$
double predicted_for_a_pole(double a, int degree) {
  return std::pow(a - std::sqrt(a * a - 1), degree) / (a * a - 1);
}

// The exponential has no pole. Its $a_j=2I_j(1)$ are Bessel functions, which fall faster than any geometric series. Only for the straight line is
// $a_{3k+3}$ not negligible, but there the error is elementary: with the slope $s=\sinh1$ and the three points
// of alternation $-1,\ \ln s,\ 1$ it is $\frac12(e-2s+s\ln s)$.
double predicted_for_the_exponential(int degree) {
  if (degree == 1) {
    const double slope = std::sinh(1);
    return (std::numbers::e - 2 * slope + slope * std::log(slope)) / 2;
  }
  constexpr int size = 12;
  MatrixXd hankel(size, size);
  for (int i = 0; i < size; ++i)
    for (int j = 0; j < size; ++j) hankel(i, j) = 2 * boost::math::cyl_bessel_i(degree + 1 + i + j, 1.);
  return Eigen::SelfAdjointEigenSolver<MatrixXd>{hankel, Eigen::EigenvaluesOnly}
      .eigenvalues()
      .cwiseAbs()
      .maxCoeff();
}

// ## What theory says: a kink
//
// The kink of $|x|$ can be approached only like $1/k$. Bernstein showed that $2nE_{2n}(|x|)$ has a limit $\beta$; Varga and Carpenter (1985)
// computed it, and how it is approached:
// $$ 2nE_{2n}(|x|)=\beta-\frac{0.043967}{n^2}+\frac{0.026407}{n^4}-\dots,\qquad\beta=0.2801694990\ldots $$
constexpr double bernstein = 0.2801694990238691;

double predicted_for_the_kink(int degree) {
  const double n = degree / 2.;
  return bernstein - 0.0439675 / (n * n) + 0.0264072 / std::pow(n, 4);
}

// At small $n$ we take the numbers themselves, from forty-digit arithmetic; $E_2=1/8$ is elementary.
const std::map<int, double> kink_errors{
    {2, 0.125}, {4, 0.067620899277784}, {6, 0.045929062066863}, {8, 0.034689728084382}};
constexpr int highest_degree = 20;

// ## What an algorithm does
//
// Chebyshev's criterion: $p$ is the best if $f-p$ takes its largest modulus at $k+2$ points with alternating signs. The exchange of Remez
// solves for equal errors at $k+2$ points, finds the extrema of the error, and takes these as the next points. It carries its own
// proof: the levelled error is a lower bound of $E_k$ for *all* polynomials (de la Vallée-Poussin), the largest error of the polynomial
// found is an upper bound, and `best_polynomial` returns both.
struct Target {
  std::string name, formula, label;
  std::function<double(double)> f;
};

constexpr Index kink_target = 2;

std::vector<Target> targets(double pole) {
  return {{"pole", "$1/(a-x)$", fmt::format("1/({} − x)", pole), [pole](double x) { return 1 / (pole - x); }},
          {"exponential", "$e^x$", "e^x", [](double x) { return std::exp(x); }},
          {"kink", "$|x|$", "|x|", [](double x) { return std::abs(x); }},
          {"runge", "$1/(1+25x^2)$", "1/(1 + 25x²)", [](double x) { return 1 / (1 + 25 * x * x); }}};
}

// ## What networks do
//
// The error of a network has no closed form to be compared with, but the polynomials that it cannot undercut have: for poles at random places,
// $\ln(a-1)$ uniform between $\ln0.1$ and $\ln3$, and all degrees up to 6, we compare the exchange with Chebyshev's formula. The largest deviation of a
// draw, relative to $E_k$:
VectorXd deviation_of_a_draw(std::uint64_t seed, std::uint64_t draw) {
  double place = 0, largest = 0;
  Stream{seed, "poles"}.uniforms(draw, {&place, 1});
  const double pole = 1 + 0.1 * std::pow(30, place);
  for (int k = 0; k <= 6; ++k) {
    const BestPolynomial best = best_polynomial([pole](double x) { return 1 / (pole - x); }, k);
    const double exact = predicted_for_a_pole(pole, k);
    largest = std::max({largest, std::abs(best.largest / exact - 1), std::abs(best.levelled / exact - 1)});
  }
  return VectorXd::Constant(1, largest);
}

// ## The claims
void declare(Claims& claims, const std::vector<int>& degrees, const std::vector<Target>& all) {
  for (const int k : degrees)
    claims.exact(fmt::format("pole-{}", k), "AM3", fmt::format("$E_{{{}}}$ of $1/(a-x)$", k), relative(1e-6));
  for (const auto& [k, error] : kink_errors)
    claims.exact(fmt::format("kink-{}", k), "AM4", fmt::format("$E_{{{}}}$ of $|x|$", k), absolute(1e-6));
  for (int k = kink_errors.rbegin()->first + 2; k <= highest_degree; k += 2)
    claims.exact(
        fmt::format("bernstein-{}", k), "AM5",
        fmt::format(
            "$2nE_{{2n}}(|x|)$ at $2n={}$ is that of its expansion, to the next term of about $-0.03/n^6$",
            k),
        absolute(0.04 / std::pow(k / 2., 6)));
  claims.bound("rising", "AM5",
               fmt::format("$2nE_{{2n}}(|x|)$ rises at every step up to $2n={}$", highest_degree),
               Side::above);
  claims.bound("below-bernstein", "AM5", "$2nE_{2n}(|x|)$ stays below Bernstein's constant", Side::below);
  for (const int k : degrees)
    claims.exact(fmt::format("exponential-{}", k), "AM6", fmt::format("$E_{{{}}}$ of $e^x$", k),
                 relative(1e-6));
  for (const Target& target : all)
    claims.exact(
        "certificate-" + target.name, "AM4",
        fmt::format("$E_8$ of {} from below (levels), and from above on a fine grid", target.formula),
        relative(1e-6));
  claims.exact("random-poles", "AM3",
               "poles at random places, degrees up to 6: mean of the largest relative deviation from $E_k$",
               absolute(1e-6));
}

// ## The experiment, step by step
void compare_analytic(Report& report, const std::vector<int>& degrees, double pole) {
  const auto all = targets(pole);
  for (const int k : degrees) {
    report.compare(fmt::format("pole-{}", k), predicted_for_a_pole(pole, k),
                   best_polynomial(all[0].f, k).largest);
    report.compare(fmt::format("exponential-{}", k), predicted_for_the_exponential(k),
                   best_polynomial(all[1].f, k).largest);
  }
}

// $|x|$ is even: with $x^2=(1+u)/2$ its best polynomial of degree $2n$ is that of degree $n$ for $\sqrt{(1+u)/2}$. That halves the work for
// high degrees; the smaller ones are compared without it.
double kink_error(int degree) {
  return best_polynomial([](double u) { return std::sqrt((1 + u) / 2); }, degree / 2).largest;
}

std::vector<double> compare_kink(Report& report) {
  for (const auto& [k, error] : kink_errors)
    report.compare(fmt::format("kink-{}", k), error,
                   best_polynomial([](double x) { return std::abs(x); }, k).largest);
  std::vector<double> scaled;
  double rise = 1;
  for (int k = 2; k <= highest_degree; k += 2) {
    scaled.push_back(k * kink_error(k));
    if (!kink_errors.contains(k))
      report.compare(fmt::format("bernstein-{}", k), predicted_for_the_kink(k), scaled.back());
    if (k > 2) rise = std::min(rise, scaled.back() - scaled[scaled.size() - 2]);
  }
  report.compare("rising", 0, rise);
  report.compare("below-bernstein", bernstein, scaled.back());
  return scaled;
}

void compare_random_poles(Report& report, std::int64_t draws) {
  const Averages deviations = merged(
      sample_draws(report, "random poles", draws, Averages{1}, [&](std::uint64_t draw, Averages& averages) {
        averages.add(deviation_of_a_draw(report.seed(), draw));
      }));
  report.compare("random-poles", 0, deviations.mean(0).value);
}

void compare_bounds(Report& report, const std::vector<Target>& all) {
  for (const Target& target : all) {
    const BestPolynomial best = best_polynomial(target.f, 8);
    double largest = 0;
    for (int j = 0; j <= 20000; ++j) {
      const double x = j == 10000 ? 0 : std::cos(std::numbers::pi * j / 20000);
      largest = std::max(largest, std::abs(target.f(x) - best(x)));
    }
    report.compare("certificate-" + target.name, best.levelled, largest);
  }
}

// ## The figures
Panel alternation_panel(const Target& target, int degree) {
  const BestPolynomial best = best_polynomial(target.f, degree);
  std::vector<double> x, error, at;
  for (int i = -400; i <= 400; ++i) {
    x.push_back(i / 400.);
    error.push_back(target.f(x.back()) - best(x.back()));
  }
  for (const double reference : best.references) at.push_back(target.f(reference) - best(reference));
  const double height = 1.35 * best.largest;
  return Panel{target.label}
      .x_axis({"x", false, -1.03, 1.03})
      .y_axis({"f(x) − p(x)", false, -height, height})
      .legend("off")
      .guide("lower bound", {-1.03, 1.03}, {best.levelled, best.levelled})
      .guide("", {-1.03, 1.03}, {-best.levelled, -best.levelled})
      .line(0, "error", x, error)
      .points(1, "points of alternation", best.references, at);
}

Panel degree_panel(const std::vector<int>& degrees, double pole, const std::vector<double>& kink) {
  std::vector<double> k, even, pole_line, exp_line, kink_line, pole_points, exp_points, kink_points;
  const auto all = targets(pole);
  for (const int degree : degrees) {
    k.push_back(degree);
    pole_line.push_back(predicted_for_a_pole(pole, degree));
    exp_line.push_back(predicted_for_the_exponential(degree));
    pole_points.push_back(best_polynomial(all[0].f, degree).largest);
    exp_points.push_back(best_polynomial(all[1].f, degree).largest);
  }
  for (int degree = 2; degree <= highest_degree; degree += 2) {
    even.push_back(degree);
    const auto known = kink_errors.find(degree);
    kink_line.push_back(known == kink_errors.end() ? predicted_for_the_kink(degree) / degree : known->second);
    kink_points.push_back(kink[static_cast<std::size_t>(degree / 2 - 1)] / degree);
  }
  return Panel{}
      .x_axis({"degree k", false, 0, highest_degree + 1.})
      .y_axis({"E_k", true, 1e-9, 10})
      .legend("bottom right")
      .line(0, "|x|", even, kink_line)
      .points(0, "", even, kink_points)
      .line(1, fmt::format("1/({} − x)", pole), k, pole_line)
      .points(1, "", k, pole_points)
      .line(2, "e^x", k, exp_line)
      .points(2, "", k, exp_points);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"expressivity/best_polynomials", "2.1", "How near can a polynomial come?"};
  const auto& degrees = program.list("degrees", {1, 2, 3, 4, 5, 6, 7, 8}, between(1, 8),
                                     "degrees of the polynomials for 1/(a-x) and e^x");
  const auto& pole = program.option("pole", 2., between(1.02, 3.), "pole a of the target 1/(a-x)");
  const auto& draws = program.samples(400, 80, 16);
  program.figure(
      "bp_alternation",
      "The error of the best polynomial of degree 8 takes its largest modulus at ten points with "
      "alternating signs, which no other polynomial can undercut at all of them. For an even function "
      "like |x| (left) there is one point more, by symmetry; the pole pushes its points to the right.");
  program.figure(
      "bp_degrees",
      "An entire function is approached faster than geometrically, a pole geometrically, a kink only "
      "like 1/k. Lines are theory, points the exchange of Remez.");
  program.claims([&](Claims& claims) { declare(claims, degrees, targets(pole)); });

  return program.run(argc, argv, [&](Report& report) {
    const auto all = targets(pole);
    // 1. Analytic functions
    compare_analytic(report, degrees, pole);
    compare_random_poles(report, draws);

    // 2. The kink
    const std::vector<double> kink = compare_kink(report);
    compare_bounds(report, all);

    // 3. Draw
    report.draw("bp_alternation", [&] {
      return Figure{{alternation_panel(all[kink_target], 8), alternation_panel(all[0], 8)}, 2, 460, 340};
    });
    report.draw("bp_degrees", [&] { return Figure{{degree_panel(degrees, pole, kink)}}; });
  });
}

// ## What we found
//
// The exchange meets all closed forms: for $1/(2-x)$ degree 8 leaves @value pole-8, and theory says @predicted pole-8; the exponential leaves
// @value exponential-3 at degree 3 already, where one eigenvalue says @predicted exponential-3.
//
// @figure bp_degrees
//
// The kink of $|x|$ still leaves @value kink-8 at degree 8. At degree 16 the product $2nE_{2n}$ has reached @value bernstein-16; it rises towards Bernstein's
// $0.28017$ and never beyond.
//
// @figure bp_alternation
//
// That no other polynomial does better needs no comparison with others: for $|x|$ at degree 8 the bound from below is @predicted certificate-kink
// and the error itself @value certificate-kink.
//
// @claims
//
// ## What can go wrong
//
// An even function and symmetric first points: the levelled error is zero, the exchange finds too few extrema and stops before it begins. Ours starts
// from points that are pushed off their symmetry. Extrema that are looked for on a grid alone limit the result to about $10^{-8}$. And an error
// near rounding, as for $e^x$ beyond degree 10, alternates at random.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show with Chebyshev's criterion that $E_k(x^{k+1})=2^{-k}$, and that nothing else of the form $x^{k+1}+\dots$ is smaller.
// 2. Why does $|x|$ have the same $E_{2n}$ and $E_{2n+1}$?
// 3. Move the pole with `--pole 1.02`. How many degrees does it take now for an error of $10^{-3}$, and how many would a pole
//    at $i/5$, that of $1/(1+25x^2)$, need?
