#include <fieldbook/networks/amplitudes.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

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
void Amplitudes::draw(std::uint64_t draw, std::span<Real> s) const {
  if (law_ == AmplitudeLaw::constant) {
    std::fill(s.begin(), s.end(), Real(1));
  } else if (law_ == AmplitudeLaw::gauss) {
    sizes_.normals(draw, s);
  } else {
    std::vector<Real> sign(s.size());
    sizes_.exponentials(draw, s);
    signs_.signs(draw, std::span{sign});
    for (std::size_t i = 0; i < s.size(); ++i) s[i] = sign[i] * std::sqrt(s[i]);
  }
}

template void Amplitudes::draw(std::uint64_t, std::span<float>) const;
template void Amplitudes::draw(std::uint64_t, std::span<double>) const;

}  // namespace fieldbook
