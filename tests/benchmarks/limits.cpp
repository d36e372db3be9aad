#include "limits.hpp"

#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <vector>

namespace bench {

namespace {

/// The best of several repetitions of `work`, in seconds: a limit is what undisturbed hardware does.
template <class Work>
double shortest(Work work) {
  double best = 1e300;
  for (int repetition = 0; repetition < 7; ++repetition) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr int lanes = Eigen::internal::packet_traits<float>::size;
constexpr int chains = lanes == 16 ? 24 : 12;  // independent, as many as registers hold
volatile float sink;

/// Seconds for `turns` turns of all chains through `step`.
template <class Step>
double time_chains(int turns, Step step) {
  return shortest([&] {
    Packet value[chains];
    for (int i = 0; i < chains; ++i) value[i] = Eigen::internal::pset1<Packet>(static_cast<float>(i));
    for (int turn = 0; turn < turns; ++turn)
#pragma GCC unroll 24
      for (int i = 0; i < chains; ++i) value[i] = step(value[i]);
    for (const Packet& chain : value) sink = Eigen::internal::pfirst(chain);
  });
}

}  // namespace

Limits measure_limits() {
  using namespace Eigen::internal;
  constexpr int turns = 2000000;
  const auto factor = pset1<Packet>(0.75f), offset = pset1<Packet>(0.25f);
  const double unfused = time_chains(turns, [&](const Packet& a) { return padd(pmul(a, factor), offset); });
  const double fused = time_chains(turns, [&](const Packet& a) { return pmadd(a, factor, offset); });

  std::vector<std::uint32_t> words(4096);
  const double drawing = shortest([&] {
    for (std::uint64_t draw = 0; draw < 4096; ++draw) fieldbook::Stream{1, "words"}.words(draw, words);
  });

  std::vector<double> memory(32 << 20);
  const double writing = shortest([&] { std::fill(memory.begin(), memory.end(), sink); });

  const double turned = static_cast<double>(turns) * chains * lanes;
  return {2 * turned / unfused, turned / fused, 4096. * 4096 / drawing,
          static_cast<double>(memory.size()) * sizeof(double) / writing};
}

Limits larger(const Limits& one, const Limits& other) {
  return {std::max(one.operations, other.operations), std::max(one.multiply_adds, other.multiply_adds),
          std::max(one.words, other.words), std::max(one.bandwidth, other.bandwidth)};
}

double limit_of(const Limits& limits, const std::string& workload) {
  // Operations a neuron and point: w x + b and the sum over neurons are five, the rest is the activation
  static const std::map<std::string, double> activation{{"cos", 36}, {"tanh", 28}, {"erf", 32}, {"relu", 2}};
  const std::string of = workload.substr(workload.find('-') + 1);
  if (workload.starts_with("networks")) {
    const double neurons = 1000. * 32 * (5 + activation.at(of));
    const double four_point = 52360. * 2 * 2;  // a product and a sum, in double
    return 1 / ((neurons + four_point) / limits.operations + 3000 / limits.words);
  }
  if (workload.starts_with("kernels")) {
    const double operations = 2000. * 1999 / 2 * 10 * (of == "relu" ? 55 : 49) * 2;  // in double
    return 1 / (operations / limits.operations + 2 * 2000. * 2000 * 8 / limits.bandwidth);
  }
  if (workload.starts_with("training"))
    return 1 / (3. * 256 * 256 * 32 / limits.multiply_adds +
                2. * 256 * 32 * (5 + activation.at(of)) / limits.operations);
  if (workload == "normals") return limits.words;
  if (workload == "chains") return limits.words / (6 * 30 * 2);
  throw std::invalid_argument{"limit_of: there is no workload " + workload};
}

}  // namespace bench
