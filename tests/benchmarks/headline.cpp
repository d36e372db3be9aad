// The headline benchmark: Fieldbook and its peers do the same work side by side. Every contender first computes the same
// numbers from the same parameters; then all take turns, and medians are compared. See `help`.
#include "limits.hpp"
#include "process.hpp"
#include "scaling.hpp"
#include "workload.hpp"

#include <fieldbook/numerics/rates.hpp>
#include <fieldbook/report/machine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace bench;

constexpr const char* help = R"(bench CONTENDER PEERS PYTHON PYTHON_FOR_NEURAL_TANGENTS REPORT.md [ROUNDS]
The two Pythons may be missing: then their peers do not take part.
)";

struct Work {
  std::string name;
  std::string title;
  std::string unit;
  double tolerance;  ///< of the largest difference, relative to the largest number
  std::string bound;
};

const std::vector<Work> works{
    {"networks-cos", "(a) 1000 cos neurons, 32 points, 2- and 4-point functions", "networks/s", 1e-5,
     "arithmetic"},
    {"networks-tanh", "(a) the same with tanh", "networks/s", 1e-5, "arithmetic"},
    {"networks-erf", "(a) the same with erf", "networks/s", 1e-5, "arithmetic"},
    {"networks-relu", "(a) the same with ReLU", "networks/s", 1e-5, "arithmetic"},
    {"kernels-relu", "(b) NNGP and NTK, ReLU, depth 10, 2000 points", "kernels/s", 2e-3,
     "arithmetic, memory"},
    {"kernels-erf", "(b) the same with erf", "kernels/s", 1e-4, "arithmetic, memory"},
    {"training-tanh", "(c) gradient descent, 1-256-256-1, tanh, 32 points", "steps/s", 1e-4, "multiply-adds"},
    {"training-relu", "(c) the same with ReLU", "steps/s", 1e-4, "multiply-adds"},
    {"normals", "(d) standard normals", "numbers/s", 8e-3, "random words"},
    {"chains", "(e) Gram chains, 2 inputs, 6 ReLU layers of width 30", "chains/s", 1e-4, "random words"}};

/// 52712 -> "53k".
std::string short_number(double value) {
  for (const auto& [scale, letter] : {std::pair{1e9, "G"}, {1e6, "M"}, {1e3, "k"}})
    if (value >= scale) return fmt::format("{:.3g}{}", value / scale, letter);
  return fmt::format("{:.3g}", value);
}

using Rates = std::map<std::string, double>;  ///< the median of each contender, in units per second

struct Contest {
  fs::path scratch;
  std::deque<Contender> contenders;
  int rounds;
  std::vector<std::string> complaints;
  Rates differences;  ///< of each peer's numbers, relative to the largest of them

  /// The largest difference of a contender's numbers from Fieldbook's, relative to the largest of them.
  double difference(Contender& contender, const Work& work) {
    if (contender.ask(fmt::format("check {} {}", work.name, scratch.string())) != "done") return 1;
    const auto expected = read_values(scratch / "expected.f64"),
               measured = read_values(scratch / "measured.f64");
    if (expected.size() != measured.size()) return 1;
    double largest = 0, scale = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double away = std::abs(expected[i] - measured[i]);
      if (!(away <= largest)) largest = away;  // not a number must not pass
      scale = std::max(scale, std::abs(expected[i]));
    }
    return largest / scale;
  }

  Rates run(const Work& work) {
    contenders.front().ask(fmt::format("check {} {}", work.name, scratch.string()));
    std::vector<Contender*> fit{&contenders.front()};
    for (auto peer = contenders.begin() + 1; peer != contenders.end(); ++peer) {
      const std::string offer = peer->ask("offer " + work.name);
      if (offer.empty()) complaints.push_back(fmt::format("{} does not answer", peer->name()));
      if (offer != "yes") continue;
      const double away = differences[peer->name()] = difference(*peer, work);
      if (away <= work.tolerance)
        fit.push_back(&*peer);
      else
        complaints.push_back(fmt::format("{} differs by {:.1e} in {}", peer->name(), away, work.name));
    }
    std::map<std::string, std::vector<double>> rates;
    for (int round = -1; round < rounds; ++round)  // round -1 warms up
      for (Contender* contender : fit) {
        const double rate = std::atof(contender->ask(fmt::format("rate {} 0.3", work.name)).c_str());
        if (round >= 0) rates[contender->name()].push_back(rate);
      }
    Rates medians;
    for (const auto& [name, values] : rates) medians[name] = fieldbook::median(values);
    return medians;
  }
};

Contest make_contest(char** argv, int threads, int rounds) {
  Contest contest{fs::path{argv[5]}.replace_filename("bench-check"), {}, rounds, {}, {}};
  fs::create_directories(contest.scratch);
  contest.contenders.emplace_back("Fieldbook", std::vector<std::string>{argv[1], std::to_string(threads)},
                                  threads);
  const fs::path peers = argv[2], python = argv[3], python_for_neural_tangents = argv[4];
  const auto add = [&](const char* name, const fs::path& interpreter, const char* script) {
    if (fs::exists(interpreter))
      contest.contenders.emplace_back(
          name, std::vector<std::string>{interpreter.string(), (peers / script).string()}, threads);
  };
  add("NumPy", python, "numpy_peer.py");
  add("PyTorch", python, "torch_peer.py");
  add("JAX", python, "jax_peer.py");
  add("neural-tangents", python_for_neural_tangents, "neural_tangents_peer.py");
  return contest;
}

