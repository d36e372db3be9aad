#pragma once

#include <cmath>
#include <numbers>

// Stein's lemma for the factor $u$ of $uv\,\Phi(u)\Phi(v)$:
// $$ \langle uv\,\Phi\Phi\rangle=c\,\langle\Phi\Phi\rangle+a\,\langle v\,\Phi'(u)\Phi(v)\rangle+c\,\langle v\,\Phi(u)\Phi'(v)\rangle. $$
// A density is a Gaussian itself, $\Phi'(u)=e^{-u^2/2}/\sqrt{2\pi}$: under it the variables are Gaussian with another covariance, and
// the lemma once more leaves $p=\langle\Phi'(u)\Phi'(v)\rangle=1/2\pi\sqrt D$, $D=(1+a)(1+b)-c^2$:
// $$ \langle v\,\Phi'(u)\Phi(v)\rangle=p\,\Bigl(b-\frac{c^2}{1+a}\Bigr),\qquad\langle v\,\Phi(u)\Phi'(v)\rangle=p\,\frac c{1+b}. $$
// Collecting, with $\langle\Phi\Phi\rangle=\frac14+\frac1{2\pi}\arcsin\bigl(c/\sqrt{(1+a)(1+b)}\bigr)$:

/// <sigma(u) sigma(v)> for sigma(z) = z Phi(z) and Gaussian (u, v) with <u u> = a, <v v> = b, <u v> = c.
inline double dual_of_gelu(double a, double b, double c) {
  const double product = (1 + a) * (1 + b), p = 1 / (2 * std::numbers::pi * std::sqrt(product - c * c));
  const double both = 0.25 + std::asin(c / std::sqrt(product)) / (2 * std::numbers::pi);
  return c * both + a * p * (b - c * c / (1 + a)) + c * p * c / (1 + b);
}
