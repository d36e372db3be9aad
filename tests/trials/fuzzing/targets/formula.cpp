// Input: a formula
#include <fieldbook/numerics/formula.hpp>

#include <array>
#include <cstring>
#include <stdexcept>

#include "../input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const fieldbook::Formula formula{std::string{fuzzing::text(data, size)}};
    fuzzing::require(formula.variables() >= 0 && formula.variables() <= 9, "as many variables as there are");
    constexpr std::array x{0.5, -0.25, 3., 0., 1e-300, 1e300, -1., 2., 7.};
    const double first = formula(x), second = formula(x);
    fuzzing::require(first == second || (first != first && second != second), "the same value twice");
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
