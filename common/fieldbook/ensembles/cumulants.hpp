#pragma once

#include <fieldbook/estimate.hpp>

#include <boost/serialization/array.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace fieldbook {

/// Sums of powers of the deviations from the sample mean, up to the eighth, of any number of values.
///
/// Values are added in batches: each batch is centred first, then merged by the formulas of Pébay ("Formulas for
/// robust, one-pass parallel computation of covariances and arbitrary-order statistical moments", Sandia 2008), so
/// that no digits are lost to a large mean.
class CentralMoments {
 public:
  static constexpr int order = 8;

  /// Adds a batch of values.
  void add(std::span<const double> values);

  /// Adds what `other` has seen.
  void merge(const CentralMoments& other);

  /// Number of values.
  std::int64_t count() const { return count_; }
  double mean() const { return mean_; }

  /// m_r = (1/n) sum (x - mean)^r, 2 <= r <= 8.
  double moment(int r) const { return sums_[static_cast<std::size_t>(r)] / static_cast<double>(count_); }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& count_& mean_& sums_;
  }

 private:
  std::int64_t count_ = 0;
  double mean_ = 0;
  std::array<double, order + 1> sums_{};  ///< sums_[r], r = 2 ... 8
};

/// The k-statistic of order r (2 <= r <= 8): the unbiased estimator of the cumulant kappa_r from n > r - 1 values
/// (Fisher 1930; Kendall and Stuart, vol. 1, ch. 12). It is the sum over partitions of r of (-1)^{l-1} (l-1)! times the
/// number of set partitions with these l block sizes, times the mean of prod x_i^{size} over distinct draws. std::invalid_argument for too few values or another order.
double k_statistic(int r, const CentralMoments& sample);

/// The exact variance of the k-statistic of order r (2, 3 or 4) for n independent values of a law whose true cumulants
/// are kappa[0] = 0 (unused), kappa[1], ..., kappa[2 r] (Kendall and Stuart, vol. 1, ch. 12).
double k_statistic_variance(int r, double n, std::span<const double> kappa);

/// The sample mean with its standard error from the spread of the values.
Estimate mean_estimate(const CentralMoments& sample);

/// The unbiased sample variance with the standard error of its influence function (x - mean)^2.
Estimate variance_estimate(const CentralMoments& sample);

/// Mean of the block values and its standard error from their spread: the blocked error of an unbiased estimator.
Estimate mean_over_blocks(std::span<const double> block_values);

/// The k-statistic of order r of all values, with the standard error that the spread of the blocks' own k-statistics
/// gives. Every block must have more than r - 1 values.
Estimate blocked_k_statistic(int r, const std::vector<CentralMoments>& blocks);

}  // namespace fieldbook
