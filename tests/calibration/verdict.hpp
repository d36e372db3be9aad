#pragma once

#include <optional>
#include <string>
#include <vector>

#include "normality.hpp"
#include "record.hpp"

namespace calibration {

/// An honest book is called miscalibrated with at most this probability, all tests of all claims together.
inline constexpr double family_wise_level = 0.01;

/// One claim over all seeds.
struct ClaimSummary {
  std::string id, kind;
  int runs = 0, failures = 0;
  bool sampled = false;                      ///< has a standard error: chance may make it fail
  bool constant = false;                     ///< measures the same number for every seed
  double median_used = 0, largest_used = 0;  ///< share of what the claim allows
  std::vector<double> z;                     ///< of a statistical claim that is not constant

  std::optional<Spread> scatter;  ///< see scatter_of

  Spread mean, variance;  ///< of z; the variance of normal numbers has the error √(2/(n-1)) times itself
  double normality_p = 1, squares_p = 1, failures_p = 1;
  double p = 1;         ///< the smallest of these, times their number
  double adjusted = 1;  ///< p after the correction for everything that is tested

  bool tested() const { return z.size() > 1; }
};

/// The means of z, z² and z³ over claims and seeds, which should be 0, 1 and 0; their errors come from the spread of the seeds.
struct Moments {
  Spread mean, square, cube;
};

/// One program over all seeds.
struct ProgramSummary {
  std::string name;
  std::vector<ClaimSummary> claims;
  Moments moments;                     ///< of all its statistical claims together
  std::optional<double> chi_square_p;  ///< are the p-values of its χ² uniform? empty without χ²
  double chi_square_adjusted = 1;

  /// The smallest adjusted p-value of its claims and its χ².
  double worst() const;
};

/// All programs.
struct Verdict {
  int seeds = 0;
  std::vector<ProgramSummary> programs;
  Moments moments;                     ///< of all programs together
  std::vector<std::vector<double>> z;  ///< seed by seed, of all statistical claims together

  /// Is some adjusted p-value below the level?
  bool miscalibrated() const;
};

/// How much measured - predicted of one claim scatters from seed to seed, in units of its root mean square standard error, with the
/// error that normal numbers would give it; empty for statistical claims, whose z is tested, and where less than two runs had an error.
std::optional<Spread> scatter_of(const std::vector<Observation>& seen);

/// Judges at least two seeds.
Verdict judge(const std::vector<Record>& records, int seeds);

}  // namespace calibration
