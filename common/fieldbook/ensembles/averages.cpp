#include <fieldbook/ensembles/averages.hpp>

#include <cmath>

namespace fieldbook {

void Averages::add(const Eigen::Ref<const Eigen::VectorXd>& draw) {
  ++count_;
  const Eigen::VectorXd delta = draw - mean_;
  mean_ += delta / static_cast<double>(count_);
  scatter_.noalias() += delta * (draw - mean_).transpose();
}

void Averages::merge(const Averages& other) {
  if (other.count_ == 0) return;
  const auto na = static_cast<double>(count_), nb = static_cast<double>(other.count_);
  const Eigen::VectorXd delta = other.mean_ - mean_;
  scatter_ += other.scatter_ + na * nb / (na + nb) * delta * delta.transpose();
  mean_ += nb / (na + nb) * delta;
  count_ += other.count_;
}

Estimate Averages::mean(Eigen::Index i) const {
  const auto n = static_cast<double>(count_);
  return {mean_[i], std::sqrt(scatter_(i, i) / (n * (n - 1)))};
}

}  // namespace fieldbook
