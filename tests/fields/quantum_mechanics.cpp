#define BOOST_TEST_DYN_LINK
#include <fieldbook/fields/circle_theory.hpp>
#include <fieldbook/fields/effective_energy.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fieldbook;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(quantum_mechanics)

// Levels of p^2 + x^4 from Banerjee et al., Proc. R. Soc. A 360 (1978) 575: 1.060362090, 3.799673030. With x = s y, p^2/2 + lambda x^4/24 is
// 1/(2 s^2) times that if lambda s^6/12 = 1
BOOST_AUTO_TEST_CASE(the_pure_quartic_oscillator_has_its_known_levels) {
  const double lambda = 12 * 1000, scale = std::pow(12 / lambda, 1. / 6);
  const Levels levels = diagonalise({0, lambda});
  BOOST_TEST(levels.energies[0] * 2 * scale * scale == 1.060362090, tt::tolerance(1e-8));
  BOOST_TEST(levels.energies[1] * 2 * scale * scale == 3.799673030, tt::tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(the_harmonic_oscillator_is_harmonic) {
  const Levels levels = diagonalise({2.25, 0}, 40);
  BOOST_TEST(levels.gap() == 1.5, tt::tolerance(1e-12));
  BOOST_TEST(levels.position.col(0).squaredNorm() == 1 / 3., tt::tolerance(1e-12));
  BOOST_CHECK_THROW(diagonalise({-1, 0}), std::invalid_argument);
  BOOST_CHECK_THROW(diagonalise({1, -1}), std::invalid_argument);
  BOOST_CHECK_THROW((TransferMatrix{{1, 1}, 0, 8, 16}), std::invalid_argument);
  BOOST_CHECK_THROW((TransferMatrix{{1, 1}, 1, -8, 16}), std::invalid_argument);
  BOOST_CHECK_THROW((TransferMatrix{{1, -1}, 1, 8, 16}), std::invalid_argument);
  BOOST_CHECK_THROW((TransferMatrix{{1, 1}, 1, 8, 1}), std::invalid_argument);
}

// Rayleigh and Ritz: every level in a few states lies above the true one
BOOST_AUTO_TEST_CASE(levels_fall_as_states_are_added) {
  for (const double lambda : {1., 24., 1000.}) {
    const Eigen::VectorXd few = diagonalise({1, lambda}, 8).energies,
                          many = diagonalise({1, lambda}).energies;
    BOOST_TEST((few - many.head(8)).minCoeff() > -1e-9 * many[7]);
  }
}

// The same transfer matrix on a grid of positions, with the kernel of Mehler for e^{-eps H_0}: no oscillator states at all
BOOST_AUTO_TEST_CASE(transfer_matrices_agree_with_a_grid_of_positions) {
  struct Case {
    double mass2, lambda, base, length;
    int sites;
  };
  for (const auto& [mass2, lambda, base, length, sites] :
       {Case{1, 6, 1, 8, 64}, {1, 24, 1.5, 4, 20}, {-1, 6, 1, 8, 64}, {-1, 2, 0.7, 5, 40}}) {
    const double eps = length / sites, step = 0.05;
    constexpr int half = 120;
    const double sine = std::sinh(base * eps), cosine = std::cosh(base * eps);
    Eigen::VectorXd x(2 * half + 1);
    Eigen::MatrixXd kernel(x.size(), x.size());
    for (int i = 0; i <= 2 * half; ++i) x[i] = (i - half) * step;
    const auto potential = [&](double q) {
      return (mass2 - base * base) / 2 * q * q + lambda / 24 * q * q * q * q;
    };
    for (Eigen::Index i = 0; i < x.size(); ++i)
      for (Eigen::Index j = 0; j < x.size(); ++j)
        kernel(i, j) =
            step * std::sqrt(base / (2 * M_PI * sine)) *
            std::exp(-base * ((x[i] * x[i] + x[j] * x[j]) * cosine - 2 * x[i] * x[j]) / (2 * sine) -
                     eps / 2 * (potential(x[i]) + potential(x[j])));
    Eigen::MatrixXd power = Eigen::MatrixXd::Identity(x.size(), x.size()), forward = power;
    const int lag = sites / 5;
    for (int k = 0; k < sites - lag; ++k) power = power * kernel;
    for (int k = 0; k < lag; ++k) forward = forward * kernel;
    const Eigen::MatrixXd whole = power * forward;
    const double trace = whole.trace();
    const TransferMatrix exact{{mass2, lambda}, base, length, sites};
    BOOST_TEST(exact.propagator(0) == (x.cwiseAbs2().asDiagonal() * whole).trace() / trace,
               tt::tolerance(1e-8));
    BOOST_TEST(exact.fourth_moment() == (x.cwiseAbs2().cwiseAbs2().asDiagonal() * whole).trace() / trace,
               tt::tolerance(1e-8));
    BOOST_TEST(exact.propagator(lag) == (x.asDiagonal() * power * x.asDiagonal() * forward).trace() / trace,
               tt::tolerance(1e-7));
    BOOST_TEST(exact.log_partition() == std::log(trace), tt::tolerance(1e-8));
    BOOST_TEST(exact.density(0.5) == whole(half + 10, half + 10) / step / trace, tt::tolerance(1e-7));
  }
}

BOOST_AUTO_TEST_CASE(without_an_interaction_the_circle_is_free) {
  const CircleTheory free{{1, 0}, 1, 6, 24};
  const PeriodicField field = free.free_field();
  for (const int k : {0, 1, 7})
    BOOST_TEST(free.transfer_matrix().propagator(k) == field.propagator[k], tt::tolerance(1e-10));
  const CircleNumbers numbers = exact_numbers(free);
  BOOST_TEST(std::abs(numbers.fourth_cumulant) < 1e-10);
  BOOST_TEST(numbers.effective_energy == 1, tt::tolerance(1e-9));
  BOOST_TEST(numbers.effective_fraction == 1, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(effective_energies_invert_the_hyperbolic_cosine) {
  for (const double energy : {0.1, 1.3, 40.})
    BOOST_TEST(effective_energy(std::cosh(energy * 3.5), std::cosh(energy * 3), 8, 0.5, 0.5) == energy,
               tt::tolerance(1e-9));
  BOOST_CHECK_THROW(effective_energy(1, 1.1, 8, 0.5, 0.5), std::domain_error);
  BOOST_CHECK_THROW(effective_energy(1, -0.1, 8, 0.5, 0.5), std::domain_error);
  BOOST_CHECK_THROW(effective_energy(1, 0.5, 8, 4, 0.5), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
