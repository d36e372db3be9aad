#include <fieldbook/networks/periodic_grid.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

PeriodicGrid::PeriodicGrid(int dimension, int sites_per_direction)
    : dimension_{dimension}, side_{sites_per_direction} {
  if (dimension != 1 && dimension != 2)
    throw std::invalid_argument{"PeriodicGrid: the dimension must be 1 or 2"};
  if (side_ < 1 || side_ > 1024) throw std::invalid_argument{"PeriodicGrid: 2 to 1024 sites"};
  const auto side = static_cast<std::size_t>(side_);
  sites_ = dimension == 1 ? side : side * side;
  if (sites_ < 2 || sites_ > 1024) throw std::invalid_argument{"PeriodicGrid: 2 to 1024 sites"};
  stride_ = (sites_ + 15) / 16 * 16;
  cosines_.assign(sites_ * stride_, 0);
  sines_.assign(sites_ * stride_, 0);
  for (std::size_t k = 0; k < sites_; ++k)
    for (std::size_t x = 0; x < sites_; ++x) {
      // The product of whole numbers is reduced before it becomes an angle
      const std::size_t turns = (k % side) * (x % side) + (k / side) * (x / side);
      const double angle = 2 * std::numbers::pi * static_cast<double>(turns % side) / side_;
      cosines_[k * stride_ + x] = static_cast<float>(std::cos(angle));
      sines_[k * stride_ + x] = static_cast<float>(std::sin(angle));
    }
}

std::vector<std::size_t> PeriodicGrid::shifted(int direction, int step) const {
  if (direction < 0 || direction >= dimension_)
    throw std::invalid_argument{"PeriodicGrid: there is no such direction"};
  const int offset = (step % side_ + side_) % side_;
  std::vector<std::size_t> neighbours;
  for (int x = 0; x < static_cast<int>(sites_); ++x) {
    int coordinate[] = {x % side_, x / side_};
    coordinate[direction] = (coordinate[direction] + offset) % side_;
    neighbours.push_back(static_cast<std::size_t>(coordinate[0] + side_ * coordinate[1]));
  }
  return neighbours;
}

}  // namespace fieldbook
