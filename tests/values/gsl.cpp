// The GNU Scientific Library, where it is installed

#include "comparison.hpp"

#ifdef FIELDBOOK_GSL
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/kernels/dual_activation.hpp>
#include <fieldbook/numerics/uniform_spline.hpp>

#include <gsl/gsl_bspline.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_bessel.h>

#include <cmath>
#include <functional>
#include <memory>
#include <numbers>

namespace values {
namespace {

using namespace fieldbook;

double integral(const std::function<double(double)>& f, double a, double b) {
  gsl_function integrand{
      [](double x, void* of) { return (*static_cast<const std::function<double(double)>*>(of))(x); },
      const_cast<std::function<double(double)>*>(&f)};
  const std::unique_ptr<gsl_integration_workspace, decltype(&gsl_integration_workspace_free)> workspace{
      gsl_integration_workspace_alloc(1000), gsl_integration_workspace_free};
  double result, error;
  gsl_integration_qag(&integrand, a, b, 1e-14, 1e-13, 1000, GSL_INTEG_GAUSS61, workspace.get(), &result,
                      &error);
  return result;
}

Comparison splines() {
  Comparison all{"cubic B-splines", "GSL, `gsl_bspline_eval`", 1e-13, {}, {}};
  constexpr int cells = 5;
  const UniformSplines ours{-1, 2, cells};
  // GSL clamps its splines at the ends; three cells further inside they are uniform
  const double h = ours.cell_width();
  constexpr int more = cells + 6;
  const std::unique_ptr<gsl_bspline_workspace, decltype(&gsl_bspline_free)> theirs{
      gsl_bspline_alloc(4, more + 1), gsl_bspline_free};
  gsl_bspline_knots_uniform(-1 - 3 * h, 2 + 3 * h, theirs.get());
  const std::unique_ptr<gsl_vector, decltype(&gsl_vector_free)> values{gsl_vector_alloc(more + 3),
                                                                       gsl_vector_free};
  for (const double x : {-0.9, -0.3, 0.4, 1.1, 1.9}) {
    gsl_bspline_eval(x, values.get(), theirs.get());
    const auto four = ours.at(x);
    for (int i = 0; i < 4; ++i)
      all.add(four.values[static_cast<std::size_t>(i)],
              gsl_vector_get(values.get(), static_cast<std::size_t>(four.first + i + 3)));
  }
  return all;
}

/// (1/2 pi) int_0^cutoff p J_0(p r) / (p^2 + m^2) dp.
Comparison cut_off_in_the_plane() {
  Comparison all{"propagator with a cutoff in two dimensions",
                 "GSL, `gsl_integration_qag` and `gsl_sf_bessel_J0`",
                 1e-11,
                 {},
                 {}};
  for (const double r : {0.5, 2.})
    for (const double cutoff : {2., 10.})
      all.add(cutoff_integral({.dimension = 2, .mass = 1, .cutoff = cutoff}, r),
              integral([=](double p) { return p * gsl_sf_bessel_J0(p * r) / (p * p + 1); }, 0, cutoff) /
                  (2 * std::numbers::pi));
  return all;
}

Comparison moments() {
  Comparison all{"moments $\\langle\\tanh^2\\rangle$, $\\langle\\tanh^4\\rangle$ of a normal number",
                 "GSL, `gsl_integration_qag`",
                 1e-11,
                 {},
                 {}};
  for (const double variance : {0.25, 1., 4.})
    for (const int power : {2, 4}) {
      const double root = std::sqrt(variance);
      all.add(activation_moment(Activation::tanh, power, variance),
              integral([=](double x) { return std::pow(std::tanh(root * x), power) * std::exp(-x * x / 2); },
                       -12, 12) /
                  std::sqrt(2 * std::numbers::pi));
    }
  return all;
}

}  // namespace

std::vector<Comparison> from_gsl() { return {splines(), cut_off_in_the_plane(), moments()}; }

}  // namespace values
#else
namespace values {
std::vector<Comparison> from_gsl() { return {}; }
}  // namespace values
#endif
