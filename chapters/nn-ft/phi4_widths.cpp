// # How does a network's width show in an energy gap?
//
// Lecture §5 · after phi4_first_order · about 10 s on two cores
//
// **Question.** Networks of random momenta and a potential of strength $\lambda$: how far from $\phi^4$ theory are they at width $N$, does the
// difference vanish as $1/N$, and is there anything exact to be said at finite width?
//
// ## The model
//
// $N$ neurons of random momenta on a circle of length $T$ with points $\varepsilon$ apart, with amplitudes of the law `constant`, `rayleigh` or
// `gauss`, and parameters weighted with $e^{-\varepsilon\sum_t\lambda\phi(t)^4/4!}$. At infinite width this is the anharmonic
// oscillator, whose exact numbers the transfer matrix has.
#include <fieldbook/ensembles/wave_ensemble.hpp>
#include <fieldbook/fields/circle_theory.hpp>
#include <fieldbook/fields/effective_energy.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <memory>

using namespace fieldbook;

namespace {

// ## What theory says
//
// The limit is exact for this $T$ and $\varepsilon$. The way there is an expansion in $1/N$, in which only the first powers matter.
// The energy is looked at early, between $\frac14$ and $\frac34$, where signals are strong, and between $\frac12$ and 1.
constexpr int sites_per_unit = 8;

CircleTheory theory(double mass, double lambda, double length) {
  return {{mass * mass, lambda}, mass, length, static_cast<int>(std::lround(sites_per_unit * length))};
}

double energy(const CircleTheory& theory, double earlier, double later, double t) {
  return effective_energy(earlier, later, theory.length, t, 0.5);
}

struct Numbers {
  Estimate square, early_energy, energy;
};

Numbers exact(const CircleTheory& theory) {
  const TransferMatrix matrix = theory.transfer_matrix();
  const auto g = [&](double t) {
    return matrix.propagator(static_cast<int>(std::lround(sites_per_unit * t)));
  };
  return {g(0), energy(theory, g(0.25), g(0.75), 0.25), energy(theory, g(0.5), g(1), 0.5)};
}

// ## What networks do
//
// A Metropolis chain over neurons, as in `phi4_quantum`; all ensembles have the same number of updates of a neuron.

Numbers measure(Report& report, const CircleTheory& theory, const std::string& law, int width,
                std::int64_t updates) {
  const std::string stage = fmt::format("{}, width {}, length {}", law, width, theory.length);
  const PeriodicGrid grid{1, theory.sites};
  const auto network = std::make_shared<const WaveNetwork>(WaveNetwork::random_momenta(
      grid, theory.free_field().spectrum, 0, amplitude_law(law), width, report.seed(), stage));
  WaveChain::Lags lags;
  for (const double t : {0.25, 0.5, 0.75, 1.})
    lags.push_back(grid.shifted(0, static_cast<int>(sites_per_unit * t)));
  const InteractingEnsemble ensemble = sample_interacting(
      report, stage, report.seed(), network, {theory.quadratic(), theory.quartic()}, lags, updates / width);
  const auto energy_from = [&](double t, Eigen::Index first, Eigen::Index second) {
    return over_bins(ensemble.bins, [&](const Eigen::VectorXd& mean) {
      return energy(theory, mean[first], mean[second], t);
    });
  };
  return {ensemble.square(), energy_from(0.25, 2, 4), energy_from(0.5, 3, 5)};
}

Estimate less(const Estimate& measured, const Estimate& predicted) {
  return {measured.value - predicted.value, measured.standard_error};
}

// ## An identity that holds at every width
//
// Integrate the derivative of $\tilde P(\theta)\,\phi(x)$ with respect to the phases along
// $\xi_{c_i}=-\sqrt{2G_0/N}\sin(k_iy+c_i)$: for constant amplitudes
// $$ \langle\phi(y)\phi(x)\rangle=\langle\hat K_s(x,y)\rangle-\Bigl\langle\varepsilon\sum_zU'(\phi(z))\hat K_s(z,y)\,\phi(x)\Bigr\rangle,\quad
//    \hat K_s(x,y)=\frac{2G_0}N\sum_i\sin(k_ix+c_i)\sin(k_iy+c_i), $$
// a Schwinger–Dyson equation, exact at every $N$ where no other number is known. Any error in the acceptance breaks it.
struct SchwingerDyson {
  WaveChain chain;
  const PeriodicGrid* grid;
  double cubic;  // epsilon lambda / 6
  int lag;

