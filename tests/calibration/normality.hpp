#pragma once

#include <vector>

/// Are z-scores what they claim to be? Tests against laws without free parameters, over independent values.
namespace calibration {

/// A mean over seeds with its standard error, which follows from how much the seeds differ: numbers of one seed may be correlated.
struct Spread {
  double mean = 0, error = 0;
};

/// At least two values.
Spread over_seeds(const std::vector<double>& values);

/// The statistic of Anderson and Darling, A² = -n - Σ (2i-1) [ln u_i + ln(1-u_{n+1-i})] / n, of values that should be uniform
/// between 0 and 1; infinite where one of them is 0 or 1.
double anderson_darling(std::vector<double> uniform);

/// The probability of at least this A² for many uniform values. In that limit A² = Σ Y_j² / (j(j+1)) with standard normal Y_j
/// (Anderson and Darling, Ann. Math. Stat. 23 (1952) 193), and Smirnov's formula for such sums gives the tail to full relative
/// accuracy, which a correction for hundreds of claims needs. The law of ten values differs from it by less than 0.003
/// (Marsaglia and Marsaglia, J. Stat. Soft. 9 (2004) 2, whose values are in the tests).
double anderson_darling_p_value(double statistic);

/// The p-value of Anderson and Darling's test that numbers between 0 and 1 are uniform: for p-values of independent runs.
double uniformity_p_value(const std::vector<double>& p_values);

/// The p-value of Anderson and Darling's test that `z` are standard normal.
double normality_p_value(const std::vector<double>& z);

/// The two-sided p-value of Σ z², which is χ² distributed with as many degrees: sees an error bar of the wrong size soonest.
double squares_p_value(const std::vector<double>& z);

/// The probability of at least so many failures in so many runs, each of which fails with probability `chance`.
double failures_p_value(int failures, int runs, double chance);

/// p-values after Holm's correction (Scand. J. Statist. 6 (1979) 65): whoever rejects what is below α rejects anything true with
/// probability at most α, however the tests depend on each other.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace calibration
