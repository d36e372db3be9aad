#include "scaling.hpp"

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/n_point_functions.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/rates.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

namespace bench {

namespace {

using fieldbook::OneHiddenLayer;

/// Seconds that networks need for their outputs.
double time_outputs(int samples, int width, int points) {
  OneHiddenLayer networks{fieldbook::Activation::cos, width, 1, 1, 1, "scaling"};
  std::vector<double> x(static_cast<std::size_t>(points));
  for (int p = 0; p < points; ++p) x[p] = static_cast<double>(p) / points;
  const auto start = std::chrono::steady_clock::now();
  for (int sample = 0; sample < samples; ++sample) networks.outputs(static_cast<std::uint64_t>(sample), x);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Scaling scaling(const std::string& size, const std::vector<int>& values,
                const std::function<double(int)>& nanoseconds) {
  std::vector<std::vector<double>> rounds(values.size());
  for (int round = 0; round < 5; ++round)
    for (std::size_t i = 0; i < values.size(); ++i) rounds[i].push_back(nanoseconds(values[i]));
  Scaling result{size, values, {}};
  for (const auto& times : rounds) result.nanoseconds.push_back(fieldbook::median(times));
  return result;
}

/// The largest resident set of this process so far, in MiB. Not getrusage, as in peak_memory_in_mib: in a child that has just been forked the two
/// differ by what it shares with its parent, and what it has before the ensemble is subtracted.
double peak_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  throw std::runtime_error{"/proc/self/status does not tell the peak of memory"};
}

}  // namespace

std::vector<Scaling> measure_scaling() {
  const auto each = [](int samples, int width, int points) {
    return 1e9 * time_outputs(samples, width, points) / samples / width / points;
  };
  return {scaling("samples", {1000, 10000, 100000}, [&](int n) { return each(n, 200, 10); }),
          scaling("width", {100, 1000, 10000}, [&](int n) { return each(10000000 / n, n, 10); }),
          scaling("points", {10, 100, 1000}, [&](int n) { return each(1000000 / n, 200, n); })};
}

double memory_of_ensemble(int samples) {
  // A child of its own, so that no ensemble sees what another has left behind
  int channel[2];
  if (pipe(channel) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error{"no child"};
  if (child == 0) {
    const double before = peak_memory();
    fieldbook::PlainConductor conductor;
    const fieldbook::NPointFunctions empty{8, fieldbook::all_indices(8, 4)};
    merged(
        fieldbook::sample_blocks(conductor, "memory", samples, empty, [](fieldbook::Block block, auto& sums) {
          OneHiddenLayer networks{fieldbook::Activation::cos, 100, 1, 1, 1, "memory"};
          const std::vector<double> x{0, 1, 2, 3, 4, 5, 6, 7};
          for (auto draw = block.first; draw < block.last; ++draw) sums.add(networks.outputs(draw, x));
        }));
    const double used = peak_memory() - before;
    _exit(write(channel[1], &used, sizeof used) == sizeof used ? 0 : 1);
  }
  close(channel[1]);
  double used = 0;
  const bool told = read(channel[0], &used, sizeof used) == sizeof used;
  close(channel[0]);
  waitpid(child, nullptr, 0);
  if (!told) throw std::runtime_error{"the ensemble did not tell its memory"};
  return used;
}

}  // namespace bench
