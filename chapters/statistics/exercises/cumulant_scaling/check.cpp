#include <fieldbook/exercise/check.hpp>

#include <fieldbook/numerics/moments.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <boost/math/special_functions/binomial.hpp>
#include <vector>

using namespace fieldbook;

namespace {

/// Cumulants of orders up to 8 of the sum of `width` coins with P(1) = p, divided by sqrt(width): from moments over the binomial law.
std::vector<double> cumulants_of_coins(double p, int width) {
  std::vector<double> moments(9, 0.);
  for (int heads = 0; heads <= width; ++heads) {
    const double probability = boost::math::binomial_coefficient<double>(width, heads) * std::pow(p, heads) *
                               std::pow(1 - p, width - heads);
    const double phi = (heads - p * width) / std::sqrt(width);  // centred, so that few digits are lost
    for (int r = 0; r <= 8; ++r) moments[r] += probability * std::pow(phi, r);
  }
  return cumulants_from_moments(moments);
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check.expect("kappa_6 of ten linear neurons (kappa_6 = 120 each)", cumulant_of_sum(6, 120, 10), 1.2,
                 1e-12, "How many powers of the width does each leg of the six-point function bring?");
    for (const double p : {0.2, 0.5, 0.7}) {
      const std::vector<double> one = cumulants_of_coins(p, 1);
      for (const int width : {1, 2, 3, 7, 20, 40})
        for (int r = 2; r <= 8; ++r)
          check.expect(fmt::format("kappa_{} of {} coins", r, width), cumulant_of_sum(r, one[r], width),
                       cumulants_of_coins(p, width)[r], 1e-9,
                       r == 2 ? "The variance of a normalised sum does not depend on the width."
                              : "Compare two widths: what is the power of N?");
    }
  });
}
