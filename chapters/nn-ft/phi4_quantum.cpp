// # Do networks know the energy gap of the anharmonic oscillator?
//
// Lecture §5 · after anharmonic_oscillator · about 6 s on two cores
//
// **Question.** Take the parameters of a free network and deform their density, $\tilde P(\theta)\propto P(\theta)\,e^{-\int V_\theta}$,
// with a potential of the network's own field. Is this $\phi^4$ theory, down to the energy gap?
//
// ## The model
//
// The time is a circle of length $T$ with points $\varepsilon$ apart. A neuron is a plane wave around it, and the free network has the
// propagator of the base mass $m_b$ on the circle, without a cutoff (`circle_field`). Its parameters get the density
// $$ \tilde P(\theta)\propto P(\theta)\,e^{-S_\text{int}},\qquad
//    S_\text{int}=\varepsilon\sum_tU(\phi_\theta(t)),\qquad U=\tfrac12(m^2-m_b^2)\phi^2+\tfrac\lambda{4!}\phi^4 . $$
// The architectures: `spectral` has one neuron for every momentum, with Gaussian quadratures, and is free of corrections in $1/N$;
// `constant`, `rayleigh` and `gauss` have $N$ neurons of random momenta and amplitudes $s$ of that law.
#include <fieldbook/ensembles/field_histogram.hpp>
#include <fieldbook/ensembles/wave_ensemble.hpp>
#include <fieldbook/fields/circle_theory.hpp>
#include <fieldbook/fields/effective_energy.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>
#include <memory>

using namespace fieldbook;

