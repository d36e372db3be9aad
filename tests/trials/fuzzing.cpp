/// Every reader of what comes from outside gets a million inputs that clang's libFuzzer makes up from the corpus in
/// tests/trials/corpus, under the address and undefined-behaviour sanitizers. No crash, hang, leak, nor an exception that the reader
/// does not document.

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <stdexcept>

#include "commands.hpp"
#include "inventory.hpp"
#include "trial.hpp"

namespace {

namespace fs = std::filesystem;
using namespace trials;

constexpr long executions = 1'000'000;

struct Target {
  const char* name;
  const char* reads;
  int longest;  ///< bytes of an input
};

constexpr Target targets[] = {
    {"options", "command lines", 256},          {"checkpoint", "checkpoints", 1024},
    {"csv", "tables of numbers", 512},          {"formula", "formulas (`--target`)", 96},
    {"ledger", "ledgers, in the weaver", 2048}, {"records", "records of long checks, in the weaver", 1024},
};

/// Builds the fuzzers with clang; returns where they are.
fs::path build(const Place& place) {
  const std::string advice = "the fuzzers need clang: install clang-14 and libclang-rt-14-dev";
  const fs::path fuzzers = place.build / "fuzzing";
  must_run("command -v clang++ || command -v clang++-14", advice);
  must_run(
      fmt::format(
          "cmake -S {} -B {} -G Ninja -DCMAKE_CXX_COMPILER=$(command -v clang++ || command -v clang++-14)",
          shell_word(place.sources / "tests/trials/fuzzing/clang"), shell_word(fuzzers)),
      advice);
  must_run(fmt::format("cmake --build {}", shell_word(fuzzers)), advice);
  return fuzzers;
}

std::string command(const Target& target, const fs::path& fuzzer, const Place& place) {
  const fs::path corpus = place.sources / "tests/trials/corpus" / target.name,
                 dictionary = corpus.string() + ".dict";
  const fs::path found = place.work / "found" / target.name;
  fs::create_directories(found);
  return fmt::format(
      "cd {0} && {1} -seed=1 -runs={2} -max_len={3} -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=1024 "
      "-print_final_stats=1 {4} {0} {5} 2>&1",
      shell_word(found), shell_word(fuzzer), executions, target.longest,
      fs::exists(dictionary) ? "-dict=" + shell_word(dictionary) : "", shell_word(corpus));
}

/// The last number that follows `what` in the words of the fuzzer.
long number(const std::string& output, const std::string& what) {
  const std::regex pattern{what + "\\s*([0-9]+)"};
  const std::sregex_iterator begin{output.begin(), output.end(), pattern};
  long last = 0;
  for (auto found = begin; found != std::sregex_iterator{}; ++found) last = std::stol((*found)[1]);
  return last;
}

/// What the fuzzer or a sanitizer complains of.
std::string complaint(const std::string& output) {
  std::smatch found;
  const std::regex pattern{"(ERROR: |runtime error: |does not hold: )([^\n]*)"};
  return std::regex_search(output, found, pattern) ? found[2].str() : "it ended early";
}

Row row(const Target& target, const Ended& ended, long inputs) {
  const long made = number(ended.output, "stat::number_of_executed_units:");
  const bool passed = ended.status == 0 && made >= executions;
  return {{fmt::format("`{}`", target.name), target.reads, fmt::format("{}", made),
           fmt::format("{:.0f}", ended.seconds), fmt::format("{}", inputs),
           fmt::format("{}", number(ended.output, "cov:")), passed ? "none" : complaint(ended.output)},
          passed};
}

Verdict fuzz(const Place& place) {
  const fs::path fuzzers = build(place);
  const Kept kept{place.work / "ended"};
  Table table{
      "Readers and what they were given",
      {"Target", "Reads", "Executions", "Seconds", "Inputs in the corpus", "Edges covered", "Findings"},
      std::vector<Row>(std::size(targets))};
  on_all_cores(std::size(targets), [&](std::size_t i) {
    const Target& target = targets[i];
    const fs::path fuzzer = fuzzers / fmt::format("fuzz-{}", target.name);
    const auto corpus = fs::directory_iterator{place.sources / "tests/trials/corpus" / target.name};
    const Ended ended = kept.run(target.name, command(target, fuzzer, place), fuzzer);
    table.rows[i] = row(target, ended, std::distance(corpus, {}));
  });
  const auto passed = std::ranges::count_if(table.rows, &Row::passed);
  return {
      fmt::format("{} of {} readers took {} inputs each without a crash, a hang, a leak or an exception that "
                  "they do not document.",
                  passed, table.rows.size(), executions),
      {table}};
}

}  // namespace

int main(int argc, char** argv) { return conduct("fuzzing", argc, argv, fuzz); }
