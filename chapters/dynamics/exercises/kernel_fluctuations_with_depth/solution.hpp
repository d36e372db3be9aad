#pragma once

#include <cmath>

// Given the layer before, the $z$ of one layer are independent Gaussians, and so are the sums $g$ that come back from the layer
// above. Hence $f_l$ and $b_l$ are means over neurons,
// $$ f_l=\overline{\sigma_w^2\,\frac{\sigma(z)^2}{\langle z^2\rangle}},\qquad
//    b_l=\overline{\sigma_w^2\,\frac{g^2\dot\sigma(z)^2}{\langle g^2\rangle}}, $$
// both of mean one. With $q=(1+\alpha^4)/(1+\alpha^2)^2$, so that $\sigma_w^4\langle\dot\sigma^4\rangle=2q$, and
// $\langle z^4\rangle=3\langle z^2\rangle^2$,
// $$ N\,\text{Var}f=N\,\text{Var}\,b=3\cdot2q-1,\qquad N\,\text{Cov}(f,b)=2q-1: $$
// $g$ and $z$ are independent, but $f$ and $b$ of a layer share the slopes $\dot\sigma$, and this is all they share. For ReLU $q=1$:
// 5, 5 and 1.
//
// $\Theta$ is a sum of $L+1$ terms of equal mean. To leading order the covariance of two of them, $l$ and $l'$, is the sum over
// layers of the covariances of their gains: the $|l-l'|$ layers between have one of each kind, all others have twice the same. The
// mean of this over $l$ and $l'$:

/// The limit of N Var(Theta) / <Theta>^2 at one input, for `depth` hidden layers of leaky ReLU of slope `leak` on the negative
/// side.
inline double fluctuation_coefficient(int depth, double leak) {
  const double square = leak * leak, q = (1 + square * square) / ((1 + square) * (1 + square));
  const double same = 6 * q - 1, mixed = 2 * q - 1;
  double sum = 0;
  for (int l = 0; l <= depth; ++l)
    for (int k = 0; k <= depth; ++k) sum += (depth - std::abs(l - k)) * same + std::abs(l - k) * mixed;
  return sum / ((depth + 1) * (depth + 1));
}
