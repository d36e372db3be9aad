// Are the error bars of a program honest? usage: calibration PROGRAM SEEDS [OPTION ...]
//
// Runs the program with --quick for the seeds 1 ... SEEDS and pools the z-scores of its statistical claims. Every claim
// must hold for every seed. The mean of the pool must be zero, and its variance at most 0.3 away from 1, so that error bars
// off by a factor of 1.3 do not pass. How far chance may take them follows from Student's law and the spread of the seeds' own
// means (claims of one run are correlated). A single dishonest claim would drown in the pool, so the sum of squares of each
// claim over the seeds must be possible for a chi-square too. Honest error bars fail each of these with probability 1e-4.
#include "run.hpp"

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr double false_alarm = 1e-4;

/// How many standard errors a mean over so many seeds may be away.
double standard_errors(std::size_t seeds) {
  const boost::math::students_t law{static_cast<double>(seeds - 1)};
  return quantile(complement(law, false_alarm / 2));
}

/// How large the mean square of so many standard normal numbers may be.
double mean_square(std::size_t seeds) {
  const boost::math::chi_squared law{static_cast<double>(seeds)};
  return quantile(complement(law, false_alarm)) / static_cast<double>(seeds);
}

struct Spread {
  double mean, error;
};

Spread over_seeds(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  const auto n = static_cast<double>(values.size());
  for (const double x : values) sum += x;
  for (const double x : values) squares += (x - sum / n) * (x - sum / n);
  return {sum / n, std::sqrt(squares / (n * (n - 1)))};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string program = std::string{"'"} + argv[1] + "'";
  std::string options;
  for (int i = 3; i < argc; ++i) options += std::string{" "} + argv[i];

  const programs::Scratch scratch;
  std::vector<double> means, squares;
  std::map<std::string, std::vector<double>> squares_of;
  int failures = 0;
  for (int seed = 1; seed <= std::stoi(argv[2]); ++seed) {
    const auto outcome =
        programs::run(scratch, fmt::format("{} --quick --no-figures --keep-going --seed {} --out {}/out{}",
                                           program, seed, scratch.path.string(), options));
    if (outcome.status != 0) {
      fmt::print("seed {}: exit status {}: {}", seed, outcome.status, outcome.err);
      return 1;
    }
    double sum = 0, square = 0, count = 0;
    const nlohmann::json record = programs::ledger(scratch.path / "out");
    for (const auto& claim : record["claims"]) {
      if (!claim["holds"].get<bool>()) {
        fmt::print("seed {}: {} fails: {}\n", seed, claim["id"].get<std::string>(), claim.dump());
        ++failures;
      }
      if (claim["kind"] != "statistical" || claim["z"].is_null()) continue;
      const double z = claim["z"];
      sum += z;
      square += z * z;
      squares_of[claim["id"]].push_back(z * z);
      ++count;
    }
    if (count == 0) continue;
    means.push_back(sum / count);
    squares.push_back(square / count);
  }
  if (means.size() < 2) {
    fmt::print("no statistical claims; {} other ones failed\n", failures);
    return failures == 0 ? 0 : 1;
  }
  const Spread mean = over_seeds(means), square = over_seeds(squares);
  fmt::print("z-scores over {} seeds: mean {:.3f} ± {:.3f}, mean square {:.3f} ± {:.3f}\n", means.size(),
             mean.mean, mean.error, square.mean, square.error);
  const double away = standard_errors(means.size());
  const bool honest =
      std::abs(mean.mean) <= away * mean.error && std::abs(square.mean - 1) <= 0.3 + away * square.error;
  for (const auto& [id, values] : squares_of)
    if (values.size() > 1 && over_seeds(values).mean > mean_square(values.size())) {
      fmt::print("{}: mean square of z {:.2f}\n", id, over_seeds(values).mean);
      ++failures;
    }
  if (!honest) fmt::print("the error bars are not honest\n");
  return failures == 0 && honest ? 0 : 1;
}
