#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/fields/effective_energy.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/fields/transfer_matrix.hpp>
#include <fieldbook/networks/periodic_grid.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <array>
#include <cmath>

using namespace fieldbook;

namespace {

constexpr int sites = 64, width = 16;
constexpr double length = 8, lambda = 6, quartic = length / sites * lambda / 24;
constexpr std::array lags{0, 2, 6, 16};
using Row = std::array<float, sites>;

/// A chain of neurons with the student's law, and the free networks it starts from.
struct Chain {
  PeriodicGrid grid{1, sites};
  PeriodicField free = circle_field(1, length, sites);
  std::vector<double> probability;
  Stream uniforms{1, "exercise: neurons"}, thresholds{1, "exercise: thresholds"};
  std::array<Row, width> rows;
  Row field;

  Chain() {
    for (const double g : free.spectrum) probability.push_back(g / free.spectrum.sum());
  }

  void draw(int i, double u, double v, Row& row) const {
    const Neuron neuron = draw_neuron(i, width, probability, u, v);
    const std::size_t k = static_cast<std::size_t>(((neuron.momentum % sites) + sites) % sites);
    const double size = std::sqrt(2 * free.propagator[0] / width);
    const auto a = static_cast<float>(size * std::cos(neuron.phase)),
               b = static_cast<float>(-size * std::sin(neuron.phase));
    const float* const cosines = grid.cosines(k).data();
    const float* const sines = grid.sines(k).data();
    for (std::size_t t = 0; t < sites; ++t) row[t] = a * cosines[t] + b * sines[t];
  }

  void fresh_network(std::uint64_t number) {
    double u[2 * width];
    uniforms.uniforms(number, u);
    field.fill(0);
    for (int i = 0; i < width; ++i) {
      draw(i, u[2 * i], u[2 * i + 1], rows[static_cast<std::size_t>(i)]);
      for (std::size_t t = 0; t < sites; ++t) field[t] += rows[static_cast<std::size_t>(i)][t];
    }
  }

  void sweep(std::uint64_t number) {
    double u[2 * width], e[width];
    uniforms.uniforms(number, u);
    thresholds.exponentials(number, e);
    Row row;
    for (int i = 0; i < width; ++i) {
      Row& old = rows[static_cast<std::size_t>(i)];
      draw(i, u[2 * i], u[2 * i + 1], row);
      float change = 0;
      for (std::size_t t = 0; t < sites; ++t) {
        const float before = field[t] * field[t], moved = field[t] + row[t] - old[t], after = moved * moved;
        change += after * after - before * before;
      }
      if (e[i] < quartic * static_cast<double>(change)) continue;
      for (std::size_t t = 0; t < sites; ++t) field[t] += row[t] - old[t];
      old = row;
    }
  }

  Eigen::VectorXd products() const {
    Eigen::VectorXd means = Eigen::VectorXd::Zero(lags.size());
    for (std::size_t lag = 0; lag < lags.size(); ++lag)
      for (std::size_t t = 0; t < sites; ++t)
        means[static_cast<Eigen::Index>(lag)] +=
            static_cast<double>(field[t]) * field[(t + static_cast<std::size_t>(lags[lag])) % sites] / sites;
    return means;
  }
};

}  // namespace

int main() {
  return check_answer([](Check& check) {
    Chain chain;
    Averages free{static_cast<Eigen::Index>(lags.size())};
    for (std::uint64_t draw = 0; draw < 200000; ++draw) {
      chain.fresh_network(draw);
      free.add(chain.products());
    }
    for (std::size_t lag = 0; lag < lags.size(); ++lag) {
      const Estimate mean = free.mean(static_cast<Eigen::Index>(lag));
      const double deviation = mean.value - chain.free.propagator[lags[lag]];
      check.expect(fmt::format("free propagator at {} less the exact one, in standard errors",
                               lags[lag] * length / sites),
                   std::abs(deviation) < 1e-5 ? 0 : deviation / mean.standard_error, 0, 5,
                   "The average over neurons of the probability of k must be probability[k].");
    }

    constexpr std::uint64_t bins = 100, sweeps = 12000;
    std::vector<Averages> blocks;
    for (std::uint64_t sweep = 0; sweep < sweeps; ++sweep) chain.sweep(sweep);
    for (std::uint64_t bin = 1; bin <= bins; ++bin) {
      blocks.emplace_back(static_cast<Eigen::Index>(lags.size()));
      for (std::uint64_t sweep = bin * sweeps; sweep < (bin + 1) * sweeps; ++sweep) {
        chain.sweep(sweep);
        blocks.back().add(chain.products());
      }
    }
    const Estimate energy = jackknife(blocks, [](const Averages& averages) {
      return effective_energy(averages.means()[1], averages.means()[2], length, 0.25, 0.5);
    });
    const TransferMatrix exact{{1, lambda}, 1, length, sites};
    const double limit = effective_energy(exact.propagator(2), exact.propagator(6), length, 0.25, 0.5);
    check.expect(
        fmt::format("effective energy, to 0.01 and three standard errors of {:.4f}", energy.standard_error),
        energy.value, limit, (0.01 + 3 * energy.standard_error) / limit,
        "What fluctuates from network to network that need not?");
  });
}
