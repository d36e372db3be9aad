#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/networks/wave_network.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>

using namespace fieldbook;

namespace {

constexpr int sites = 16, width = 4;
constexpr double length = 4, spacing = length / sites;
const PeriodicGrid grid{1, sites};

using Row = std::vector<double>;

Row row_of(const Wave& wave) {
  Row row(sites);
  for (std::size_t t = 0; t < row.size(); ++t)
    row[t] = static_cast<double>(wave.cosine) * grid.cosines(wave.momentum)[t] +
             static_cast<double>(wave.sine) * grid.sines(wave.momentum)[t];
  return row;
}

/// A chain of four neurons with the student's accept step.
struct Chain {
  WaveNetwork network;
  Stream uniforms{1, "exercise: accept"};
  std::vector<Wave> waves, proposals;
  std::vector<Row> rows;
  Row field;
  double mass_shift, lambda;
  int rejected = 0;

  Chain(double shift, double coupling)
      : network{WaveNetwork::random_momenta(grid, circle_field(1, length, sites).spectrum, 0,
                                            AmplitudeLaw::constant, width, 1, "exercise: neurons")},
        waves(width),
        proposals(width),
        field(sites, 0.),
        mass_shift{shift},
        lambda{coupling} {
    network.draw(0, waves);
    for (const Wave& wave : waves) {
      rows.push_back(row_of(wave));
      for (std::size_t t = 0; t < field.size(); ++t) field[t] += rows.back()[t];
    }
  }

  void sweep(std::uint64_t number) {
    double u[width];
    network.draw(number, proposals);
    uniforms.uniforms(number, u);
    for (std::size_t i = 0; i < width; ++i) {
      const Row fresh = row_of(proposals[i]);
      if (!accept(change_of_action(field, rows[i], fresh, spacing, mass_shift, lambda), u[i])) {
        ++rejected;
        continue;
      }
      for (std::size_t t = 0; t < field.size(); ++t) field[t] += fresh[t] - rows[i][t];
      rows[i] = fresh;
      waves[i] = proposals[i];
    }
  }

  /// Left minus right side of the Schwinger-Dyson equation for < phi(0) phi(x) >.
  double difference(std::size_t x) const {
    Row kernel(sites, 0.);
    for (const Wave& wave : waves)
      for (std::size_t t = 0; t < kernel.size(); ++t)
        kernel[t] -= static_cast<double>(wave.sine) *
                     (static_cast<double>(wave.cosine) * grid.sines(wave.momentum)[t] -
                      static_cast<double>(wave.sine) * grid.cosines(wave.momentum)[t]);
    double force = 0;
    for (std::size_t t = 0; t < kernel.size(); ++t)
      force += spacing * (mass_shift * field[t] + lambda / 6 * std::pow(field[t], 3)) * kernel[t];
    return field[0] * field[x] - kernel[x] + force * field[x];
  }
};

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const Row field{0.5, -1, 2}, before{0.1, 0.2, -0.3}, after{-0.4, 0.5, 0.6};
    double expected = 0;
    for (std::size_t t = 0; t < 3; ++t) {
      const double fresh = field[t] - before[t] + after[t];
      expected += 0.25 * (0.35 * (fresh * fresh - field[t] * field[t]) +
                          0.25 * (std::pow(fresh, 4) - std::pow(field[t], 4)));
    }
    check.expect("change of the action at three sites, spacing 1/4, mass shift 0.7, lambda 6",
                 change_of_action(field, before, after, 0.25, 0.7, 6), expected, 1e-12,
                 "Old and new field at each site; the spacing and the factors 1/2 and 1/24.");
    check.expect("without an interaction the change is zero",
                 change_of_action(field, before, after, 0.25, 0, 0), 0, 0);
    Chain free{0, 0};
    for (std::uint64_t sweep = 1; sweep < 1000; ++sweep) free.sweep(sweep);
    check.expect("rejected proposals without an interaction", free.rejected, 0, 0,
                 "The proposal comes from the prior: what is left of the ratio?");

    for (const double shift : {0., 0.7}) {
      Chain chain{shift, 6};
      constexpr std::uint64_t bins = 100, sweeps = 1000;
      std::vector<double> zero, half;
      for (std::uint64_t sweep = 1; sweep < sweeps; ++sweep) chain.sweep(sweep);
      for (std::uint64_t bin = 1; bin <= bins; ++bin) {
        double at_zero = 0, at_half = 0;
        for (std::uint64_t sweep = bin * sweeps; sweep < (bin + 1) * sweeps; ++sweep) {
          chain.sweep(sweep);
          at_zero += chain.difference(0) / sweeps;
          at_half += chain.difference(2) / sweeps;
        }
        zero.push_back(at_zero);
        half.push_back(at_half);
      }
      for (const auto& [name, values] : {std::pair{"0", &zero}, {"1/2", &half}}) {
        const Estimate mean = mean_over_blocks(*values);
        check.expect(
            fmt::format("Schwinger-Dyson equation at x = {} with a mass shift of {}, in standard errors",
                        name, shift),
            mean.value / std::max(mean.standard_error, 1e-12), 0, 4,
            "Is the probability min(1, e^{-change})?");
      }
    }
  });
}
