#pragma once

#include <boost/multiprecision/cpp_int.hpp>

// The recursion as it stands. With $j=d\gamma^k$ the last digit is $j\bmod\gamma$; taking it away leaves $j/\gamma$ at level $k-1$,
// and adding one unit to a last digit $\gamma-1$ leaves $j/\gamma+1$ there. All values are multiples of
// $\gamma^{-\beta(k)}/2^{k-1}$.
//
// The digits of level $k$ move $\psi$ by $\gamma^{-\beta(k)}$ each, much less than the gap to the next value of level $k-1$, and the
// last step closes half of this gap: so $\psi$ is increasing, and its largest increment halves from level to level. It is continuous
// and far from smooth: Hölder with the exponent $\log2/\log\gamma$. The plain sum leaves the whole gap to the last step, 0.091 for
// $\gamma=10$ at all levels: monotone, but with jumps in the limit. Sprecher's own formula is increasing up to $k=4$ and decreases at
// ten of the $10^5$ steps of $k=5$, first from 0.08999 to 0.09.

/// psi_k(j / gamma^k), exactly, for 0 <= j <= gamma^k.
inline boost::multiprecision::cpp_rational koppen(long j, int k, int gamma) {
  using boost::multiprecision::cpp_int;
  using boost::multiprecision::cpp_rational;
  if (k == 1) return cpp_rational{j, gamma};
  const long digit = j % gamma;
  if (digit == gamma - 1) return (koppen(j - 1, k, gamma) + koppen(j / gamma + 1, k - 1, gamma)) / 2;
  const unsigned beta = (1u << k) - 1;
  return koppen(j / gamma, k - 1, gamma) + cpp_rational{digit, pow(cpp_int{gamma}, beta)};
}
