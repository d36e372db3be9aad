#include <fieldbook/networks/amplitudes.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

AmplitudeLaw amplitude_law(const std::string& name) {
  if (name == "constant") return AmplitudeLaw::constant;
  if (name == "rayleigh") return AmplitudeLaw::rayleigh;
  if (name == "gauss") return AmplitudeLaw::gauss;
  throw std::invalid_argument{"amplitude_law: there is no law called '" + name + "'"};
}

Amplitudes::Amplitudes(AmplitudeLaw law, std::uint64_t seed, const std::string& name)
    : law_{law}, sizes_{seed, name + ": amplitudes"}, signs_{seed, name + ": signs"} {}

template <class Real>
void Amplitudes::draw(std::uint64_t draw, std::span<Real> s, std::uint64_t first) const {
  if (law_ == AmplitudeLaw::constant) {
    std::fill(s.begin(), s.end(), Real(1));
  } else if (law_ == AmplitudeLaw::gauss) {
    sizes_.normals(draw, s, first);
  } else {
    sizes_.exponentials(draw, s, first);
    constexpr std::size_t piece = 64;
    Real sign[piece];
    for (std::size_t done = 0; done < s.size(); done += piece) {
      const std::size_t count = std::min(piece, s.size() - done);
      signs_.signs(draw, std::span{sign}.first(count), first + done);
      for (std::size_t i = 0; i < count; ++i) s[done + i] = sign[i] * std::sqrt(s[done + i]);
    }
  }
}

template void Amplitudes::draw(std::uint64_t, std::span<float>, std::uint64_t) const;
template void Amplitudes::draw(std::uint64_t, std::span<double>, std::uint64_t) const;

}  // namespace fieldbook
