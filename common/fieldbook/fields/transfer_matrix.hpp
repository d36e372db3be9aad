#pragma once

#include <fieldbook/fields/oscillator.hpp>

#include <Eigen/Core>

namespace fieldbook {

/// The exact theory on M sites of a circle of length T: the Gaussian field circle_field(base_mass, T, M) weighted with
/// exp(-eps sum over sites of U(phi)), eps = T/M, U = (mass2 - base_mass^2) phi^2/2 + lambda phi^4/24.
///
/// The Gaussian measure is that of e^{-T H_0} of the oscillator of frequency base_mass, so the weighted one has the transfer
/// matrix e^{-eps U/2} e^{-eps H_0} e^{-eps U/2}: a symmetric Trotter product, equal to e^{-eps H} up to eps^3. It is formed in the
/// eigenstates of H_0, with e^{-eps U/2} from the eigenvalues of x among many states, cut afterwards.
class TransferMatrix {
 public:
  /// std::invalid_argument for a base mass or length that is not positive, a negative lambda or fewer than 2 sites.
  TransferMatrix(const Oscillator& oscillator, double base_mass, double length, int sites);

  /// < phi(0) phi(k eps) >.
  double propagator(int k) const;

  /// < phi^4 > at one site.
  double fourth_moment() const;

  /// -log of the ratio of the two largest eigenvalues, over eps: the energy gap of this lattice.
  double gap() const;

  /// log Tr (transfer matrix)^M.
  double log_partition() const;

  /// The probability density of phi at one site.
  double density(double phi) const;

 private:
  /// n-th powers of the eigenvalues over the largest one.
  Eigen::VectorXd relative_power(int n) const;

  double base_mass_, spacing_;
  int sites_;
  Eigen::VectorXd log_eigenvalues_;  ///< descending
  Eigen::MatrixXd states_;           ///< columns: eigenvectors in the oscillator basis
  Eigen::MatrixXd position_;         ///< x between eigenvectors
  Eigen::VectorXd population_;       ///< eigenvalue^M / trace
};

}  // namespace fieldbook
