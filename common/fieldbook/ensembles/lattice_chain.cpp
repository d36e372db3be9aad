#include <fieldbook/ensembles/lattice_chain.hpp>

#include <stdexcept>

namespace fieldbook {

LatticeChain::LatticeChain(int side, double mass2, double lambda, double width, std::uint64_t seed,
                           std::uint64_t chain)
    : side_{side},
      quadratic_{2 + mass2 / 2},
      quartic_{lambda / 24},
      width_{width},
      moves_{seed, "lattice: moves"},
      thresholds_{seed, "lattice: thresholds"},
      first_draw_{chain << 40} {
  if (side < 2 || !(lambda >= 0)) throw std::invalid_argument{"LatticeChain: L >= 2 and lambda >= 0"};
  field_.assign(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), 0);
  move_.resize(field_.size());
  threshold_.resize(field_.size());
}

void LatticeChain::sweep(std::uint64_t number) {
  moves_.uniforms(first_draw_ + number, move_);
  thresholds_.exponentials(first_draw_ + number, threshold_);
  const auto side = static_cast<std::size_t>(side_);
  accepted_ = 0;
  for (std::size_t row = 0; row < side; ++row) {
    const std::size_t above = (row + side - 1) % side * side, below = (row + 1) % side * side;
    for (std::size_t column = 0; column < side; ++column) {
      const std::size_t x = row * side + column;
      const double neighbours = field_[above + column] + field_[below + column] +
                                field_[row * side + (column + side - 1) % side] +
                                field_[row * side + (column + 1) % side];
      const double old = field_[x], fresh = old + width_ * (2 * static_cast<double>(move_[x]) - 1);
      const double squares = fresh * fresh - old * old;
      const double change =
          squares * (quadratic_ + quartic_ * (fresh * fresh + old * old)) - (fresh - old) * neighbours;
      if (static_cast<double>(threshold_[x]) > change) {
        field_[x] = fresh;
        accepted_ += 1;
      }
    }
  }
}

void LatticeChain::measure(std::span<double> observables) const {
  const auto side = static_cast<std::size_t>(side_);
  double square = 0, fourth = 0, bond = 0;
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column) {
      const double phi = field_[row * side + column];
      square += phi * phi;
      fourth += phi * phi * phi * phi;
      bond += phi * (field_[row * side + (column + 1) % side] + field_[(row + 1) % side * side + column]);
    }
  const auto sites = static_cast<double>(field_.size());
  observables[0] = square / sites;
  observables[1] = fourth / sites;
  observables[2] = bond / (2 * sites);
  observables[3] = accepted_ / sites;
}

}  // namespace fieldbook
