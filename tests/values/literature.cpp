// Closed forms and tables of the literature

#include <fieldbook/fields/oscillator.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/kernels/nngp.hpp>
#include <fieldbook/kernels/signal_propagation.hpp>
#include <fieldbook/numerics/best_polynomial.hpp>
#include <fieldbook/numerics/characteristic.hpp>
#include <fieldbook/numerics/legendre.hpp>
#include <fieldbook/numerics/moments.hpp>
#include <fieldbook/numerics/set_partitions.hpp>
#include <fieldbook/numerics/uniform_spline.hpp>
#include <fieldbook/random/philox.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>

#include "comparison.hpp"

namespace values {
namespace {

using namespace fieldbook;
using std::numbers::pi;

constexpr double ulp = 0x1p-52;

Comparison philox_words() {
  Comparison words{"words of Philox4x32-10", "known answers of Random123, `kat_vectors`", 0, {}, {}};
  struct Known {
    std::uint32_t counter[4], key[2], answer[4];
  };
  constexpr std::uint32_t ones = 0xffffffff;
  constexpr Known known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{ones, ones, ones, ones}, {ones, ones}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const auto& [counter, key, answer] : known) {
    PhiloxCounters counters{};
    counters.position[0] = counter[0];
    counters.draw_low[0] = counter[1];
    counters.draw_high[0] = counter[2];
    PhiloxWords result;
    philox(key[0] | static_cast<std::uint64_t>(key[1]) << 32, counter[3], counters, result);
    for (int word = 0; word < 4; ++word) words.add(result.word[word][0], answer[word]);
  }
  return words;
}

std::vector<Comparison> partitions() {
  Comparison bell{"set partitions of 0 to 8 elements", "Bell numbers, OEIS A000110", 0, {}, {}};
  int n = 0;
  for (const double number : {1., 1., 2., 5., 15., 52., 203., 877., 4140.})
    bell.add(static_cast<double>(set_partitions(n++).size()), number);
  Comparison pairs{"pairings of 0, 2, ..., 10 elements", "double factorials, OEIS A001147", 0, {}, {}};
  n = 0;
  for (const double number : {1., 1., 3., 15., 105., 945.})
    pairs.add(static_cast<double>(pairings(2 * n++).size()), number);
  Comparison even{"even set partitions of 0, 2, ..., 8 elements", "OEIS A005046", 0, {}, {}};
  n = 0;
  for (const double number : {1., 1., 4., 31., 379.})
    even.add(static_cast<double>(even_set_partitions(2 * n++).size()), number);
  return {bell, pairs, even};
}

Comparison cumulants() {
  Comparison all{
      "cumulants from moments",
      "exponential law: moments $n!$, cumulants $(n-1)!$; Poisson law: moments Bell numbers, cumulants 1",
      16 * ulp,
      {},
      {}};
  const std::vector<double> exponential{1, 1, 2, 6, 24, 120}, poisson{1, 1, 2, 5, 15, 52};
  for (int n = 1; n <= 5; ++n) {
    const auto order = static_cast<std::size_t>(n);
    all.add(cumulants_from_moments(exponential)[order], std::tgamma(n));
    all.add(cumulants_from_moments(poisson)[order], 1);
  }
  return all;
}

/// p^2 + x^4 and p^2 + x^2 + x^4 are twice p^2/2 + mass2 x^2/2 + 12 x^4/24.
Comparison quartic_levels() {
  Comparison all{"levels of quartic oscillators",
                 "eigenvalues of $p^2+x^4$ and $p^2+x^2+x^4$: Hioe and Montroll 1975 and later tables",
                 1e-10,
                 {},
                 {}};
  const auto pure = diagonalise({.mass2 = 0, .lambda = 12}), mixed = diagonalise({.mass2 = 1, .lambda = 12});
  all.add(2 * pure.energies[0], 1.060362090484183);
  all.add(2 * pure.energies[1], 3.799673029801394);
  all.add(2 * pure.energies[2], 7.455697937986738);
  all.add(2 * mixed.energies[0], 1.392351641530292);
  all.add(2 * mixed.energies[1], 4.648812704212077);
  return all;
}

Comparison small_torus() {
  Comparison all{"lattice propagator of 2 x 2 sites", "its four momenta, by hand", 8 * ulp, {}, {}};
  const double m2 = 0.7;
  const auto field = torus_field(m2, 2);
  all.add(field.propagator[0], (1 / m2 + 2 / (m2 + 4) + 1 / (m2 + 8)) / 4);
  all.add(field.propagator[1], (1 / m2 - 1 / (m2 + 8)) / 4);
  all.add(field.propagator[3], (1 / m2 - 2 / (m2 + 4) + 1 / (m2 + 8)) / 4);
  return all;
}

/// E_k(x^{k+1}) = 2^{-k}, E_k(1/(x - a)) = (a - sqrt(a^2 - 1))^k / (a^2 - 1), E_2(|x|) = 1/8.
Comparison minimax_errors() {
  Comparison all{"minimax errors of polynomials",
                 "closed forms of Chebyshev: $x^{k+1}$, $1/(x-2)$; $|x|$ for $k=2$",
                 1e-11,
                 {},
                 {}};
  for (const int k : {1, 2, 5, 8}) {
    all.add(best_polynomial([k](double x) { return std::pow(x, k + 1); }, k).levelled, std::pow(2, -k));
    all.add(best_polynomial([](double x) { return 1 / (x - 2); }, k).levelled,
            std::pow(2 - std::sqrt(3), k) / 3);
  }
  all.add(best_polynomial([](double x) { return std::abs(x); }, 2).levelled, 0.125);
  return all;
}

/// 2n E_2n(|x|) has an expansion in 1/n^2 (Varga and Carpenter 1985): what is left after one extrapolation is of order n^{-4}.
Comparison bernstein_constant() {
  const auto scaled = [](int n) {
    return 2 * n * best_polynomial([](double x) { return std::abs(x); }, 2 * n).levelled;
  };
  Comparison all{"$2nE_{2n}(|x|)$, extrapolated to $n=\\infty$",
                 "constant of Bernstein: Varga and Carpenter 1985",
                 std::pow(10, -4),
                 {},
                 {}};
  all.add((4 * scaled(20) - scaled(10)) / 3, 0.28016949902386913);
  return all;
}

Comparison spline_values() {
  Comparison all{"cubic B-splines at knots and midpoints",
                 "1/6, 2/3, 1/6 and 1/48, 23/48, 23/48, 1/48",
                 8 * ulp,
                 {},
                 {}};
  const UniformSplines splines{0, 8, 8};
  const auto knot = splines.at(3), middle = splines.at(3.5);
  int i = 0;
  for (const double value : {1. / 6, 2. / 3, 1. / 6, 0.}) all.add(knot.values[i++], value);
  i = 0;
  for (const double value : {1. / 48, 23. / 48, 23. / 48, 1. / 48}) all.add(middle.values[i++], value);
  return all;
}

/// The monic Legendre polynomial of degree n has the mean square (2^n n!^2 / (2n)!)^2 / (2n + 1).
Comparison legendre_distances() {
  Comparison all{"distance of $x^n$ from polynomials of degree $n-1$",
                 "norm of the monic Legendre polynomials",
                 1e-7,
                 {},
                 {}};
  for (const int n : {1, 2, 3, 4})
    all.add(legendre_tail([n](double x) { return std::pow(x, n); }, n - 1),
            std::pow(2, n) * std::pow(std::tgamma(n + 1), 2) / std::tgamma(2 * n + 1) / std::sqrt(2 * n + 1));
  return all;
}

Comparison sech_density() {
  Comparison all{"density from a characteristic function",
                 "hyperbolic secant law: $1/\\cosh t$ and $\\frac12/\\cosh\\frac{\\pi x}2$",
                 1e-12,
                 {},
                 {}};
  const CharacteristicFunction law{[](double t) { return 1 / std::cosh(t); }, 0.02, 40};
  for (const double x : {0., 0.3, 1., 3.}) all.add(law.density(x), 0.5 / std::cosh(pi * x / 2));
  return all;
}

/// Each ReLU layer of weight variance 2 adds 5 K^2 / N to the variance of the kernel, and leaves its mean.
Comparison relu_fluctuations() {
  Comparison all{"variance of the kernel of deep ReLU networks, times $N$",
                 "$5LK^2$: Roberts, Yaida and Hanin 2022",
                 64 * ulp,
                 {},
                 {}};
  const DeepLaw critical{.activation = Activation::relu, .weight_variance = 2};
  for (const int depth : {1, 2, 5, 10})
    all.add(width_expansion(critical, depth, 0.8).variance, 5 * depth * 0.64);
  return all;
}

Comparison critical_tanh() {
  Comparison all{"critical $\\sigma_w^2$ of tanh at $\\sigma_b^2=0.05$",
                 "1.76: Schoenholz et al., arXiv:1611.01232",
                 0.005 / 1.76,
                 {},
                 {}};
  all.add(critical_point(Activation::tanh, 0.05).weight_variance, 1.76);
  return all;
}

/// < theta(u) theta(v) > = 1/4 + asin(rho) / (2 pi).
Comparison orthant() {
  Comparison all{"probability of a quadrant", "Sheppard 1899", 8 * ulp, {}, {}};
  for (const double rho : {-0.9, -0.5, 0., 0.25, 0.8})
    all.add(dual_activation(Activation::step, 4, 0.25, rho), 0.25 + std::asin(rho) / (2 * pi));
  return all;
}

}  // namespace

std::vector<Comparison> from_literature() {
  auto all = partitions();
  for (auto& comparison : {philox_words(), cumulants(), quartic_levels(), small_torus(), minimax_errors(),
                           bernstein_constant(), spline_values(), legendre_distances(), sech_density(),
                           relu_fluctuations(), critical_tanh(), orthant()})
    all.push_back(comparison);
  return all;
}

}  // namespace values
