/// gallery RECORD FIGURES PROGRAM...
///
/// Copies the pictures and the ledger of every program's last full run into FIGURES, as <chapter>/<program>-<figure>.svg
/// and <chapter>/<program>.json: the record that is committed. Runs that are not the book's are refused, all of them
/// named, before anything is copied.

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "ledger.hpp"
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

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4) return std::cerr << "gallery: usage: gallery RECORD FIGURES PROGRAM...\n", 2;
  std::vector<book::Ledger> ledgers;
  std::string refused;
  for (int i = 3; i < argc; ++i) {
    ledgers.push_back(book::read_ledger(fs::path(argv[1]) / argv[i] / "ledger.json"));
    refused += refusal(ledgers.back());
  }
  if (!refused.empty()) return std::cerr << refused, 1;
  for (const auto& ledger : ledgers) copy(ledger, argv[2]);
  std::cout << fmt::format("The last full run of {} program(s) is in {}\n", ledgers.size(), argv[2]);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "gallery: " << error.what() << '\n';
  return 3;
}
