// # What is the gap of an anharmonic oscillator, and what does a free ensemble know of it?
//
// Lecture §5 · after ward_identities · about 2 s on two cores
//
// **Question.** A field theory in one dimension is quantum mechanics, so $\phi^4$ theory there can be solved exactly. What are its
// numbers? And can one have them from an ensemble of free fields, by giving each of them the weight $e^{-S_\text{int}}$?
//
// ## The model
//
// The Hamiltonian is $H=\frac12p^2+\frac12m^2x^2+\frac{\lambda}{4!}x^4$, and $x(t)$ is the field $\phi(t)$. On a circle of length $T$,
// $\langle\phi(0)\phi(t)\rangle$ is the two-point function of the oscillator at temperature $1/T$. The free ensemble has the
// propagator of mass $m$ on this circle, at points $\varepsilon$ apart; a field of it gets the weight
// $$ w=e^{-S_\text{int}},\qquad S_\text{int}=\varepsilon\sum_t\frac{\lambda}{4!}\phi(t)^4 . $$
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/ensembles/wave_chain.hpp>
#include <fieldbook/ensembles/wave_fields.hpp>
#include <fieldbook/ensembles/weighted_means.hpp>
#include <fieldbook/fields/circle_theory.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace fieldbook;

namespace {

// ## What theory says: levels
//
// Two routes lead to the gap. One diagonalises $H$ in the states of a harmonic oscillator. The other is the transfer matrix
// $e^{-\varepsilon U/2}e^{-\varepsilon H_0}e^{-\varepsilon U/2}$ of the theory on the points of the circle: it differs by
// $O(\varepsilon^2)$, and the limit can be taken. With $\varepsilon$ and $\varepsilon/2$ the leading error cancels,
// and with $\varepsilon/4$ the next one.
double gap_of_transfer_matrices(const Oscillator& oscillator, double base_mass) {
  const auto gap = [&](int sites) { return TransferMatrix{oscillator, base_mass, 8, sites}.gap(); };
  const double coarse = gap(128), middle = gap(256), fine = gap(512);
  const double first = (4 * middle - coarse) / 3, second = (4 * fine - middle) / 3;
  return (16 * second - first) / 15;
}

// Perturbation theory has, for $m=1$,
// $$ \text{gap}=1+\frac\lambda8-\frac{\lambda^2}{32}+\frac{1791}{110592}\lambda^3-\frac{3825}{331776}\lambda^4+\dots $$
// The first correction is a mass shift, $\delta m^2=\frac\lambda2G(0)$: in one dimension there is nothing to renormalise. For another
// mass, energies come in units of $m$ and couplings in units of $m^3$.
constexpr double third_order = 1791. / 110592, fourth_order = 3825. / 331776;

double perturbation_theory(double mass, double lambda, int order) {
  const double g = lambda / (mass * mass * mass);
  return mass * (1 + g / 8 - (order >= 2 ? g * g / 32 : 0) + (order >= 3 ? third_order * g * g * g : 0));
}

// What the exact gap leaves for the third order, at two couplings and continued to zero along a line.
double third_order_of_exact_gap(double mass) {
  const double unit = mass * mass * mass;
  const auto rest = [&](double g) {
    const double gap = diagonalise({mass * mass, g * unit}).gap();
    return (gap - perturbation_theory(mass, g * unit, 2)) / (mass * g * g * g);
  };
  const double near = 0.002, far = 0.004;
  return 2 * rest(near) - rest(far);
}

// ## What theory says: how many fields survive the weights
//
// Of $S$ free fields with weights, only $\langle w\rangle^2/\langle w^2\rangle$ of them count. Both averages are partition
// functions, $\langle w^n\rangle=Z(nU)/Z(0)$, so the surviving fraction is
// $$ \frac{Z(U)^2}{Z(2U)\,Z(0)}\approx e^{-T[2E_0(U)-E_0(2U)-E_0(0)]}, $$
// which the transfer matrix knows (`exact_numbers`). It falls exponentially with $T$.
CircleTheory theory(double mass, double lambda, double length) {
  return {{mass * mass, lambda}, mass, length, static_cast<int>(std::lround(8 * length))};
}

// ## What networks do
//
// A network with one neuron for every momentum, whose quadratures are Gaussian, is the free field itself.
std::vector<WeightedMeans> reweight(Report& report, const std::string& stage, const CircleTheory& theory,
                                    std::int64_t draws) {
  const PeriodicGrid grid{1, theory.sites};
  const WaveNetwork network =
      WaveNetwork::every_momentum(grid, theory.free_field().spectrum, report.seed(), stage);
  const SiteAction action{theory.quadratic(), theory.quartic()};
  return sample_fields(report, stage, network, draws, WeightedMeans{1},
                       [&](std::span<const float> phi, WeightedMeans& means) {
                         double square = 0;
                         for (const float value : phi)
                           square += static_cast<double>(value) * value / theory.sites;
                         means.add(std::exp(-action(phi)), std::span{&square, 1});
                       });
}

// ## The claims
struct Case {
  double lambda;
  double length;
};

// Three couplings on the circle that is asked for and on one twice as long; the last with ten times as many fields, since
// few of them count.
std::vector<Case> cases(const std::vector<double>& lambdas, double length) {
  std::vector<Case> all;
  for (const double factor : {1., 2.})
    for (const double lambda : lambdas) all.push_back({lambda, factor * length});
  return all;
}

std::string id_of(const char* what, const Case& at) {
  return fmt::format("{}-lambda-{}-length-{}", what, at.lambda, at.length);
}

// Below this fraction a handful of fields decides, and no error bar is honest.
constexpr double least_fraction = 0.05;

void declare(Claims& claims, double mass, const std::vector<double>& lambdas, double length) {
  for (const double lambda : lambdas)
    claims.exact(fmt::format("gap-lambda-{}", lambda), "PQ1",
                 fmt::format("the gap at $\\lambda={}$: oscillator basis, and transfer matrices at three "
                             "spacings continued to zero",
                             lambda),
                 relative(1e-7));
  claims.exact("basis", "PQ1", "the gap at the strongest coupling in bases of 120 and of 160 states",
               relative(1e-9));
  claims.exact("third-order", "PQ13",
               "what second order leaves of the gap is $1791\\lambda^3/110592$ in units of $m$",
               absolute(1e-4));
  claims.exact("weak-coupling", "PQ13",
               "the gap at $\\lambda=m^3/10$: diagonalisation and third order, to less than the next term of "
               "this alternating series",
               absolute(fourth_order * 1e-4));
  for (const Case& at : cases(lambdas, length)) {
    const double fraction = exact_numbers(theory(mass, at.lambda, at.length)).effective_fraction;
    for (const auto& [what, code] : {std::pair{"fraction", "PQ14"}, {"square", "PQ15"}}) {
      if (fraction < least_fraction) {
        claims.leave_out(id_of(what, at), code,
                         fmt::format("only {:.2g} of the free fields count", fraction));
        continue;
      }
      claims.statistical(
          id_of(what, at), code,
          fmt::format("$\\lambda={}$, $T={}$: {}", at.lambda, at.length,
                      std::string{"fraction"} == what ? "the fraction of free fields that count"
                                                      : "$\\langle\\phi^2\\rangle$ of weighted free fields"));
    }
  }
}

// ## The experiment, step by step
void compare_levels(Report& report, double mass, const std::vector<double>& lambdas) {
  for (const double lambda : lambdas)
    report.compare(fmt::format("gap-lambda-{}", lambda), diagonalise({mass * mass, lambda}).gap(),
                   gap_of_transfer_matrices({mass * mass, lambda}, mass));
  const Oscillator strongest{mass * mass, lambdas.back()};
  report.compare("basis", diagonalise(strongest, 160).gap(), diagonalise(strongest).gap());
  report.compare("third-order", third_order, third_order_of_exact_gap(mass));
  const double weak = 0.1 * mass * mass * mass;
  report.compare("weak-coupling", perturbation_theory(mass, weak, 3) / mass,
                 diagonalise({mass * mass, weak}).gap() / mass);
}

std::vector<std::pair<Case, Estimate>> compare_weights(Report& report, double mass,
                                                       const std::vector<double>& lambdas, double length,
                                                       std::int64_t draws) {
  std::vector<std::pair<Case, Estimate>> fractions;
  for (const Case& at : cases(lambdas, length)) {
    const CircleTheory here = theory(mass, at.lambda, at.length);
    const CircleNumbers exact = exact_numbers(here);
    if (exact.effective_fraction < least_fraction) continue;
    const auto blocks =
        reweight(report, id_of("weights", at), here, exact.effective_fraction < 0.2 ? 10 * draws : draws);
    fractions.emplace_back(
        at, jackknife(blocks, [](const WeightedMeans& means) { return means.effective_fraction(); }));
    report.compare(id_of("fraction", at), exact.effective_fraction, fractions.back().second);
    report.compare(id_of("square", at), exact.square,
                   jackknife(blocks, [](const WeightedMeans& means) { return means.mean(0).value; }));
  }
  return fractions;
}

// ## The figures
Panel levels_panel(double mass) {
  Panel panel;
  panel.x_axis({"λ", true, 0.1, 120}).y_axis({"gap", false, 0, 3.2 * mass}).legend("top left");
  std::vector<double> lambda, exact, first, second, first_at, second_at;
  for (int i = 0; i <= 60; ++i) {
    lambda.push_back(0.1 * std::pow(1200, i / 60.));
    exact.push_back(diagonalise({mass * mass, lambda.back()}).gap());
    for (const int order : {1, 2}) {
      const double value = perturbation_theory(mass, lambda.back(), order);
      if (value < 0 || value > 3.2 * mass) continue;
      (order == 1 ? first_at : second_at).push_back(lambda.back());
      (order == 1 ? first : second).push_back(value);
    }
  }
  return panel.line(0, "exact", lambda, exact)
      .guide("first order", first_at, first)
      .guide("second order", second_at, second);
}

Panel fraction_panel(double mass, const std::vector<double>& lambdas, double length,
                     const std::vector<std::pair<Case, Estimate>>& fractions) {
  Panel panel;
  panel.x_axis({"length T", false, 0, 2.2 * length})
      .y_axis({"fraction of fields that count", true})
      .legend("bottom left");
  int colour = 0;
  for (const double lambda : lambdas) {
    std::vector<double> t, exact, at, y, error;
    for (int i = 1; i <= 11; ++i) {
      t.push_back(length * i / 5);
      exact.push_back(exact_numbers(theory(mass, lambda, t.back())).effective_fraction);
    }
    for (const auto& [where, fraction] : fractions)
      if (where.lambda == lambda) {
        at.push_back(where.length);
        y.push_back(fraction.value);
        error.push_back(fraction.standard_error);
      }
    panel.line(colour, fmt::format("λ = {}", lambda), t, exact).points(colour, "", at, y, error);
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/anharmonic_oscillator", "5",
                  "What is the gap of an anharmonic oscillator, and what does a free ensemble know of it?"};
  const auto& mass =
      program.option("mass", 1., between(0.7, 2.), "mass m of the field, in units of the inverse length");
  const auto& lambdas = program.list("lambdas", {1., 6., 24.}, between(0.05, 120.), "couplings, ascending");
  const auto& length = program.option("length", 8., between(2., 16.), "length T of the circle");
  const auto& draws = program.samples(200000, 20000, 5000);
  program.validate([&] {
    for (std::size_t i = 1; i < lambdas.size(); ++i)
      if (!(lambdas[i] > lambdas[i - 1]))
        throw BadOption{"lambdas", fmt::format("{}", fmt::join(lambdas, ",")), "ascending couplings"};
  });
  program.figure(
      "ao_gap",
      "The gap against the coupling: exact, and the first two orders of perturbation theory, which "
      "leave it on either side well before $\\lambda=10$.");
  program.figure("ao_fraction",
                 "The fraction of free fields that count after weighting, against the length of the circle: "
                 "exact lines, which fall exponentially, and what weighted fields show.");
  program.claims([&](Claims& claims) { declare(claims, mass, lambdas, length); });

  return program.run(argc, argv, [&](Report& report) {
    compare_levels(report, mass, lambdas);
    const auto fractions = compare_weights(report, mass, lambdas, length, draws);
    report.draw("ao_gap", {{levels_panel(mass)}});
    report.draw("ao_fraction", {{fraction_panel(mass, lambdas, length, fractions)}});
  });
}

// ## What we found
//
// At $\lambda=24$ the gap is @value gap-lambda-24, nearly twice that of the free theory, and two routes agree on it. Perturbation
// theory is useful for $\lambda\lesssim1$: its third coefficient, @predicted third-order, is seen in the exact gap as
// @value third-order.
//
// @figure ao_gap
//
// Weighted free fields find the exact $\langle\phi^2\rangle=$ @predicted square-lambda-6-length-8 at $\lambda=6$
// (@value square-lambda-6-length-8), but only @value fraction-lambda-6-length-8 of them count on a circle of length 8, and
// @value fraction-lambda-6-length-16 on one of length 16. The exponent is physics: it is a difference of ground-state energies.
//
// @figure ao_fraction
//
// @claims
//
// ## What can go wrong
//
// Weights are blind to where the interacting theory lives. In a deep double well nearly all free fields sit on top of the barrier: with
// $m^2=-1$, $\lambda=2$, $T=8$ a fraction of $3.6\cdot10^{-5}$ would count. Below a fraction of 0.05 this program leaves its
// claims out. The next program moves the fields to where they belong.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. The fraction is $e^{-T\Delta}$ for large $T$. Compute $\Delta$ from ground-state energies alone and compare.
// 2. Weight fields whose mass is not $m$. Which mass makes most of them count at $\lambda=24$?
