#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/k_statistic_terms.hpp>
#include <fieldbook/ensembles/merged.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

void CentralMoments::add(std::span<const double> values) {
  if (values.empty()) return;
  CentralMoments batch;
  batch.count_ = static_cast<std::int64_t>(values.size());
  double sum = 0;
  for (const double x : values) sum += x;
  batch.mean_ = sum / static_cast<double>(values.size());
  for (const double x : values) {
    const double d = x - batch.mean_;
    double power = d;
    for (std::size_t r = 2; r <= order; ++r) batch.sums_[r] += power *= d;
  }
  merge(batch);
}

void CentralMoments::merge(const CentralMoments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto na = static_cast<double>(count_), nb = static_cast<double>(other.count_), n = na + nb;
  const double delta = other.mean_ - mean_;
  // Each part's deviations from the common mean are its own deviations plus a constant: expand the binomials
  std::array<double, order + 1> shift_a{1}, shift_b{1};
  for (std::size_t k = 1; k <= order; ++k) {
    shift_a[k] = shift_a[k - 1] * (-nb / n * delta);
    shift_b[k] = shift_b[k - 1] * (na / n * delta);
  }
  std::array<double, order + 1> sums{};
  for (std::size_t r = 2; r <= order; ++r) {
    double sum = na * shift_a[r] + nb * shift_b[r];
    double binomial = 1;
    for (std::size_t k = 0; k <= r - 2; ++k) {
      sum += binomial * (shift_a[k] * sums_[r - k] + shift_b[k] * other.sums_[r - k]);
      binomial = binomial * static_cast<double>(r - k) / static_cast<double>(k + 1);
    }
    sums[r] = sum;
  }
  sums_ = sums;
  mean_ += nb / n * delta;
  count_ += other.count_;
}

double k_statistic(int r, const CentralMoments& sample) {
  const auto n = static_cast<double>(sample.count());
  if (r < 2 || r > CentralMoments::order)
    throw std::invalid_argument{"k_statistic: the order must be 2 ... 8"};
  if (n < r) throw std::invalid_argument{"k_statistic: fewer values than the order"};
  double result = 0;
  for (const DistinctMean& term : terms_of_k_statistic(r)) {
    double sum = 0;
    for (const auto& [parts, coefficient] : term.power_sums) {
      double product = coefficient;
      for (const int part : parts) product *= n * sample.moment(part);
      sum += product;
    }
    double falling = 1;
    for (int i = 0; i < term.indices; ++i) falling *= n - i;
    result += term.weight * sum / falling;
  }
  return result;
}

double k_statistic_variance(int r, double n, std::span<const double> kappa) {
  if (r < 2 || r > 4) throw std::invalid_argument{"k_statistic_variance: the order must be 2, 3 or 4"};
  if (kappa.size() < static_cast<std::size_t>(2 * r + 1))
    throw std::invalid_argument{"k_statistic_variance: needs the cumulants up to twice the order"};
  const double k2 = kappa[2], k3 = kappa[3], k4 = kappa[4];
  if (r == 2) return k4 / n + 2 * k2 * k2 / (n - 1);
  const double k6 = kappa[6];
  if (r == 3)
    return k6 / n + 9 * k4 * k2 / (n - 1) + 9 * k3 * k3 / (n - 1) +
           6 * n * k2 * k2 * k2 / ((n - 1) * (n - 2));
  const double k5 = kappa[5], k8 = kappa[8];
  return k8 / n + 16 * k6 * k2 / (n - 1) + 48 * k5 * k3 / (n - 1) + 34 * k4 * k4 / (n - 1) +
         72 * n * k4 * k2 * k2 / ((n - 1) * (n - 2)) + 144 * n * k3 * k3 * k2 / ((n - 1) * (n - 2)) +
         24 * n * (n + 1) * k2 * k2 * k2 * k2 / ((n - 1) * (n - 2) * (n - 3));
}

Estimate mean_estimate(const CentralMoments& sample) {
  return {sample.mean(), std::sqrt(k_statistic(2, sample) / static_cast<double>(sample.count()))};
}

Estimate variance_estimate(const CentralMoments& sample) {
  const double second = sample.moment(2);
  return {k_statistic(2, sample),
          std::sqrt((sample.moment(4) - second * second) / static_cast<double>(sample.count()))};
}

Estimate mean_over_blocks(std::span<const double> block_values) {
  CentralMoments moments;
  moments.add(block_values);
  return mean_estimate(moments);
}

Estimate blocked_k_statistic(int r, const std::vector<CentralMoments>& blocks) {
  std::vector<double> values;
  for (const CentralMoments& block : blocks) values.push_back(k_statistic(r, block));
  return {k_statistic(r, merged(blocks)), mean_over_blocks(values).standard_error};
}

}  // namespace fieldbook
