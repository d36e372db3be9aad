#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <vector>

// The recursion as it stands. With j = d gamma^k the last digit is j mod gamma; taking it away leaves j/gamma at level k - 1, and
// adding one unit to a last digit gamma - 1 leaves j/gamma + 1 there. All values are multiples of gamma^{-beta(k)} / 2^{k-1}.
//
// The digits of level k move psi by gamma^{-beta(k)} each, much less than the gap to the next value of level k - 1, and the last
// step closes half of this gap: so psi is increasing, and its largest increment halves from level to level. It is continuous and
// far from smooth: Hoelder with the exponent log 2/log gamma. The plain sum leaves the whole gap to the last step, 0.091 for
// gamma = 10 at all levels: monotone, but with jumps in the limit. Sprecher's own formula is increasing up to k = 4 and decreases
// at ten of the 10^5 steps of k = 5, first from 0.08999 to 0.09.

/// psi_k(j / gamma^k) of Sprecher (1996): a sum over digits, each with a shift of its own.
inline boost::multiprecision::cpp_rational koppen(long j, int k, int gamma) {
  using boost::multiprecision::cpp_int;
  using boost::multiprecision::cpp_rational;
  std::vector<long> digits(static_cast<std::size_t>(k));
  for (std::size_t r = digits.size(); r-- > 0; j /= gamma) digits[r] = j % gamma;
  if (j > 0) return 1;
  cpp_rational sum = 0;
  for (std::size_t r = 0; r < digits.size(); ++r) {
    const bool last = r > 0 && digits[r] == gamma - 1;
    // 1 and one more for every run of large digits that ends just before
    unsigned shift = last ? 1 : 0;
    for (std::size_t s = r; last && s-- > 1 && digits[s] >= gamma - 2;) ++shift;
    const unsigned beta = (1u << (r + 1 - shift)) - 1;
    sum +=
        cpp_rational{digits[r] - (last ? gamma - 2 : 0), (cpp_int{1} << shift) * pow(cpp_int{gamma}, beta)};
  }
  return sum;
}
