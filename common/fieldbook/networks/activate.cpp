#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/activate_rows.hpp>

#include <stdexcept>

namespace fieldbook {

namespace {

template <class Real>
void activate_all(Activation activation, std::span<Real> z) {
  with_activation(activation, [z](auto sigma) {
    const Real* const argument = z.data();
    activate_row(sigma, z, [argument](std::size_t i) { return argument[i]; });
  });
}

template <class Real>
void activate_all_with_slope(Activation activation, std::span<Real> z, std::span<Real> slope) {
  if (slope.size() != z.size())
    throw std::invalid_argument{"activate_with_slope: values and slopes differ in number"};
  with_activation(activation, [z, slope](auto sigma) {
    const Real* const argument = z.data();
    activate_row_with_slope(sigma, z, slope, [argument](std::size_t i) { return argument[i]; });
  });
}

}  // namespace

void activate(Activation activation, std::span<float> z) { activate_all(activation, z); }
void activate(Activation activation, std::span<double> z) { activate_all(activation, z); }

void activate_with_slope(Activation activation, std::span<float> z, std::span<float> slope) {
  activate_all_with_slope(activation, z, slope);
}
void activate_with_slope(Activation activation, std::span<double> z, std::span<double> slope) {
  activate_all_with_slope(activation, z, slope);
}

}  // namespace fieldbook
