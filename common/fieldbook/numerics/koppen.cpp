#include <fieldbook/numerics/koppen.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

KoppenFunction::KoppenFunction(int gamma, int levels) : gamma_{gamma}, levels_{levels} {
  if (gamma < 3 || levels < 1)
    throw std::invalid_argument{"KoppenFunction: needs gamma >= 3 and levels >= 1"};
  const double bits = std::ldexp(1, levels) * std::log2(gamma) + levels;
  if (!(bits < 126 + std::log2(gamma)))
    throw std::invalid_argument{"KoppenFunction: so many levels do not fit into 127 bits"};
  for (int i = 1; i < (1 << levels); ++i) one_ *= gamma;
  one_ <<= levels - 1;
}

Fixed KoppenFunction::digit(int k) const {
  if (k < 1 || k > levels_) throw std::out_of_range{"KoppenFunction: no such level"};
  Fixed value = one_;
  for (int i = 1; i < (1 << k); ++i) value /= gamma_;
  return value;
}

Fixed KoppenFunction::operator()(std::int64_t j, int k) const {
  if (k < 1 || k > levels_ || j < 0 || static_cast<double>(j) > std::pow(gamma_, k))
    throw std::out_of_range{"KoppenFunction: no such point"};
  if (k == 1) return j * (one_ / gamma_);
  const std::int64_t last = j % gamma_;
  if (last < gamma_ - 1) return (*this)(j / gamma_, k - 1) + last * digit(k);
  return ((*this)(j - 1, k) + (*this)((j + 1) / gamma_, k - 1)) / 2;
}

}  // namespace fieldbook
