// Are the error bars of a program honest? usage: few_seeds PROGRAM SEEDS [OPTION ...]
//
// The test of every run of the suite, which can afford few seeds; ./fieldbook calibrate is the thorough one. Every claim must
// hold for every seed. The mean of all z must be zero, and their mean square at most 0.3 away from 1, so that error bars off by a
// factor of 1.3 do not pass. How far chance may take them follows from Student's law and the spread of the seeds' own means
// (claims of one run are correlated). A single dishonest claim would drown in the pool, so the sum of squares of each claim over
// the seeds must be possible for a chi-square too. Honest error bars fail each of these with probability 1e-4.
#include <fmt/format.h>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <string>

#include "../programs/run.hpp"
#include "verdict.hpp"

namespace {

constexpr double false_alarm = 1e-4;

/// How many standard errors a mean over so many seeds may be away.
double standard_errors(int seeds) {
  const boost::math::students_t law{static_cast<double>(seeds - 1)};
  return quantile(complement(law, false_alarm / 2));
}

bool honest(const calibration::ClaimSummary& claim) {
  if (claim.failures > 0) fmt::print("{} fails for {} of {} seeds\n", claim.id, claim.failures, claim.runs);
  const bool possible = claim.squares_p >= false_alarm;
  if (!possible)
    fmt::print("{}: mean of z {:.2f} ± {:.2f}, variance {:.2f}\n", claim.id, claim.mean.mean,
               claim.mean.error, claim.variance.mean);
  return claim.failures == 0 && possible;
}

bool honest(const calibration::ProgramSummary& program, int seeds) {
  const auto& mean = program.moments.mean;
  const auto& square = program.moments.square;
  fmt::print("z-scores over {} seeds: mean {:.3f} ± {:.3f}, mean square {:.3f} ± {:.3f}\n", seeds, mean.mean,
             mean.error, square.mean, square.error);
  const double away = standard_errors(seeds);
  const bool pool =
      std::abs(mean.mean) <= away * mean.error && std::abs(square.mean - 1) <= 0.3 + away * square.error;
  if (!pool) fmt::print("the error bars are not honest\n");
  return pool;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) return 2;
  const int seeds = std::stoi(argv[2]);
  std::string options;
  for (int i = 3; i < argc; ++i) options += std::string{" "} + argv[i];

  const programs::Scratch scratch;
  std::vector<calibration::Record> records;
  records.emplace_back("program", argv[1], scratch.path / "record.json");
  complete(records, seeds, options);
  const auto verdict = calibration::judge(records, seeds);
  const auto& program = verdict.programs.front();
  bool all = true, any_tested = false;
  for (const auto& claim : program.claims) {
    all = honest(claim) && all;
    any_tested = any_tested || claim.tested();
  }
  if (any_tested) return honest(program, seeds) && all ? 0 : 1;
  fmt::print("no statistical claims\n");
  return all ? 0 : 1;
} catch (const std::exception& error) {
  fmt::print("{}\n", error.what());
  return 1;
}
