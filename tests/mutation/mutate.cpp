/// mutate ROOT SCRATCH PRESET [--list | --check] [--again] [--record] [NAME...]
///
/// Plants the faults of ROOT/tests/mutation/faults, or those that are named, one at a time in a copy of the sources in SCRATCH,
/// builds what depends on them, runs unit tests and quick claims, and says what caught them. What was found is kept in SCRATCH
/// until the sources change. --list names the faults, --check only looks whether each can be planted, --again forgets what was
/// found, --record writes ROOT/figures/mutation.json. Exit status: 0 every fault is caught or explained, 1 not so, 2 bad usage,
/// 3 the machine failed.

#include <fieldbook/report/output.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <set>

#include "fault.hpp"
#include "results.hpp"
#include "text.hpp"
#include "workshop.hpp"

namespace {

namespace fs = std::filesystem;
using namespace mutation;

struct BadUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Choice {
  fs::path root, scratch;
  std::string preset;
  std::set<std::string> options, names;

  bool has(const std::string& option) const { return options.contains(option); }
};

Choice choice(int argc, char** argv) {
  static const std::set<std::string> known{"--list", "--check", "--again", "--record"};
  if (argc < 4)
    throw BadUsage{"usage: mutate ROOT SCRATCH PRESET [--list | --check] [--again] [--record] [NAME...]"};
  Choice chosen{argv[1], argv[2], argv[3], {}, {}};
  for (int i = 4; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with('-') && !known.contains(word))
      throw BadUsage{fmt::format("knows the options --list, --check, --again and --record, not '{}'", word)};
    (word.starts_with('-') ? chosen.options : chosen.names).insert(word);
  }
  return chosen;
}

std::vector<Fault> chosen_of(std::vector<Fault> faults, const std::set<std::string>& names) {
  for (const auto& name : names)
    if (!std::ranges::count(faults, name, &Fault::name))
      throw BadUsage{fmt::format("no fault is called '{}'; --list shows them", name)};
  if (!names.empty()) std::erase_if(faults, [&](const Fault& fault) { return !names.contains(fault.name); });
  return faults;
}

/// Every fault that cannot be planted is named.
int check(const std::vector<Fault>& faults, const fs::path& root) {
  int bad = 0;
  for (const auto& fault : faults) try {
      planted(fault, root);
    } catch (const BadFault& error) {
      fmt::print(stderr, "mutate: {}\n", error.what());
      ++bad;
    }
  fmt::print("{} of {} faults can be planted\n", faults.size() - static_cast<std::size_t>(bad),
             faults.size());
  return bad == 0 ? 0 : 1;
}

/// Whatever the faults name must pass before the first of them is planted.
bool control(const std::vector<Fault>& faults, const Workshop& workshop, const Results& results) {
  std::set<std::string> tests, programs;
  for (const auto& fault : faults) {
    if (results.find(fault)) continue;
    std::ranges::copy_if(fault.tests, std::inserter(tests, tests.end()),
                         [&](const auto& t) { return !results.passes(t); });
    std::ranges::copy_if(fault.programs, std::inserter(programs, programs.end()),
                         [&](const auto& p) { return !results.passes(p); });
  }
  if (tests.empty() && programs.empty()) return true;
  fmt::print("Without any fault: {} programs and the unit tests of {} rooms\n", programs.size(),
             tests.size());
  std::fflush(stdout);
  workshop.restore();
  workshop.build({tests.begin(), tests.end()}, {programs.begin(), programs.end()});
  bool well = true;
  const auto judge = [&](const std::string& name, const Findings& findings) {
    if (findings.nothing()) return results.passed(name);
    fmt::print("{} fails without any fault\n", name);
    well = false;
  };
  for (const auto& room : tests) judge(room, workshop.run({room}, {}));
  for (const auto& program : programs) judge(program, workshop.run({}, {program}));
  return well;
}

Result tried(const Fault& fault, const Workshop& workshop) {
  const auto begin = std::chrono::steady_clock::now();
  workshop.plant(fault);
  workshop.build(fault.tests, fault.programs);
  Result result{workshop.run(fault.tests, fault.programs)};
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

/// Plants one fault after the other; returns how many survive without a reason or do not compile.
int plant_all(const std::vector<Fault>& faults, const Workshop& workshop, const Results& results) {
  int bad = 0;
  for (const auto& fault : faults) try {
      auto result = results.find(fault);
      if (!result) results.add(fault, *(result = tried(fault, workshop)));
      fmt::print("{}\n", line(fault, *result));
      std::fflush(stdout);
      bad += !result->caught() && fault.reason.empty();
    } catch (const BuildFailed& error) {
      fmt::print("{} does not compile: {}\n", fault.name, error.what());
      ++bad;
    }
  workshop.restore();
  return bad;
}

int mutate(const Choice& chosen) {
  const auto all = read_faults(chosen.root / "tests/mutation/faults");
  const auto faults = chosen_of(all, chosen.names);
  if (chosen.has("--list")) {
    for (const auto& fault : faults) fmt::print("{:<34}{}\n", fault.name, fault.what);
    return 0;
  }
  const int stale = check(faults, chosen.root);
  if (stale != 0 || chosen.has("--check")) return stale;

  const Results results{chosen.root, chosen.scratch / "results"};
  if (chosen.has("--again"))
    for (const auto& fault : faults) results.forget(fault);
  const Workshop workshop{chosen.root, chosen.scratch / "tree", chosen.preset};
  if (!control(faults, workshop, results)) return 1;
  const int bad = plant_all(faults, workshop, results);
  fmt::print("{}\n", summary(faults, results));
  if (chosen.has("--record"))
    fieldbook::write_durably(chosen.root / "figures/mutation.json",
                             record(all, results, FIELDBOOK_VERSION).dump(1) + "\n");
  return bad == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try { return mutate(choice(argc, argv)); } catch (const BadUsage& error) {
  fmt::print(stderr, "mutate: {}\n", error.what());
  return 2;
} catch (const BadFault& error) {
  fmt::print(stderr, "mutate: {}\n", error.what());
  return 1;
} catch (const Stopped& stopped) {
  fmt::print(stderr, "mutate: interrupted; the same command goes on from here\n");
  return stopped.status;
} catch (const std::exception& error) {
  fmt::print(stderr, "mutate: {}\n", error.what());
  return 3;
}
