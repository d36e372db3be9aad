#include <fieldbook/numerics/integer_power.hpp>
#include <fieldbook/numerics/koppen_squares.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::int64_t fine = 1 << 20;  // places between two numbers of four digits and a half

int checked_gamma(int gamma, int shifts) {
  if (gamma < 6 || gamma > 17 || shifts < 4 || shifts > gamma - 2)
    throw std::invalid_argument{"KoppenSquares: needs 6 <= gamma <= 17 and 4 <= shifts <= gamma - 2"};
  return gamma;
}

}  // namespace

KoppenSquares::KoppenSquares(int gamma, int shifts)
    : gamma_{checked_gamma(gamma, shifts)}, shifts_{shifts}, psi_{gamma, levels} {
  const auto cells = integer_power<std::int64_t>(gamma, levels);
  one_ = 2 * (gamma - 1) * cells * fine;
  shift_ = one_ / (gamma * (gamma - 1));
  width_ = {one_};
  for (int k = 1; k <= levels; ++k) width_.push_back(width_.back() / gamma);

  for (std::int64_t j = 0; j < cells; ++j) values_.push_back(psi_(j, levels));
  scale_ = integer_power<Fixed>(gamma, (1 << levels) - 1);
  for (int r = 1; r <= levels; ++r) lambda_ += psi_.digit(r) / (psi_.one() / scale_);
}

std::int64_t KoppenSquares::place(double x) const {
  const std::int64_t edge = cell_width(1);
  return edge + static_cast<std::int64_t>(x * static_cast<double>(one_ - 2 * edge));
}

double KoppenSquares::coordinate(std::int64_t place) const {
  const std::int64_t edge = cell_width(1);
  return std::clamp(static_cast<double>(place - edge) / static_cast<double>(one_ - 2 * edge), 0., 1.);
}

std::int64_t KoppenSquares::cell(std::int64_t place, int q, int level) const {
  return shifted(place, q) / cell_width(level);
}

bool KoppenSquares::is_good(std::int64_t place, int q, int level) const {
  const std::int64_t width = cell_width(level);
  return shifted(place, q) % width * (gamma_ - 1) <= width * (gamma_ - 2);
}

std::int64_t KoppenSquares::centre(std::int64_t j, int q, int level) const {
  const std::int64_t width = cell_width(level), edge = cell_width(1);
  const std::int64_t middle = j * width + width / (2 * (gamma_ - 1)) * (gamma_ - 2) - q * shift_;
  return std::clamp(middle, edge, one_ - edge);
}

std::int64_t KoppenSquares::into_gap(std::int64_t place, int q, int level, double fraction) const {
  const std::int64_t width = cell_width(level), edge = cell_width(1), gap = width / (gamma_ - 1);
  const auto step = static_cast<std::int64_t>(fraction * static_cast<double>(gap));
  return std::clamp((cell(place, q, level) + 1) * width - gap + step - q * shift_, edge, one_ - edge);
}

Fixed KoppenSquares::argument(std::int64_t place_1, std::int64_t place_2, int q) const {
  const auto psi = [&](std::int64_t place) {
    return values_.at(static_cast<std::size_t>(cell(place, q, levels)));
  };
  return argument_of(psi(place_1), psi(place_2));
}

double KoppenSquares::to_double(Fixed argument) const {
  return psi_.to_double(argument) / static_cast<double>(scale_);
}

KoppenPlateaus::KoppenPlateaus(const KoppenSquares& squares, int level) {
  if (level < 1 || level >= KoppenSquares::levels)
    throw std::invalid_argument{"KoppenPlateaus: no such level"};
  const KoppenFunction& psi = squares.psi();
  cells_ = integer_power<std::int64_t>(squares.gamma(), level);
  for (int r = level + 1; r <= KoppenSquares::levels; ++r) {
    const Fixed rise = (squares.gamma() - 2) * psi.digit(r);
    width_ += squares.argument_of(rise, rise);
  }

  std::vector<Fixed> values, nodes;
  for (std::int64_t j = 0; j < cells_; ++j) values.push_back(psi(j, level));
  for (const Fixed first : values)
    for (const Fixed second : values) nodes.push_back(squares.argument_of(first, second));
  order_.resize(nodes.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [&](auto a, auto b) { return nodes[a] < nodes[b]; });
  for (const auto index : order_) nodes_.push_back(nodes[index]);

  Fixed narrowest = nodes_[1] - nodes_[0] - width_;
  for (std::size_t i = 1; i < nodes_.size(); ++i) {
    const Fixed gap = nodes_[i] - nodes_[i - 1] - width_;
    if (gap <= 0) ++overlaps_;
    narrowest = std::min(narrowest, gap);
  }
  ramp_ = std::max<Fixed>(narrowest / 2, 1);
}

KoppenPlateaus::Reach KoppenPlateaus::reach(std::size_t index, double weight) const {
  return {order_[index] / cells_, order_[index] % cells_, weight};
}

KoppenPlateaus::Reach KoppenPlateaus::at(Fixed argument) const {
  const auto fraction = [&](Fixed distance) {
    return std::max(0., 1 - static_cast<double>(distance) / static_cast<double>(ramp_));
  };
  const auto next =
      static_cast<std::size_t>(std::upper_bound(nodes_.begin(), nodes_.end(), argument) - nodes_.begin());
  if (next > 0) {
    const Fixed beyond = argument - nodes_[next - 1] - width_;
    if (beyond < ramp_) return reach(next - 1, beyond <= 0 ? 1 : fraction(beyond));
  }
  if (next < nodes_.size()) return reach(next, fraction(nodes_[next] - argument));
  return {};
}

}  // namespace fieldbook
