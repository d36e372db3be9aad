#include <fieldbook/kernels/spectral_propagator.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr double relative_cut = 1e-12;

Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> decomposed(const Eigen::MatrixXd& gram, int options) {
  if (gram.rows() != gram.cols() || gram.rows() == 0)
    throw std::invalid_argument{"SpectralPropagator: the Gram matrix must be square and not empty"};
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{gram, options};
  const Eigen::VectorXd& eigenvalues = solver.eigenvalues();
  const double largest = eigenvalues(eigenvalues.size() - 1);
  if (solver.info() != Eigen::Success || !(largest > 0) || eigenvalues(0) < -1e-8 * largest)
    throw std::invalid_argument{"SpectralPropagator: the Gram matrix is not positive"};
  return solver;
}

}  // namespace

SpectralPropagator::SpectralPropagator(const Eigen::MatrixXd& gram, double step)
    : rate_{step / static_cast<double>(gram.rows())} {
  const auto solver = decomposed(gram, Eigen::ComputeEigenvectors);
  eigenvalues_ = solver.eigenvalues();
  modes_ = solver.eigenvectors();
  const double bound = 2 * static_cast<double>(gram.rows()) / eigenvalues_(eigenvalues_.size() - 1);
  if (!(step > 0 && step < bound))
    throw std::invalid_argument{fmt::format(
        "SpectralPropagator: gradient descent needs a step in (0, 2 P/lambda_max) = (0, {:.6g}), not {:.6g}",
        bound, step)};
}

double SpectralPropagator::largest_step(const Eigen::MatrixXd& gram) {
  const auto solver = decomposed(gram, Eigen::EigenvaluesOnly);
  return 2 * static_cast<double>(gram.rows()) / solver.eigenvalues()(gram.rows() - 1);
}

bool SpectralPropagator::learned(double eigenvalue) const {
  return eigenvalue > relative_cut * eigenvalues_(eigenvalues_.size() - 1);
}

Eigen::Index SpectralPropagator::rank() const {
  return (eigenvalues_.array() > relative_cut * eigenvalues_(eigenvalues_.size() - 1)).count();
}

double SpectralPropagator::decay_minus_one(std::int64_t n, double eigenvalue) const {
  if (n < 0) throw std::invalid_argument{"SpectralPropagator: the number of steps is negative"};
  if (n == 0 || !learned(eigenvalue)) return 0;
  if (n == forever) return -1;
  const double part = rate_ * eigenvalue;
  const auto steps = static_cast<double>(n);
  if (part < 1) return std::expm1(steps * std::log1p(-part));
  // Beyond 1 the residual of the mode changes sign in every step
  return (n % 2 == 0 ? 1 : -1) * std::pow(part - 1, steps) - 1;
}

Eigen::MatrixXd SpectralPropagator::gain(std::int64_t n) const {
  const Eigen::VectorXd gains = eigenvalues_.unaryExpr(
      [&](double lambda) { return learned(lambda) ? -decay_minus_one(n, lambda) / lambda : 0; });
  return modes_ * gains.asDiagonal() * modes_.transpose();
}

Eigen::VectorXd SpectralPropagator::residual(std::int64_t n, const Eigen::VectorXd& start) const {
  const Eigen::VectorXd factors =
      eigenvalues_.unaryExpr([&](double lambda) { return 1 + decay_minus_one(n, lambda); });
  return modes_ * factors.cwiseProduct(modes_.transpose() * start);
}

Eigen::VectorXd SpectralPropagator::mean(std::int64_t n, const Eigen::MatrixXd& cross,
                                         const Eigen::VectorXd& targets) const {
  return cross * (gain(n) * targets);
}

Eigen::MatrixXd SpectralPropagator::covariance(std::int64_t n, const Eigen::MatrixXd& cross,
                                               const Eigen::MatrixXd& nngp) const {
  Eigen::MatrixXd a(cross.rows(), cross.cols() + cross.rows());
  a << -cross * gain(n), Eigen::MatrixXd::Identity(cross.rows(), cross.rows());
  if (nngp.rows() != a.cols() || nngp.cols() != a.cols())
    throw std::invalid_argument{"SpectralPropagator: the covariance must be that of data and points"};
  return a * nngp * a.transpose();
}

}  // namespace fieldbook
