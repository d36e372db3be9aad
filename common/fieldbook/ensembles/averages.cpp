#include <fieldbook/ensembles/averages.hpp>

#include <cmath>

namespace fieldbook {

// Plain loops over the lower triangle: the same bits with any instruction set

void Averages::add(const Eigen::Ref<const Eigen::VectorXd>& draw) {
  ++count_;
  const auto n = static_cast<double>(count_);
  delta_ = draw - mean_;
  add_scatter((n - 1) / n);
  mean_ += delta_ / n;
}

void Averages::merge(const Averages& other) {
  if (other.count_ == 0) return;
  const auto na = static_cast<double>(count_), nb = static_cast<double>(other.count_);
  delta_ = other.mean_ - mean_;
  scatter_ += other.scatter_;
  add_scatter(na * nb / (na + nb));
  mean_ += nb / (na + nb) * delta_;
  count_ += other.count_;
}

void Averages::add_scatter(double weight) {
  const Eigen::Index size = delta_.size();
  const double* const delta = delta_.data();
  for (Eigen::Index j = 0; j < size; ++j) {
    double* const column = scatter_.data() + j * size;
    const double factor = weight * delta[j];
    for (Eigen::Index i = j; i < size; ++i) column[i] += factor * delta[i];
  }
}

Eigen::MatrixXd Averages::covariance() const {
  return Eigen::MatrixXd{scatter_.selfadjointView<Eigen::Lower>()} / static_cast<double>(count_ - 1);
}

Estimate Averages::mean(Eigen::Index i) const {
  const auto n = static_cast<double>(count_);
  return {mean_[i], std::sqrt(scatter_(i, i) / (n * (n - 1)))};
}

}  // namespace fieldbook
