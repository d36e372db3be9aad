#pragma once

#include <fieldbook/estimate.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace fieldbook {

/// Means of several observables of the same draws, with the covariance matrix of these means.
class Averages {
 public:
  /// For draws with `observables` numbers each.
  explicit Averages(Eigen::Index observables)
      : mean_{Eigen::VectorXd::Zero(observables)},
        scatter_{Eigen::MatrixXd::Zero(observables, observables)},
        delta_{Eigen::VectorXd::Zero(observables)} {}

  /// Adds one draw.
  void add(const Eigen::Ref<const Eigen::VectorXd>& draw);

  /// Adds what `other` has seen.
  void merge(const Averages& other);

  std::int64_t count() const { return count_; }

  /// The sample mean of observable i and its standard error from the spread of the draws.
  Estimate mean(Eigen::Index i) const;
  const Eigen::VectorXd& means() const { return mean_; }

  /// The unbiased covariance matrix of the observables, one draw each: `sum (a - mean a)(b - mean b) / (n - 1)`.
  Eigen::MatrixXd covariance() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& count_& mean_& scatter_;
  }

 private:
  /// scatter += weight delta delta^T, in its lower triangle.
  void add_scatter(double weight);

  std::int64_t count_ = 0;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd scatter_;  ///< its lower triangle
  Eigen::VectorXd delta_;    ///< kept so that no draw allocates
};

}  // namespace fieldbook
