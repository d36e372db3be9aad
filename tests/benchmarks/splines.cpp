// A Kolmogorov-Arnold network on one core, as the peer kan_pykan.py trains it: the same target, shape, grids and numbers of data.
// Prints the same table; the seconds of the starts among which the best is chosen are a line of their own.
#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/spline_training.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

using namespace fieldbook;

namespace {

constexpr int seen = 6000, unseen = 2000, starts = 8;
constexpr std::uint64_t seed = 1;

double target(std::span<const double> x) { return std::exp(std::sin(std::numbers::pi * x[0]) + x[1] * x[1]); }

/// What `work` returns, and the seconds that it took.
auto timed(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  return std::pair{std::move(result),
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

KolmogorovArnold best_start(int cells, bool base, const Samples& data) {
  KolmogorovArnold best;
  double error = std::numeric_limits<double>::infinity();
  for (int start = 0; start < starts; ++start) {
    KolmogorovArnold network = trained_start({2, 1, 1}, cells, base, Stream{seed, "splines"}, start, data);
    if (const double of_this = rms_error(network, data); of_this < error) {
      error = of_this;
      best = std::move(network);
    }
  }
  return best;
}

}  // namespace

int main() {
  const Samples data = uniform_samples(seed, 0, 2, seen, target),
                fresh = uniform_samples(seed, 1, 2, unseen, target);
  auto [network, seconds_of_starts] = timed([&] { return best_start(5, true, data); });
  fmt::print("| cells | RMSE on the data | RMSE on new points | seconds |\n| --- | --- | --- | --- |\n");
  fmt::print("| 5, best of {} starts | {:.2e} | {:.2e} | {:.2f} |\n", starts, rms_error(network, data),
             rms_error(network, fresh), seconds_of_starts);
  for (const int cells : {5, 10, 20, 40}) {
    auto [finer, seconds] = timed([&] { return extended(network, cells, data); });
    network = std::move(finer);
    fmt::print("| {} | {:.2e} | {:.2e} | {:.2f} |\n", cells, rms_error(network, data),
               rms_error(network, fresh), seconds);
  }
}
