#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fieldbook {

/// A periodic grid of M^d sites, d = 1 (a circle) or 2 (a torus), with its plane waves. Sites and momenta are numbered
/// x_1 + M x_2; momentum k is the wave vector 2 pi k / M in units of the inverse spacing.
///
/// Tables are rows of `stride()` numbers: one for each site, then zeros up to a multiple of 16, so that loops over lanes need
/// no remainder. std::invalid_argument for another dimension, or fewer than 2 or more than 1024 sites in all.
class PeriodicGrid {
 public:
  PeriodicGrid(int dimension, int sites_per_direction);

  int dimension() const { return dimension_; }
  int sites_per_direction() const { return side_; }
  std::size_t sites() const { return sites_; }
  std::size_t stride() const { return stride_; }

  /// cos(2 pi k.x / M) and sin(2 pi k.x / M) at every site x.
  std::span<const float> cosines(std::size_t k) const { return {cosines_.data() + k * stride_, stride_}; }
  std::span<const float> sines(std::size_t k) const { return {sines_.data() + k * stride_, stride_}; }

  /// For every site x the number of the site x + step along `direction` (0 or 1).
  std::vector<std::size_t> shifted(int direction, int step) const;

 private:
  int dimension_;
  int side_;
  std::size_t sites_, stride_;
  std::vector<float> cosines_, sines_;
};

}  // namespace fieldbook
