#pragma once

#include <fieldbook/kernels/neuron_moments.hpp>

#include <Eigen/Core>

#include <vector>

namespace fieldbook {

/// A free field on a periodic grid of M^d sites (d = 1 or 2), by its two-point function and the weights of its momenta.
/// Sites and momenta are numbered x_1 + M x_2.
struct PeriodicField {
  int dimension;
  int sites_per_direction;
  double cell;                 ///< the volume of one site, for sums that stand for integrals
  Eigen::VectorXd propagator;  ///< G(x) = sum_k spectrum[k] cos(2 pi k.x / M)
  Eigen::VectorXd spectrum;    ///< not negative; sums to G(0)
};

/// The field of mass m on a circle of length T, seen at M points: G(t) = cosh(m (T/2 - t)) / (2 m sinh(m T/2)), the exact propagator
/// of all momenta 2 pi k / T, without a cutoff (a perfect lattice). It is the thermal two-point function of an oscillator of frequency
/// m. std::invalid_argument for a mass or length that is not positive or fewer than 2 sites.
PeriodicField circle_field(double mass, double length, int sites);

/// The field on an L x L lattice of unit spacing with the action sum of phi(-Laplacian + m^2)phi / 2, nearest neighbours:
/// spectrum 1 / (L^2 (m^2 + 4 sin^2(k_1/2) + 4 sin^2(k_2/2))), k = 2 pi n / L. std::invalid_argument for a mass squared that is not
/// positive or fewer than 2 sites.
PeriodicField torus_field(double mass_squared, int sites_per_direction);

/// Moments of one plane-wave neuron with random momentum on this grid, (2 spectrum[k]/P_k)^{1/2} cos(2 pi k.x / M + c), P_k
/// proportional to spectrum[k]^{1 + alpha}, at the sites `at`: 2^{-n} sum over signs with sum e_i = 0 of
/// sum_k P_k (2 spectrum[k]/P_k)^{n/2} cos(2 pi k.(sum e_i x_i) / M), for up to six points; zero for odd n.
NeuronMoment periodic_wave_moment(const PeriodicField& field, double alpha, std::vector<int> at);

/// The exact derivative with respect to lambda, at lambda = 0, of the two-point function < phi(0) phi(x) > in the ensemble that is
/// weighted with exp(-lambda/24 sum over sites of cell phi^4), for networks of that width with independent neurons:
/// -(cell/24) sum_y [< phi_0 phi_x phi_y^4 > - < phi_0 phi_x > < phi_y^4 >]. `weights` are the moments of the amplitudes.
double two_point_slope(const PeriodicField& field, double alpha, int x, int width,
                       const WeightMoments& weights);

/// The same by another route: with the cumulants k of one neuron,
/// -(cell/24) sum_y [12 G_0y G_xy G_0 + (6 G_0 k_0xyy + 4 G_0y k_xyyy + 4 G_xy k_0yyy)/N + k_0xyyyy/N^2], where moments of a neuron
/// are averages over all momenta and over eight phases, enough for a product of six cosines. Slow: M^{2d} terms.
double two_point_slope_by_cumulants(const PeriodicField& field, double alpha, int x, int width,
                                    const WeightMoments& weights);

/// Its limit of infinite width, a mass shift: -(1/2) G(0) sum_y cell G(y) G(x - y).
double two_point_slope(const PeriodicField& field, int x);

}  // namespace fieldbook
