#pragma once

#include <fieldbook/elementary/exponential.hpp>

namespace fieldbook::elementary {

/// The error function and the Gaussian beneath it.
template <class Real>
struct ErfSlope {
  Real value;  ///< (2/sqrt pi) int_0^z e^{-t^2} dt
  Real slope;  ///< (2/sqrt pi) e^{-z^2}
};

/// erf z by a rational minimax approximation on |z| <= 3.92, where it rounds to one. Relative error below 4e-7.
[[gnu::always_inline]] inline float erf(float z) {
  const float x = std::min(std::max(z, -3.92f), 3.92f), s = x * x;
  const float p = horner(s, 1.128379146f, 0.1904076621f, 5.274888246e-2f, 3.765667748e-3f, 2.848837413e-4f,
                         2.050076712e-6f);
  const float q =
      horner(s, 1.f, 0.5020771378f, 0.1141096065f, 1.496931955e-2f, 1.162547532e-3f, 3.809165828e-5f);
  const float value = std::min(std::max(x * p / q, -1.f), 1.f);
  return std::abs(z) > 3.92f ? std::copysign(1.f, z) : value;
}

/// erf z and its slope. The slope has the relative error of the exponential of a rounded square, about z^2 6e-8.
[[gnu::always_inline]] inline ErfSlope<float> erf_and_slope(float z) {
  return {erf(z), 1.12837917f * exp(-(z * z))};
}

/// erf z and its slope in double precision: a polynomial in z^2 below 1, and above
/// 1 - e^{-z^2} P(|z|)/Q(|z|), fitted up to 6, where erf rounds to one. Relative error of the value below 1e-15.
[[gnu::always_inline]] inline ErfSlope<double> erf_and_slope(double z) {
  const double x = std::abs(z), s = x * x, y = std::min(x, 6.), gauss = exp(-s);
  const double inner =
      x + x * horner(s, 1.28379167095512574e-1, -3.76126389031835404e-1, 1.12837916709450063e-1,
                     -2.68661706432377704e-2, 5.22397760711642273e-3, -8.54832597538969208e-4,
                     1.20552949048397079e-4, -1.49247369074196603e-5, 1.64474247033173624e-6,
                     -1.62084838018717059e-7, 1.37200645467776856e-8, -7.79589882700214224e-10);
  const double p =
      horner(y, 0.999999932923036751, 1.90920516140720624, 1.79123794619535113, 1.04202063299918394,
             0.40287947933460567, 0.103807024026637511, 0.0167197528833783861, 0.00135346397910739737);
  const double q =
      horner(y, 1., 3.03758368055460197, 4.2187871161569148, 3.51707207591617631, 1.93773418357369569,
             0.728902534996553579, 0.185192647481637398, 0.0296349900276432952, 0.00239895244694693114);
  return {std::copysign(x < 1 ? inner : 1 - gauss * (p / q), z), 1.12837916709551257390 * gauss};
}

/// erf z, relative error below 1e-15.
[[gnu::always_inline]] inline double erf(double z) { return erf_and_slope(z).value; }

}  // namespace fieldbook::elementary