  void sweep(std::uint64_t number) { chain.sweep(number); }

  // The difference of the two sides at y = 0 for x = 0 and x = lag
  void measure(std::span<double> differences) const {
    const auto phi = chain.field();
    std::vector<double> kernel(phi.size());
    for (const Wave& wave : chain.waves()) {
      const auto cosines = grid->cosines(wave.momentum), sines = grid->sines(wave.momentum);
      // The wave a cos(kx) + b sin(kx) = A cos(kx + c) has A sin(kx + c) = a sin(kx) - b cos(kx), at x = 0 it is -b
      for (std::size_t z = 0; z < phi.size(); ++z)
        kernel[z] += -static_cast<double>(wave.sine) * (wave.cosine * sines[z] - wave.sine * cosines[z]);
    }
    double force = 0;
    for (std::size_t z = 0; z < phi.size(); ++z) {
      const double value = phi[z];
      force += cubic * value * value * value * kernel[z];
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t x = i * static_cast<std::size_t>(lag);
      differences[i] = static_cast<double>(phi[0]) * phi[x] - kernel[x] + force * phi[x];
    }
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& chain;
  }
};

std::vector<Estimate> measure_identity(Report& report, const CircleTheory& theory, int width,
                                       std::int64_t updates) {
  const std::string stage = fmt::format("identity, width {}", width);
  const PeriodicGrid grid{1, theory.sites};
  const auto network = std::make_shared<const WaveNetwork>(WaveNetwork::random_momenta(
      grid, theory.free_field().spectrum, 0, AmplitudeLaw::constant, width, report.seed(), stage));
  const auto runs = run_ensemble(report, stage, updates / 4 / width, 2, [&](std::uint64_t c) {
    return SchwingerDyson{
        WaveChain{network, {theory.quadratic(), theory.quartic()}, {}, 1, report.seed(), stage, c}, &grid,
        4 * theory.quartic(), sites_per_unit / 2};
  });
  const auto bins = bins_of(runs);
  std::vector<Estimate> differences;
  for (Eigen::Index i = 0; i < 2; ++i)
    differences.push_back(over_bins(bins, [i](const Eigen::VectorXd& mean) { return mean[i]; }));
  return differences;
}

// ## The claims
const std::vector<int> widths{8, 16, 32, 64, 128}, other_widths{32, 64, 128}, identity_widths{4, 8, 16};

void declare(Claims& claims) {
  claims.statistical(
      "limit-of-the-energy", "PQ4",
      "constant amplitudes, $N=8\\dots128$, continued to infinite width: the effective energy");
  claims.bound("distance-to-the-gap", "PQ4", "it is within a hundredth of the gap of the continuum",
               Side::below);
  claims.scaling("decay-of-the-bias", "PQ5", "the bias of the early energy at $N=8,16,32$ falls as $N^{-1}$",
                 0.1);
  for (const char* law : {"rayleigh", "gauss"})
    claims.statistical(
        fmt::format("limit-{}", law), "PQ4",
        fmt::format("{} amplitudes: $\\langle\\phi^2\\rangle$ continued to infinite width", law));
  claims.bound(
      "gauss-is-long", "PQ9",
      "gauss, $N=64$: the bias of $\\langle\\phi^2\\rangle$ grows by more than 1.5 on a circle twice as long",
      Side::above);
  for (const int factor : {1, 2})
    claims.bound(fmt::format("constant-is-local-{}", factor), "PQ9",
                 fmt::format("constant, $N=64$, a circle {} times as long: the bias of "
                             "$\\langle\\phi^2\\rangle$ is below 0.28 %",
                             factor),
                 Side::below);
  claims.scaling(
      "growth-of-the-bias", "PQ9",
      "constant, $N=16$: the bias of the energy on circles 1, 2 and 4 times as long grows as $T^{0.93}$",
      0.1);
  for (const int width : identity_widths)
    for (const char* at : {"zero", "half"})
      claims.statistical(fmt::format("identity-{}-{}", at, width), "PQ11",
                         fmt::format("Schwinger–Dyson at $N={}$, $x={}$: both sides agree", width,
                                     at == std::string{"half"} ? "\\frac12" : "0"));
}

// ## The experiment, step by step
struct Bias {
  std::vector<double> at;
  std::vector<Estimate> square, early_energy, energy;

