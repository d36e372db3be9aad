#include <fieldbook/fields/transfer_matrix.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr int many_states = 400, kept_states = 160;

/// The eigenvalues and eigenvectors of x at frequency one, made once; another frequency only sets the scale.
const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>& position_solver() {
  static const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{oscillator_position(1, many_states)};
  return solver;
}

}  // namespace

TransferMatrix::TransferMatrix(const Oscillator& oscillator, double base_mass, double length, int sites)
    : base_mass_{base_mass}, spacing_{length / sites}, sites_{sites} {
  const auto [mass2, lambda] = oscillator;
  if (!(base_mass > 0) || !(length > 0) || !(lambda >= 0) || sites < 2)
    throw std::invalid_argument{
        "TransferMatrix: a positive base mass and length, lambda >= 0 and at least 2 sites"};
  const double a = (mass2 - base_mass * base_mass) / 2, b = lambda / 24;
  // The lowest value of U is taken out before it is exponentiated
  const double lowest = a < 0 && b > 0 ? -a * a / (4 * b) : 0;

  const auto& x = position_solver();
  const Eigen::VectorXd half_weight = x.eigenvalues().unaryExpr([&](double unit) {
    const double q = unit / std::sqrt(base_mass);
    return std::exp(-spacing_ / 2 * ((a + b * q * q) * q * q - lowest));
  });
  const Eigen::MatrixXd low = x.eigenvectors().topRows(kept_states);
  const Eigen::MatrixXd potential = low * half_weight.asDiagonal() * low.transpose();
  Eigen::VectorXd kinetic(kept_states);
  for (int n = 0; n < kept_states; ++n) kinetic[n] = std::exp(-spacing_ * base_mass * (n + 0.5));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{
      Eigen::MatrixXd{potential * kinetic.asDiagonal() * potential}};

  // Ascending becomes descending; what is lost in rounding errors contributes nothing
  const Eigen::VectorXd eigenvalues = solver.eigenvalues().reverse().cwiseMax(1e-300);
  states_ = solver.eigenvectors().rowwise().reverse();
  position_ = states_.transpose() * oscillator_position(base_mass, kept_states) * states_;
  log_eigenvalues_ = eigenvalues.unaryExpr([&](double value) { return std::log(value) - spacing_ * lowest; });
  population_ = relative_power(sites_);
  population_ /= population_.sum();
}

Eigen::VectorXd TransferMatrix::relative_power(int n) const {
  return log_eigenvalues_.unaryExpr(
      [&](double value) { return std::exp(n * (value - log_eigenvalues_[0])); });
}

double TransferMatrix::propagator(int k) const {
  // sum_ab lambda_a^{M-k} x_ab^2 lambda_b^k / Z
  return relative_power(sites_ - k).dot(position_.cwiseAbs2() * relative_power(k)) /
         relative_power(sites_).sum();
}

double TransferMatrix::fourth_moment() const {
  const Eigen::MatrixXd square = position_ * position_;
  return population_.dot((square * square).diagonal());
}

double TransferMatrix::gap() const { return (log_eigenvalues_[0] - log_eigenvalues_[1]) / spacing_; }

double TransferMatrix::log_partition() const {
  return sites_ * log_eigenvalues_[0] + std::log(relative_power(sites_).sum());
}

double TransferMatrix::density(double phi) const {
  // Wave functions of the base oscillator by their three-term recursion
  Eigen::VectorXd wave(kept_states);
  const double z = std::sqrt(base_mass_) * phi;
  wave[0] = std::pow(base_mass_ / std::numbers::pi, 0.25) * std::exp(-z * z / 2);
  wave[1] = std::numbers::sqrt2 * z * wave[0];
  for (int n = 1; n + 1 < kept_states; ++n)
    wave[n + 1] = std::sqrt(2. / (n + 1)) * z * wave[n] - std::sqrt(n / (n + 1.)) * wave[n - 1];
  return population_.dot((states_.transpose() * wave).cwiseAbs2());
}

}  // namespace fieldbook
