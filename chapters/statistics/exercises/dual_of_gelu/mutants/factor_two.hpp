#pragma once

#include <cmath>
#include <numbers>

// Stein's lemma for the factor u of u v Phi(u) Phi(v):
//   <u v Phi Phi> = c <Phi Phi> + a <v Phi'(u) Phi(v)> + c <v Phi(u) Phi'(v)>.
// A density is a Gaussian itself, Phi'(u) = e^{-u^2/2}/sqrt(2 pi): under it the variables are Gaussian with another
// covariance, and the lemma once more leaves p = <Phi'(u) Phi'(v)> = 1/(2 pi sqrt D), D = (1 + a)(1 + b) - c^2:
//   <v Phi'(u) Phi(v)> = p (b - c^2/(1 + a)),   <v Phi(u) Phi'(v)> = p c/(1 + b).
// Collecting, with <Phi Phi> = 1/4 + arcsin(c/sqrt((1 + a)(1 + b)))/(2 pi):

/// <sigma(u) sigma(v)> for sigma(z) = z Phi(z) and Gaussian (u, v) with <u u> = a, <v v> = b, <u v> = c.
inline double dual_of_gelu(double a, double b, double c) {
  const double product = (1 + a) * (1 + b), p = 1 / (2 * std::numbers::pi * std::sqrt(product - c * c));
  const double both = 0.25 + std::asin(c / std::sqrt(product)) / (2 * std::numbers::pi);
  return 2 * c * both + a * p * (b - c * c / (1 + a)) + c * p * c / (1 + b);
}
