/// calibrate SEEDS RECORD PROGRAMS OUTPUT NAME...
///
/// Runs the programs NAME, whose executables are PROGRAMS/NAME, with --quick for the seeds 1 ... SEEDS, keeps what they say below
/// RECORD (what is there already is not run again), and judges whether their claims are calibrated: see report.hpp. The verdict
/// and its picture go to OUTPUT. Exit status: 0 calibrated, 1 not, 2 bad usage, 3 a program or the machine failed.

#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/output.hpp>

#include <fmt/format.h>
#include <chrono>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "report.hpp"

namespace {

namespace fs = std::filesystem;

int calibrate(int seeds, const fs::path& record, const fs::path& programs, const fs::path& output,
              const std::vector<std::string>& names) {
  std::vector<calibration::Record> records;
  for (const auto& name : names) records.emplace_back(name, programs / name, record / (name + ".json"));
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t runs = complete(records, seeds);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;

  const auto verdict = calibration::judge(records, seeds);
  fmt::print("{}{} of {} runs were new, in {:.0f} s\n", plain(verdict), runs,
             names.size() * static_cast<std::size_t>(seeds), taken.count());
  fs::create_directories(output);
  calibration::draw(verdict, output);
  fieldbook::write_durably(output / "calibration.json", to_json(verdict).dump() + "\n");
  return verdict.miscalibrated() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) try {
  const int seeds = argc < 6 ? 0 : std::atoi(argv[1]);
  if (seeds < 2) {
    fmt::print(stderr,
               "calibrate: usage: calibrate SEEDS RECORD PROGRAMS OUTPUT NAME... (at least two seeds)\n");
    return 2;
  }
  return calibrate(seeds, argv[2], argv[3], argv[4], {argv + 5, argv + argc});
} catch (const fieldbook::Interrupted& interrupted) {
  fmt::print(stderr, "calibrate: interrupted; the same command goes on from here\n");
  return 128 + interrupted.signal;
} catch (const std::exception& error) {
  fmt::print(stderr, "calibrate: {}\n", error.what());
  return 3;
}
