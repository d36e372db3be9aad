#include <fieldbook/numerics/moments.hpp>

namespace fieldbook {

std::vector<double> cumulants_from_moments(std::span<const double> moments) {
  std::vector<double> kappa(moments.size());
  for (std::size_t r = 1; r < moments.size(); ++r) {
    kappa[r] = moments[r];
    double binomial = 1;
    for (std::size_t j = 1; j < r; ++j) {
      kappa[r] -= binomial * kappa[j] * moments[r - j];
      binomial = binomial * static_cast<double>(r - j) / static_cast<double>(j);
    }
  }
  return kappa;
}

}  // namespace fieldbook