namespace {

// ## What theory says
//
// The free propagator on the circle is that of an oscillator of frequency $m_b$ at temperature $1/T$, and the weights at the
// sites are the other factor of a Trotter product: the theory has the transfer matrix
// $e^{-\varepsilon U/2}e^{-\varepsilon H_0}e^{-\varepsilon U/2}$. Its matrix elements are exact numbers for this $T$ and
// $\varepsilon$ (`exact_numbers`): $\langle\phi^2\rangle$, $\langle\phi^4\rangle-3\langle\phi^2\rangle^2$, and the effective energy
// $$ E:\qquad \frac{G(2\tau)}{G(\tau)}=\frac{\cosh E(T/2-2\tau)}{\cosh E(T/2-\tau)},\qquad\tau\approx\min(\tfrac12,1/\text{gap}), $$
// close to the gap of the continuum, which the previous program computes in two ways.
//
// Several theories are looked at: the one that is asked for; one of stronger coupling; the same theory from free networks of another
// mass, which must not matter; and a double well, $m^2<0$.
constexpr double least_coupling_of_wells = 0.5;

struct Case {
  const char* id;
  const char* code;
  const char* words;
  CircleTheory theory;
};

std::vector<Case> cases(const CircleTheory& asked) {
  CircleTheory strong = asked, other_base = asked, well = asked;
  strong.oscillator.lambda += 18;
  other_base.base_mass *= 1.5;
  well.oscillator.mass2 = -asked.oscillator.mass2;
  std::vector<Case> all{{"asked", "PQ2", "the theory asked for", asked},
                        {"strong", "PQ3", "a coupling stronger by 18", strong},
                        {"other-base", "PQ10", "free networks of $1.5\\,m_b$, the same theory", other_base}};
  if (asked.oscillator.mass2 > 0 && asked.oscillator.lambda >= least_coupling_of_wells)
    all.push_back({"well", "PQ12", "the double well", well});
  return all;
}

// Proposals come from the free network. Where the interacting fields are smaller than the free ones they arrive easily. Where they are
// larger, as in double wells, a fresh neuron is mostly refused: half steps are better there, and still the autocorrelation
// time of $\phi^2$ grows, in eighteen theories it was below $10f^{-1/4}$ sweeps with the fraction $f$ of free fields that would
// count after weighting. A bin must hold 50 of them.
bool larger_than_free(const CircleTheory& theory) {
  return exact_numbers(theory).square > theory.free_field().propagator[0];
}

double sweeps_needed(const CircleTheory& theory) {
  if (!larger_than_free(theory)) return 0;
  const double bins = chains_of_an_ensemble * bins_of_a_chain;
  return std::ceil(bins * 50 * 10 * std::pow(exact_numbers(theory).effective_fraction, -0.25));
}

// ## What networks do
//
// Metropolis, neuron by neuron: propose a fresh neuron from the prior, accept it with probability
// $\min(1,e^{-\Delta S_\text{int}})$ (`WaveChain`). Momenta, phases and amplitudes move together, and the density of the free network
// needs not even be known, only drawn from.
struct Sampler {
  std::string architecture = "spectral";
  int width = 0;
};

InteractingEnsemble sample(Report& report, const std::string& stage, const CircleTheory& theory,
                           const Sampler& sampler, const std::vector<int>& lags, std::int64_t sweeps) {
  const PeriodicGrid grid{1, theory.sites};
  const Eigen::VectorXd spectrum = theory.free_field().spectrum;
  const bool spectral = sampler.architecture == "spectral";
  const auto network = std::make_shared<const WaveNetwork>(
      spectral ? WaveNetwork::every_momentum(grid, spectrum, report.seed(), stage)
               : WaveNetwork::random_momenta(grid, spectrum, 0, amplitude_law(sampler.architecture),
                                             sampler.width, report.seed(), stage));
  WaveChain::Lags shifts;
  for (const int lag : lags) shifts.push_back(grid.shifted(0, lag));
  const double step = spectral && larger_than_free(theory) ? 0.5 : 1;
  return sample_interacting(report, stage, report.seed(), network, {theory.quadratic(), theory.quartic()},
                            shifts, sweeps, step);
}

struct Measured {
  Estimate square, fourth_cumulant, effective_energy;
  double bin_length;
};

Measured measure(Report& report, const std::string& stage, const CircleTheory& theory, const Sampler& sampler,
                 std::int64_t sweeps) {
  const int lag = theory.gap_lag();
  const double tau = lag * theory.spacing();
  const InteractingEnsemble ensemble = sample(report, stage, theory, sampler, {lag, 2 * lag}, sweeps);
  return {ensemble.square(), ensemble.fourth_cumulant(),
          over_bins(ensemble.bins,
                    [&](const Eigen::VectorXd& mean) {
                      return effective_energy(mean[2], mean[3], theory.length, tau, tau);
                    }),
          ensemble.bin_length()};
}

// Random momenta have corrections in $1/N$: three widths, $N$, $2N$ and $4N$, and a parabola in $1/N$ through them. What it leaves out is
// of order $(T/N)^3$: with eight neurons on a circle of length 8 and Gaussian amplitudes it was nine standard errors.
constexpr int widths_per_length = 4;

Measured extrapolate(Report& report, const std::string& stage, const CircleTheory& theory,
                     const Sampler& sampler, std::int64_t sweeps) {
  if (sampler.architecture == "spectral") return measure(report, stage, theory, sampler, sweeps);
  std::vector<double> widths;
  std::vector<Estimate> square, fourth_cumulant, effective_energy;
  double bin_length = 1e300;
  for (const int factor : {1, 2, 4}) {
    const Sampler wider{sampler.architecture, factor * sampler.width};
    const Measured at =
        measure(report, fmt::format("{}, width {}", stage, wider.width), theory, wider, sweeps);
    widths.push_back(wider.width);
    square.push_back(at.square);
    fourth_cumulant.push_back(at.fourth_cumulant);
    effective_energy.push_back(at.effective_energy);
    bin_length = std::min(bin_length, at.bin_length);
  }
  const auto limit = [&](const std::vector<Estimate>& data) {
    return fit_inverse_powers(widths, data, 2)[0];
  };
  return {limit(square), limit(fourth_cumulant), limit(effective_energy), bin_length};
}

// ## The claims
//
// An error bar is honest if bins are as good as independent, and that is a claim too.
std::string id_of(const Case& at, const char* what) { return fmt::format("{}-{}", at.id, what); }

void declare(Claims& claims, const CircleTheory& asked, std::int64_t sweeps) {
  claims.exact("free-energy", "PQ2", "the effective energy of the free propagator is $m_b$", relative(1e-9));
  for (const Case& at : cases(asked)) {
    const char* observables[][2] = {
        {"square", "$\\langle\\phi^2\\rangle$"},
        {"fourth-cumulant", "$\\langle\\phi^4\\rangle-3\\langle\\phi^2\\rangle^2$"},
        {"energy", "the effective energy"}};
    const double needed = sweeps_needed(at.theory);
    const bool too_deep = needed > static_cast<double>(sweeps);
    for (const auto& [what, symbol] : observables) {
      if (too_deep)
        claims.leave_out(
            id_of(at, what), at.code,
            fmt::format("free fields are too small for it: it would take {:.3g} sweeps", needed));
      else
        claims.statistical(id_of(at, what), at.code, fmt::format("{}: {}", at.words, symbol));
    }
    if (!too_deep)
      claims.bound(id_of(at, "bins"), at.code,
                   fmt::format("{}: a bin is at least 50 autocorrelation times long", at.words), Side::above);
  }
}

// ## The experiment, step by step
void compare(Report& report, const CircleTheory& asked, const Sampler& sampler, std::int64_t sweeps) {
  const double tau = asked.gap_lag() * asked.spacing();
  const auto free = [&](int lags) { return asked.free_field().propagator[lags * asked.gap_lag()]; };
  report.compare("free-energy", asked.base_mass, effective_energy(free(1), free(2), asked.length, tau, tau));

  for (const Case& at : cases(asked)) {
    if (sweeps_needed(at.theory) > static_cast<double>(sweeps)) continue;
    const bool first = std::string{at.id} == "asked";
    const CircleNumbers exact = exact_numbers(at.theory);
    const Measured measured = extrapolate(report, at.id, at.theory, first ? sampler : Sampler{}, sweeps);
    report.compare(id_of(at, "square"), exact.square, measured.square);
    report.compare(id_of(at, "fourth-cumulant"), exact.fourth_cumulant, measured.fourth_cumulant);
    report.compare(id_of(at, "energy"), exact.effective_energy, measured.effective_energy);
    report.compare(id_of(at, "bins"), 50, measured.bin_length);
  }
}

// ## The figures
//
// The gap against the coupling, with networks of random momenta continued to infinite width beside those of every momentum.
const std::vector<double> couplings_of_every_momentum{1, 6, 24}, couplings_of_random_momenta{2.5, 12, 48};

Panel gap_panel(Report& report, const CircleTheory& asked, std::int64_t sweeps) {
  Panel panel;
  panel.x_axis({"λ", true, 0.5, 80}).y_axis({"energy gap"}).legend("top left");
  std::vector<double> lambda, gap;
  for (int i = 0; i <= 50; ++i) {
    lambda.push_back(0.5 * std::pow(160, i / 50.));
    gap.push_back(diagonalise({asked.base_mass * asked.base_mass, lambda.back()}).gap());
  }
  panel.line(0, "exact", lambda, gap);
  int colour = 1;
  for (const char* architecture : {"spectral", "constant"}) {
    std::vector<double> at, energy, error;
    for (const double coupling : colour == 1 ? couplings_of_every_momentum : couplings_of_random_momenta) {
      CircleTheory theory = asked;
      theory.oscillator = {asked.base_mass * asked.base_mass, coupling};
      const Estimate measured =
          extrapolate(report, fmt::format("figure, {}, lambda {}", architecture, coupling), theory,
                      {architecture, static_cast<int>(std::ceil(widths_per_length * asked.length))},
                      sweeps / 2)
              .effective_energy;
      at.push_back(coupling);
      energy.push_back(measured.value);
      error.push_back(measured.standard_error);
    }
    panel.points(colour++,
                 architecture == std::string{"spectral"} ? "every momentum" : "random momenta, 1/N → 0", at,
                 energy, error);
  }
  return panel;
}

Panel two_point_panel(Report& report, const CircleTheory& asked, std::int64_t sweeps) {
  Panel panel;
  const double reach = std::min(3., asked.length / 2);
  panel.x_axis({"time t", false, 0, reach}).y_axis({"G(t)", true}).legend("bottom left");
  int colour = 0;
  for (const double coupling : {0., 1., 6., 24.}) {
    CircleTheory theory = asked;
    theory.oscillator = {asked.base_mass * asked.base_mass, coupling};
    const TransferMatrix exact = theory.transfer_matrix();
    std::vector<int> lags;
    std::vector<double> t, curve, at, value, error;
    for (int lag = 0; lag * theory.spacing() <= reach; ++lag) {
      t.push_back(lag * theory.spacing());
      curve.push_back(exact.propagator(lag));
      if (lag % std::max(1, asked.sites / 32) == 0) lags.push_back(lag);
    }
    const InteractingEnsemble ensemble =
        sample(report, fmt::format("two-point function, lambda {}", coupling), theory, {}, lags, sweeps / 2);
    for (std::size_t i = 0; i < lags.size(); ++i) {
      const Estimate g = ensemble.two_point(static_cast<int>(i));
      if (g.value < 3 * g.standard_error) continue;  // a logarithm needs its sign
      at.push_back(lags[i] * theory.spacing());
      value.push_back(g.value);
      error.push_back(g.standard_error);
    }
    panel.line(colour, fmt::format("λ = {}", coupling), t, curve).points(colour, "", at, value, error);
    ++colour;
  }
  return panel;
}

// The double well: what a field looks like, and how often it has which value.
constexpr FieldBins field_bins{-3, 3, 48};

Figure well_figure(Report& report, const CircleTheory& well, std::int64_t sweeps) {
  const PeriodicGrid grid{1, well.sites};
  const auto network = std::make_shared<const WaveNetwork>(
      WaveNetwork::every_momentum(grid, well.free_field().spectrum, report.seed(), "paths"));
  const auto runs =
      run_ensemble(report, "paths", sweeps, static_cast<std::size_t>(field_bins.count), [&](std::uint64_t c) {
        return FieldHistogram{
            {network, {well.quadratic(), well.quartic()}, {}, 0.5, report.seed(), "paths", c}, field_bins};
      });
  Panel paths{"three fields"}, law{"how often"};
  const double shown = std::sqrt(-6 * well.oscillator.mass2 / well.oscillator.lambda) + 1.2;
  paths.x_axis({"time t", false, 0, well.length}).y_axis({"φ(t)", false, -shown, shown}).legend("off");
  for (const double sign : {-1., 1.}) {
    const double minimum = sign * std::sqrt(-6 * well.oscillator.mass2 / well.oscillator.lambda);
    paths.guide("", {0, well.length}, {minimum, minimum});
  }
  for (int path = 0; path < 3; ++path) {
    std::vector<double> t, phi;
    for (const float value : runs[static_cast<std::size_t>(path)].chain.field()) {
      t.push_back(static_cast<double>(t.size()) * well.spacing());
      phi.push_back(static_cast<double>(value));
    }
    paths.line(path, fmt::format("field {}", path + 1), t, phi);
  }
  const auto bins = bins_of(runs);
  const TransferMatrix exact = well.transfer_matrix();
  std::vector<double> at, density, line_at, line;
  for (int bin = 0; bin < field_bins.count; ++bin) {
    at.push_back(field_bins.centre(bin));
    density.push_back(over_bins(bins, [bin](const Eigen::VectorXd& mean) { return mean[bin]; }).value /
                      field_bins.width());
  }
  for (int i = 0; i <= 120; ++i) {
    line_at.push_back(field_bins.low + i * (field_bins.high - field_bins.low) / 120);
    line.push_back(exact.density(line_at.back()));
  }
  law.x_axis({"φ", false, -shown, shown}).y_axis({"density", false, 0, 0}).legend("off");
  law.histogram(0, "networks", at, density).line(0, "exact", line_at, line);
  return {{paths, law}, 2, 420, 340};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/phi4_quantum", "5", "Do networks know the energy gap of the anharmonic oscillator?"};
  const auto& lambda = program.option("lambda", 6., between(0., 200.), "coupling of phi^4/4!");
  const auto& mass2 = program.option("mass2", 1., between(-2., 9.), "m^2; negative for a double well");
  const auto& base_mass = program.option("base-mass", 1., between(0.5, 3.), "mass m_b of the free network");
  const auto& length = program.option("length", 8., between(2., 32.), "length T of the circle");
  const auto& sites = program.option("sites", 64, between(16, 512), "points on the circle, an even number");
  const auto& architecture =
      program.choice("architecture", "spectral", {"spectral", "constant", "rayleigh", "gauss"},
                     "every momentum, or random momenta with amplitudes of this law");
  const auto& width =
      program.option("width", 32, between(32, 256), "smallest of three widths of random momenta", "neurons");
  const auto& sweeps = program.samples(400000, 100000, 20000);
  const auto asked = [&] { return CircleTheory{{mass2, lambda}, base_mass, length, sites}; };
  program.validate([&] {
    if (sites % 2 != 0) throw BadOption{"sites", fmt::format("{}", sites), "an even number"};
    if (length / sites > 0.5)
      throw BadOption{"sites", fmt::format("{}", sites),
                      "points at most 1/2 apart: more sites, or a smaller --length"};
    if (mass2 <= 0 && lambda < least_coupling_of_wells)
      throw BadOption{"mass2", fmt::format("{}", mass2),
                      fmt::format("a positive number, or --lambda at least {}", least_coupling_of_wells)};
    if (architecture != "spectral" && width < widths_per_length * length)
      throw BadOption{"width", fmt::format("{}", width),
                      fmt::format("at least {} T = {:.0f}: a parabola in 1/N leaves out what grows with T/N",
                                  widths_per_length, widths_per_length * length)};
    const double needed = sweeps_needed(asked());
    if (needed > static_cast<double>(sweeps))
      throw BadOption{
          "mass2", fmt::format("{}", mass2),
          fmt::format("fields not much larger than free ones: here it takes --samples {:.0f}, or another "
                      "--base-mass",
                      needed)};
  });
  program.figure("pq_gap",
                 "The energy gap against the coupling: exact, and from networks with a neuron for every "
                 "momentum and with random "
                 "momenta, the latter continued to infinite width.");
  program.figure("pq_corr", "Two-point functions at four couplings, on the exact curves.");
  program.figure(
      "pq_well",
      "The double well $m^2=-1$, $\\lambda=2$ on a circle of length 4: three fields, which spend most of the "
      "time near one of the minima (dashed), and how often a field has which value, on the exact density.");
  program.claims([&](Claims& claims) { declare(claims, asked(), sweeps); });

  return program.run(argc, argv, [&](Report& report) {
    compare(report, asked(), {architecture, width}, sweeps);
    report.draw("pq_gap", [&] { return Figure{{gap_panel(report, asked(), sweeps)}}; });
    report.draw("pq_corr", [&] { return Figure{{two_point_panel(report, asked(), sweeps)}}; });
    // Deep enough to see two wells; short enough in time to be crossed often
    report.draw("pq_well", [&] { return well_figure(report, {{-1, 2}, 1, 4, 64}, sweeps); });
  });
}

// ## What we found
//
// Networks have the effective energy @value asked-energy, where the transfer matrix of the same circle has @predicted asked-energy and the
// continuum a gap of 1.4050. At the coupling 24, with energies nearly twice those of the free theory, they have
// @value strong-energy (@predicted strong-energy).
//
// @figure pq_gap
//
// The base mass is a choice of the free network and drops out: from $m_b=1.5$ the same theory has
// $\langle\phi^2\rangle=$ @value other-base-square, exactly @predicted other-base-square.
//
// @figure pq_corr
//
// With $m^2=-1$ there are two wells, and the gap is the small energy of tunnelling, @value well-energy (@predicted well-energy).
//
// @figure pq_well
//
// @claims
//
// ## What can go wrong
//
// Local observables are measured: the effective energy at times beyond $1/\text{gap}$ drowns, since the signal falls as
// $e^{-t\,\text{gap}}$ and the noise does not. In deep double wells a chain stays on one side: at $m^2=-1$, $\lambda=3$, $T=8$ full
// steps gave a $\langle\phi^2\rangle$ four standard errors off, with bins of 15 autocorrelation times. So do free networks of too large a mass,
// whose fields are too small. Half steps are better there, and the program refuses what would take more sweeps than it has. At small
// width the answer is that of another theory, with interactions of order $1/N$ of its own: see the next programs.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Write the accept step yourself: exercise [`accept_a_neuron`](exercises/accept_a_neuron/README.md) checks it.
// 2. Give the neurons of `constant` stratified momenta. By how much does the error of the gap at $N=16$ fall?
