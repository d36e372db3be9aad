#include <fieldbook/fields/effective_energy.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

double effective_energy(double earlier, double later, double length, double t, double step) {
  const double ratio = later / earlier;
  if (!(ratio > 0 && ratio < 1) || !(t + step <= length / 2))
    throw std::domain_error{"effective_energy: the two-point function must be positive and falling"};
  const double far = length / 2 - t, near = far - step;
  // log cosh without overflow; the difference falls from 0 as E grows
  const auto log_cosh = [](double z) { return z + std::log1p(std::exp(-2 * z)) - std::log(2.); };
  const auto excess = [&](double energy) {
    return log_cosh(energy * near) - log_cosh(energy * far) - std::log(ratio);
  };
  double high = -std::log(ratio) / step;
  while (excess(high) > 0) high *= 2;
  std::uintmax_t steps = 200;
  const auto [low_root, high_root] = boost::math::tools::toms748_solve(
      excess, 0., high, boost::math::tools::eps_tolerance<double>{48}, steps);
  return (low_root + high_root) / 2;
}

}  // namespace fieldbook
