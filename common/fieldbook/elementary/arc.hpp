#pragma once

#include <fieldbook/elementary/horner.hpp>

#include <algorithm>
#include <cmath>

namespace fieldbook::elementary {

/// asin x for |x| <= sqrt(1/2): x + x^3 P(x^2)/Q(x^2), relative error below 5e-16.
[[gnu::always_inline]] inline double small_asin(double x) {
  const double z = x * x;
  const double p =
      horner(z, 0.166666666666666664, -0.435101069597162703, 0.406829161027574146, -0.160426602199538359,
             0.0229023910734627494, -0.000329810191940088546, -0.0000125255140897696781);
  const double q = horner(z, 1., -3.06060641758298593, 3.55039071122154237, -1.92272180952109614,
                          0.475331739670759767, -0.0413523635578784395);
  return x + x * z * (p / q);
}

/// The angle in [0, pi] of the unit vector (cosine, sine) with sine >= 0; absolute error below 5e-16, and relative error
/// below 5e-16 for small angles if the sine has it, as sqrt((1 - c)(1 + c)) does. Not a number if the sine is not.
[[gnu::always_inline]] inline double angle(double cosine, double sine) {
  constexpr double pi = 3.14159265358979323846;
  const double across = std::abs(cosine), t = small_asin(std::min(sine, across));
  const double acute = sine < across ? t : pi / 2 - t;
  return cosine < 0 ? pi - acute : acute;
}

/// acos x; not a number for |x| > 1.
[[gnu::always_inline]] inline double acos(double x) { return angle(x, std::sqrt((1 - x) * (1 + x))); }

/// asin x if sqrt(1 - x^2) is known already.
[[gnu::always_inline]] inline double asin(double x, double cosine) {
  constexpr double pi = 3.14159265358979323846;
  const double along = std::abs(x), t = small_asin(std::min(cosine, along));
  return std::copysign(cosine < along ? pi / 2 - t : t, x);
}

/// asin x; not a number for |x| > 1.
[[gnu::always_inline]] inline double asin(double x) { return asin(x, std::sqrt((1 - x) * (1 + x))); }

}  // namespace fieldbook::elementary
