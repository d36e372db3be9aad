#pragma once

#include <limits>

namespace fieldbook {

/// A free scalar field of mass m in d = 1, 2 or 3 Euclidean dimensions whose momenta are cut off at |p| = cutoff (infinite: no
/// cutoff). Lengths are in units of the inverse mass scale: only m r and cutoff / m matter.
struct FreeScalar {
  int dimension = 1;
  double mass = 1;
  double cutoff = std::numeric_limits<double>::infinity();
};

/// The volume of the ball |p| < cutoff: 2 L, pi L^2, 4 pi L^3 / 3.
double momentum_ball(const FreeScalar& field);

/// int_{|p| < cutoff} d^dp / (2 pi)^d  e^{i p.x} / (p^2 + m^2)^power at |x| = r >= 0; power 1 is the propagator G2(r), others are what
/// four-point functions and variances of Scalar-nets are made of.
///
/// With a cutoff by Gauss-Kronrod quadrature over the half waves of the integrand, to about twelve digits. Without one, for
/// powers 1 and 2, in closed form: e^{-mr}/(2m), K_0(mr)/(2 pi), e^{-mr}/(4 pi r) and minus their derivatives with respect to m^2.
/// std::invalid_argument for another dimension, a mass, cutoff or power that makes no sense, and where the integral diverges.
double cutoff_integral(const FreeScalar& field, double r, double power = 1);

}  // namespace fieldbook
