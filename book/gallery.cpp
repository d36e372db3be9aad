/// gallery [--check] RECORD ROOT PROGRAM...
///
/// Copies the pictures and the ledger of every program's last full run into ROOT/figures, as <chapter>/<program>-<figure>.svg
/// and <chapter>/<program>.json: the record that is committed. ROOT/README.md gets its numbers and pictures from it. Runs that
/// are not the book's are refused, all of them named, before anything is copied. With --check nothing is written: exit status 1
/// and a line for everything in which the runs and what is committed disagree.

#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "ledger.hpp"
#include "readme.hpp"
#include "text.hpp"

namespace {

namespace fs = std::filesystem;

constexpr auto kLargestPicture = 200 * 1024;

/// What is wrong with a run for the gallery, one line each; empty for a full run with the book's seed and options.
std::string refusal(const book::Ledger& ledger) {
  std::string reasons;
  if (const auto what = ledger.peculiarities(); !what.empty())
    reasons += fmt::format("gallery: {} was run with {}, which is not the book's run: ./fieldbook figures\n",
                           ledger.program, what);
  for (const auto& figure : ledger.figures) {
    const fs::path picture = ledger.path.parent_path() / figure.file(".svg");
    if (!fs::is_regular_file(picture))
      reasons +=
          fmt::format("gallery: {} has no picture of {}: ./fieldbook figures\n", ledger.program, figure.id);
    else if (const auto size = fs::file_size(picture); size > kLargestPicture)
      reasons += fmt::format("gallery: {} is of {} kB; at most {} are committed\n", picture.string(),
                             size / 1024, kLargestPicture / 1024);
  }
  return reasons;
}

/// Removes what an earlier run of this program left: its ledger and pictures.
void remove_old(const fs::path& chapter, const std::string& stem) {
  if (!fs::is_directory(chapter)) return;
  for (const auto& entry : fs::directory_iterator(chapter)) {
    const std::string file = entry.path().filename().string();
    if (file.starts_with(stem + "-") && file.ends_with(".svg")) fs::remove(entry.path());
  }
}

void copy(const book::Ledger& ledger, const fs::path& figures) {
  const fs::path target = figures / ledger.program, chapter = target.parent_path();
  const std::string stem = target.filename().string();
  remove_old(chapter, stem);
  for (const auto& figure : ledger.figures)
    book::write_if_changed(chapter / fmt::format("{}-{}.svg", stem, figure.id),
                           book::read_file(ledger.path.parent_path() / figure.file(".svg")));
  book::write_if_changed(chapter / (stem + ".json"), book::read_file(ledger.path));
}

/// What is committed and does not agree with these runs, one line each.
std::string disagreement(const std::vector<book::Ledger>& ledgers, const fs::path& root) {
  std::string lines;
  for (const auto& ledger : ledgers) {
    const fs::path committed = root / "figures" / (ledger.program + ".json");
    if (!fs::exists(committed)) {
      lines += fmt::format("gallery: {} is not in the record: ./fieldbook gallery\n", ledger.program);
      continue;
    }
    const auto record = book::read_ledger(committed);
    for (const auto& difference : book::differences(ledger, record))
      lines += fmt::format("gallery: {}: {}\n", ledger.program, difference);
  }
  const std::string readme = book::read_file(root / "README.md");
  if (book::with_record(readme, ledgers) != readme)
    lines += "gallery: README.md is not of this record: ./fieldbook gallery\n";
  return lines;
}

std::vector<book::Ledger> read_runs(const fs::path& record, const std::vector<std::string>& programs) {
  std::vector<book::Ledger> ledgers;
  for (const auto& program : programs) ledgers.push_back(book::read_ledger(record / program / "ledger.json"));
  return ledgers;
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool check = !arguments.empty() && arguments.front() == "--check";
  if (check) arguments.erase(arguments.begin());
  if (arguments.size() < 3)
    return std::cerr << "gallery: usage: gallery [--check] RECORD ROOT PROGRAM...\n", 2;
  const fs::path root = arguments[1];
  const auto ledgers = read_runs(arguments[0], {arguments.begin() + 2, arguments.end()});
  std::string refused;
  for (const auto& ledger : ledgers) refused += refusal(ledger);
  if (refused.empty() && check) refused = disagreement(ledgers, root);
  if (!refused.empty()) return std::cerr << refused, 1;
  if (check) return 0;
  const std::string readme = book::with_record(book::read_file(root / "README.md"), ledgers);
  for (const auto& ledger : ledgers) copy(ledger, root / "figures");
  book::write_if_changed(root / "README.md", readme);
  std::cout << fmt::format("The last full run of {} program(s) is in {}\n", ledgers.size(),
                           (root / "figures").string());
  return 0;
} catch (const std::exception& error) {
  std::cerr << "gallery: " << error.what() << '\n';
  return 3;
}