  void add(double where, const Numbers& numbers) {
    at.push_back(where);
    square.push_back(numbers.square);
    early_energy.push_back(numbers.early_energy);
    energy.push_back(numbers.energy);
  }
};

std::map<std::string, Bias> compare_widths(Report& report, const CircleTheory& theory, std::int64_t updates) {
  std::map<std::string, Bias> by_law;
  for (const std::string law : {"constant", "rayleigh", "gauss"})
    for (const int width : law == "constant" ? widths : other_widths)
      by_law[law].add(width, measure(report, theory, law, width, law == "constant" ? updates : updates / 4));
  const Numbers limit = exact(theory);
  const Bias& constant = by_law.at("constant");
  const Estimate continued = fit_inverse_powers(constant.at, constant.energy, 2)[0];
  report.compare("limit-of-the-energy", limit.energy, continued);
  const double gap = diagonalise(theory.oscillator).gap();
  report.compare("distance-to-the-gap", 0.01 * gap,
                 Estimate{std::abs(continued.value - gap), continued.standard_error});
  std::vector<Estimate> early;
  for (std::size_t i = 0; i < 3; ++i) early.push_back(less(constant.early_energy[i], limit.early_energy));
  report.compare("decay-of-the-bias", -1, fit_power_law(std::span{constant.at}.first(3), early)[1]);
  for (const char* law : {"rayleigh", "gauss"}) {
    const Bias& other = by_law.at(law);
    report.compare(fmt::format("limit-{}", law), limit.square,
                   fit_inverse_powers(other.at, other.square, 2)[0]);
  }
  return by_law;
}

// The circle grows: the bias of $\langle\phi^2\rangle$ at $N=64$ and of the energy at $N=16$.
Bias compare_lengths(Report& report, double mass, double lambda, double length, std::int64_t updates,
                     const std::map<std::string, Bias>& by_law) {
  const auto bias_of_square = [&](const char* law, double factor) {
    const CircleTheory at = theory(mass, lambda, factor * length);
    const Bias& known = by_law.at(law);
    const Estimate square = factor == 1 ? known.square[law == std::string{"constant"} ? 3 : 1]
                                        : measure(report, at, law, 64, updates / 4).square;
    return less(square, exact(at).square);
  };
  const Estimate near = bias_of_square("gauss", 1), far = bias_of_square("gauss", 2);
  const double ratio = far.value / near.value;
  report.compare("gauss-is-long", 1.5,
                 Estimate{ratio, std::abs(ratio) * std::hypot(far.standard_error / far.value,
                                                              near.standard_error / near.value)});
  for (const int factor : {1, 2}) {
    const Estimate bias = bias_of_square("constant", factor);
    report.compare(fmt::format("constant-is-local-{}", factor),
                   0.0028 * exact(theory(mass, lambda, length)).square.value,
                   Estimate{std::abs(bias.value), bias.standard_error});
  }
  Bias biases;
  for (const double factor : {1., 2., 4.}) {
    const CircleTheory at = theory(mass, lambda, factor * length);
    const Numbers measured =
        factor == 1 ? Numbers{by_law.at("constant").square[1], by_law.at("constant").early_energy[1],
                              by_law.at("constant").energy[1]}
                    : measure(report, at, "constant", 16, updates);
    const Numbers limit = exact(at);
    biases.add(factor * length,
               {less(measured.square, limit.square), less(measured.early_energy, limit.early_energy),
                less(measured.energy, limit.energy)});
  }
  report.compare("growth-of-the-bias", 0.93, fit_power_law(biases.at, biases.energy)[1]);
  return biases;
}

void compare_identity(Report& report, const CircleTheory& theory, std::int64_t updates) {
  for (const int width : identity_widths) {
    const auto differences = measure_identity(report, theory, width, updates);
    report.compare(fmt::format("identity-zero-{}", width), 0, differences[0]);
    report.compare(fmt::format("identity-half-{}", width), 0, differences[1]);
  }
}

// ## The figures
Panel widths_panel(const char* label, const Estimate& limit, const std::map<std::string, Bias>& by_law,
                   std::vector<Estimate> Bias::*what) {
  Panel panel;
  panel.x_axis({"1/N", false, 0, 0.13}).y_axis({label}).legend("bottom right");
  panel.guide("exact", {0, 0.13}, {limit.value, limit.value});
  int colour = 0;
  for (const char* law : {"constant", "rayleigh", "gauss"}) {
    const Bias& numbers = by_law.at(law);
    const Fit fit = fit_inverse_powers(numbers.at, numbers.*what, 2);
    std::vector<double> x, value, error, at, line;
    for (std::size_t i = 0; i < numbers.at.size(); ++i) {
      x.push_back(1 / numbers.at[i]);
      value.push_back((numbers.*what)[i].value);
      error.push_back((numbers.*what)[i].standard_error);
    }
    for (int i = 0; i <= 20; ++i) {
      at.push_back(i / 20. / numbers.at.front());
      line.push_back(fit.parameters[0] + at.back() * (fit.parameters[1] + at.back() * fit.parameters[2]));
    }
    panel.line(colour, law, at, line).points(colour, "", x, value, error);
    ++colour;
  }
  return panel;
}

Panel lengths_panel(const Bias& biases) {
  Panel panel;
  panel.x_axis({"length T of the circle", false, 0, 1.1 * biases.at.back()})
      .y_axis({"-N × bias, N = 16"})
      .legend("top left");
  int colour = 0;
  for (const auto& [label, data] :
       {std::pair{"energy", &biases.energy}, {"early energy", &biases.early_energy}}) {
    std::vector<double> y, error;
    for (const Estimate& bias : *data) {
      y.push_back(-16 * bias.value);
      error.push_back(16 * bias.standard_error);
    }
    panel.points(colour, label, biases.at, y, error);
    ++colour;
  }
  const double start = -16 * biases.energy.front().value;
  if (start > 0)
    panel.guide("in proportion", {0, biases.at.back()}, {0, start * biases.at.back() / biases.at.front()});
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/phi4_widths", "5", "How does a network's width show in an energy gap?"};
  const auto& mass =
      program.option("mass", 1., between(0.8, 1.25), "mass m of the field, in units of the inverse length");
  const auto& lambda = program.option("lambda", 6., between(4., 9.), "coupling of phi^4/4!");
  const auto& length =
      program.option("length", 8., between(6., 10.), "length T of the circle, a multiple of 1/4");
  const auto& updates = program.samples(24000000, 3200000, 1600000);
  program.validate([&] {
    if (std::fmod(length, 0.25) != 0)
      throw BadOption{"length", fmt::format("{}", length), "a multiple of 1/4"};
  });
  program.figure("pq_extrap",
                 "The effective energy and $\\langle\\phi^2\\rangle$ against $1/N$: three laws of amplitudes "
                 "with parabolas through their points, which meet at the exact value within their errors.");
  program.figure(
      "pq_ir",
      "The bias of the energy at width 16, times the width, against the length of the circle, for constant "
      "amplitudes: it grows nearly in proportion.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    const CircleTheory here = theory(mass, lambda, length);
    const auto by_law = compare_widths(report, here, updates);
    const Bias biases = compare_lengths(report, mass, lambda, length, updates, by_law);
    compare_identity(report, here, updates);
    const Numbers limit = exact(here);
    report.draw("pq_extrap", {{widths_panel("effective energy", limit.energy, by_law, &Bias::energy),
                               widths_panel("<φ^2>", limit.square, by_law, &Bias::square)},
                              2,
                              420,
                              360});
    report.draw("pq_ir", {{lengths_panel(biases)}});
  });
}