double best_peer(const Rates& rates) {
  double best = 0;
  for (const auto& [name, rate] : rates)
    if (name != "Fieldbook") best = std::max(best, rate);
  return best;
}

std::string ratio(double ours, double theirs) {
  return theirs > 0 ? fmt::format("{:.1f}", ours / theirs) : "-";
}

/// One table for each number of threads, in Markdown.
std::string table(const std::vector<Rates>& results) {
  const std::vector<std::string> names{"Fieldbook", "NumPy", "PyTorch", "JAX", "neural-tangents"};
  std::string text =
      "| work | unit | Fieldbook | NumPy | PyTorch | JAX | neural-tangents | times the best peer |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (std::size_t i = 0; i < works.size(); ++i) {
    text += fmt::format("| {} | {} |", works[i].title, works[i].unit);
    for (const auto& name : names)
      text += fmt::format(" {} |", results[i].contains(name) ? short_number(results[i].at(name)) : "-");
    text += fmt::format(" {} |\n", ratio(results[i].at("Fieldbook"), best_peer(results[i])));
  }
  return text;
}

/// How far the numbers of each peer are from Fieldbook's, and how far they may be.
std::string equality_table(const std::map<std::string, Rates>& differences) {
  std::string text = "| work | largest difference | allowed |\n| --- | --- | --- |\n";
  for (const Work& work : works) {
    std::vector<std::string> entries;
    for (const auto& [name, away] : differences.at(work.name))
      entries.push_back(fmt::format("{} {:.0e}", name, away));
    text += fmt::format("| {} | {} | {:.0e} |\n", work.title,
                        entries.empty() ? "-" : fmt::format("{}", fmt::join(entries, ", ")), work.tolerance);
  }
  return text;
}

std::string limits_table(const Limits& limits, const std::vector<Rates>& one, const std::vector<Rates>& two) {
  std::string text = fmt::format(
      "One core does at most {} float operations/s, or {} fused multiply-adds/s, draws {} random words/s and "
      "writes {}B/s.\n\n"
      "| work | bound by | share of the limit, one core | two threads to one |\n| --- | --- | --- | --- |\n",
      short_number(limits.operations), short_number(limits.multiply_adds), short_number(limits.words),
      short_number(limits.bandwidth));
  for (std::size_t i = 0; i < works.size(); ++i)
    text += fmt::format(
        "| {} | {} | {:.0f} % | {} |\n", works[i].title, works[i].bound,
        100 * one[i].at("Fieldbook") / limit_of(limits, works[i].name),
        two.empty() ? "-" : fmt::format("{:.2f}", two[i].at("Fieldbook") / one[i].at("Fieldbook")));
  return text;
}

std::string scaling_table() {
  std::string text =
      "| size | values | ns for a neuron at a point | largest to smallest |\n| --- | --- | --- | --- |\n";
  for (const Scaling& scaling : measure_scaling()) {
    const auto [least, most] = std::minmax_element(scaling.nanoseconds.begin(), scaling.nanoseconds.end());
    text += fmt::format("| {} | {} | {:.3f} | {:.2f} |\n", scaling.size, fmt::join(scaling.values, ", "),
                        fmt::join(scaling.nanoseconds, ", "), *most / *least);
  }
  const double small = memory_of_ensemble(4000), large = memory_of_ensemble(400000);
  return text +
         fmt::format(
             "\nMemory: an ensemble of 4000 networks takes {:.1f} MiB, one of 400 000 takes {:.1f} MiB.\n",
             small, large);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::cerr << help;
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a contender that died is noticed by its silence
  const int rounds = argc > 6 ? std::atoi(argv[6]) : 5;
  const bool two_cores = std::thread::hardware_concurrency() >= 2;
  const Limits before = measure_limits();
  std::set<std::string> complaints;
  std::vector<std::vector<Rates>> results;
  std::map<std::string, Rates> differences;
  for (int threads = 1; threads <= (two_cores ? 2 : 1); ++threads) {
    results.emplace_back();
    for (const Work& work : works) {
      std::cerr << fmt::format("{} thread{}: {}\n", threads, threads > 1 ? "s" : "", work.title);
      // New processes for each work: what one has done before changes how fast it draws or allocates
      Contest contest = make_contest(argv, threads, rounds);
      results.back().push_back(contest.run(work));
      complaints.insert(contest.complaints.begin(), contest.complaints.end());
      differences[work.name] = contest.differences;
      fs::remove_all(contest.scratch);
    }
  }
  const Limits limits = larger(before, measure_limits());  // others on the machine make a limit look smaller

  std::string text = fmt::format("{}, {}, medians of {} interleaved rounds.\n\n## One thread\n\n{}",
                                 fieldbook::today(), fieldbook::processor_name(), rounds, table(results[0]));
  if (two_cores) text += "\n## Two threads\n\n" + table(results[1]);
  text += "\n## How equal\n\n" + equality_table(differences);
  text += "\n## How far from the limit of the machine\n\n" +
          limits_table(limits, results[0], two_cores ? results[1] : std::vector<Rates>{});
  text += "\n## Cost and size\n\n" + scaling_table();
  for (const std::string& complaint : complaints) text += "\nLeft out: " + complaint + ".\n";
  std::cout << text;
  std::ofstream{argv[5]} << text;
  return complaints.empty() ? 0 : 1;
}
