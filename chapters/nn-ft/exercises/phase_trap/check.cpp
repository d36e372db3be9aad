#include <fieldbook/exercise/check.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    for (const double h : {M_PI, M_PI / 2, M_PI / 4, 0.3, 2.})
      for (int k = 0; k <= 6; ++k)
        check.expect(fmt::format("< cos({} c) > for h = {:.4f}", k, h), phase_average(k, h),
                     boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
                         [&](double c) { return std::cos(k * c); }, -h, h, 5, 1e-13) /
                         (2 * h),
                     1e-12,
                     k == 0 ? "The average of one."
                            : "Integrate the cosine over the interval and divide by its length.");
    const auto expect = [&](double h, int points, bool truth) {
      check.expect(fmt::format("up to {} fields with h = {:.4f} (1: invariant)", points, h),
                   invariant(h, points) ? 1 : 0, truth ? 1 : 0, 0,
                   "Which k occur in a product of that many fields?");
    };
    for (const int points : {2, 4, 6}) {
      expect(M_PI, points, true);
      expect(M_PI / 2, points, true);
      expect(M_PI / 4, points, false);
      expect(1, points, false);
    }
    expect(3 * M_PI / 2, 8, true);
  });
}