// ## What we found
//
// Constant amplitudes continued to infinite width give the energy @value limit-of-the-energy, where the transfer matrix has
// @predicted limit-of-the-energy. The bias at width $N$ falls with the exponent @value decay-of-the-bias.
//
// @figure pq_extrap
//
// For $\langle\phi^2\rangle$ constant amplitudes are nearly free of bias, and `gauss` is far off: its bias at $N=64$ grows by a factor of
// @value gauss-is-long on a circle twice as long. The energy is less lucky: its bias grows with $T$ for constant amplitudes as well, with
// an exponent of @value growth-of-the-bias, so a long circle needs a width that is large against its length.
//
// @figure pq_ir
//
// At $N=4$ nobody knows the exact two-point function of this ensemble. The Schwinger–Dyson equation holds nevertheless: its two
// sides differ by @value identity-zero-4.
//
// @claims
//
// ## What can go wrong
//
// Three widths and a parabola leave errors of order $(T/N)^3$: with widths from 16 on, those of `gauss` were a third of a standard
// error, so its widths begin at 32. Non-local observables, such as the
// fourth cumulant of the zero mode, have corrections in $1/N$ that are enhanced by the volume, even for constant amplitudes.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which term of the Schwinger–Dyson equation changes if $\hat K_s$ is replaced by the kernel of cosines? By how much does it fail?
// 2. Reduce the bias at $N=16$ below 0.01 with stratified momenta: exercise
//    [`a_better_ensemble`](exercises/a_better_ensemble/README.md).
