#include "bench.hpp"

#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/files.hpp>

#include <fmt/format.h>

#include <csignal>
#include <regex>
#include <stdexcept>

namespace trials {

namespace fs = std::filesystem;

namespace {

/// The smallest ensemble that a program takes, from what it says of one that is too small.
std::string fewest_samples(const std::string& refusal) {
  std::smatch match;
  if (std::regex_search(refusal, match, std::regex{R"(an integer, (\d+) \.\.\. )"})) return match[1];
  throw std::runtime_error{"no refusal of too few samples: " + refusal};
}

}  // namespace

std::string mounted(const std::string& options, const std::string& directory, const std::string& command) {
  return "unshare -rm sh -c " +
         shell_word("mount -t tmpfs -o " + options + " none " + directory + " && " + command);
}

Bench::Bench(const Place& place, const std::string& name)
    : name_{name}, executable_{place.build / "chapters" / name} {
  fs::permissions(scratch_.path, fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
  smallest_ =
      " --quick --threads 1 --keep-going --samples " + fewest_samples(run(program() + " --samples 0").err);
  const Outcome outcome = run(program() + smallest_ + to_old());
  if (outcome.status != 0) throw std::runtime_error{"no ordinary run of " + name + ": " + outcome.err};
  ledger_ = programs::ledger(old());
  contents_ = programs::contents(old());
}

Outcome Bench::run(const std::string& command) const {
  const Outcome outcome =
      programs::run(scratch_, "timeout --foreground -k 5 120 sh -c " + shell_word(command));
  if (outcome.status == 128 + SIGINT) throw fieldbook::Interrupted{SIGINT};
  return outcome;
}

std::string Bench::objection(const std::string& command, int status,
                             const std::vector<std::string>& words) const {
  const Outcome outcome = run(command);
  std::string wrong = programs::objection(outcome, status, words);
  if (wrong.empty()) wrong = harm();
  restore();
  return wrong;
}

std::string Bench::harm() const {
  if (!fs::is_directory(old())) return "the earlier results are gone";
  Contents now = programs::contents(old());
  std::erase_if(now, [](const auto& file) { return file.first == "checkpoint"; });
  for (const auto& [file, text] : now)
    if (std::ranges::find(contents_, file, [](const auto& known) { return known.first; }) == contents_.end())
      return "left behind: " + file;
  return now == contents_ ? "" : "the earlier results have changed";
}

void Bench::restore() const {
  fs::remove_all(old());
  fs::create_directory(old());
  for (const auto& [file, text] : contents_) fieldbook::write_file(old() / file, text);
}

}  // namespace trials
