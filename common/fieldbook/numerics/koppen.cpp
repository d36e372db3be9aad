#include <fieldbook/numerics/integer_power.hpp>
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
  one_ = integer_power<Fixed>(gamma, (1 << levels) - 1) << (levels - 1);
}

Fixed KoppenFunction::digit(int k) const {
  if (k < 1 || k > levels_) throw std::out_of_range{"KoppenFunction: no such level"};
  return one_ / integer_power<Fixed>(gamma_, (1 << k) - 1);
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
