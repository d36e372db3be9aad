#include <fieldbook/exercise/check.hpp>

#include <fieldbook/fields/transfer_matrix.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    check.expect("m^2 = 1, lambda = 1", gap(1, 1), 1.1035644055, 1e-8, "Is the quartic term divided by 24?");
    check.expect("m^2 = 1, lambda = 24", gap(1, 24), 1.9341216168, 1e-8, "Are there enough states?");
    check.expect("m^2 = -1, lambda = 2, a double well", gap(-1, 2), 0.22050854, 1e-7,
                 "Does the frequency of the basis make sense for m^2 < 0?");
    check.expect("m^2 = 4, lambda = 0, a harmonic oscillator", gap(4, 0), 2, 1e-9, "The frequency itself.");
    for (const double mass2 : {1., 0.5, -1.})
      for (const double lambda : {3., 10., 120.})
        check.expect(fmt::format("m^2 = {}, lambda = {}", mass2, lambda), gap(mass2, lambda),
                     diagonalise({mass2, lambda}, 200).gap(), 1e-8,
                     "Increase the number of states: which digits change?");
  });
}
