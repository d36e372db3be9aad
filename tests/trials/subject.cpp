#include "subject.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace trials {

namespace fs = std::filesystem;

namespace {

/// How long the undisturbed run should take: checkpoints are a second apart.
constexpr double aim = 4;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Subject::Subject(const Place& place, const std::string& name, Tally& tally)
    : bench_{place, name}, tally_{tally} {
  const auto undisturbed = [&](const std::string& options) {
    options_ = " --quick --keep-going --threads 2 --seed 7 --format svg,pdf,png" + options;
    Outcome outcome{};
    const fs::path directory = bench_.scratch().path / "run";
    fs::remove_all(directory);
    seconds_ = seconds_of([&] { outcome = bench_.run(command()); });
    if (outcome.status != 0) throw std::runtime_error{"no undisturbed run of " + name + ": " + outcome.err};
    whole_ = programs::contents(directory);
    return programs::ledger(directory)["samples"].get<double>();
  };
  // As many draws as take some seconds
  const double samples = undisturbed("");
  if (seconds_ < aim) undisturbed(fmt::format(" --samples {:.0f}", samples * std::min(aim / seconds_, 20.)));
  fs::remove_all(bench_.scratch().path / "run");
}

std::string Subject::command_in(const std::string& directory, const std::string& options) const {
  return bench_.program() + options_ + " --out " + bench_.in(directory) + options;
}

std::string Subject::difference(const Outcome& outcome, const std::string& directory) const {
  const fs::path results = bench_.scratch().path / directory;
  std::string wrong;
  if (outcome.status != 0)
    wrong = fmt::format("exit status {}: {}", outcome.status, outcome.err);
  else if (!outcome.err.empty())
    wrong = "said " + outcome.err;
  else if (const Contents now = programs::contents(results); now != whole_) {
    wrong = "other files:";
    for (const auto& [file, text] : now)
      if (std::ranges::find(whole_, std::pair{file, text}) == whole_.end()) wrong += " " + file;
  }
  fs::remove_all(results);
  if (directory == "old") bench_.restore();
  return wrong;
}

void Subject::same_bytes(const std::string& kind, const std::string& what, const std::string& shell) const {
  add(kind, what, difference(bench_.run(shell)));
}

bool Subject::whole_or_not_at_all(const std::string& kind, const std::string& what,
                                  const std::string& shell) const {
  const Outcome outcome = bench_.run(shell);
  if (outcome.status == 0) {
    add(kind, what, difference(outcome, "old"));
    return false;
  }
  std::string wrong = programs::objection(outcome, 3, {});
  if (wrong.empty()) wrong = bench_.harm();
  bench_.restore();
  add(kind, what, wrong);
  return true;
}

}  // namespace trials
