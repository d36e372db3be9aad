#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <vector>

using namespace fieldbook;

namespace {

using Rational = boost::multiprecision::cpp_rational;

long power(int base, int exponent) { return exponent == 0 ? 1 : base * power(base, exponent - 1); }

/// To 1e-14: whether all digits are there is seen where neighbours are compared.
void expect(Check& check, const std::string& what, const Rational& got, const Rational& expected,
            const std::string& advice) {
  check.expect(fmt::format("{}, that is {}", what, expected.str()), got.convert_to<double>(),
               expected.convert_to<double>(), 1e-14, advice);
}

/// All values of level k: how often they do not increase, and the largest increment.
struct Increments {
  int violations = 0;
  Rational largest;

  Increments(int k, int gamma) {
    Rational before = koppen(0, k, gamma);
    for (long j = 1; j <= power(gamma, k); ++j) {
      const Rational now = koppen(j, k, gamma), increment = now - before;
      if (increment <= 0) ++violations;
      largest = std::max(largest, increment);
      before = now;
    }
  }
};

void check_without_nines(Check& check) {
  const char* advice = "A digit of level k moves psi by gamma^-1, gamma^-3, gamma^-7, ...";
  expect(check, "psi(0.58) for gamma = 10", koppen(58, 2, 10), Rational{"508/1000"}, advice);
  expect(check, "psi(0.123) for gamma = 10", koppen(123, 3, 10), Rational{"1020003/10000000"}, advice);
  expect(check, "psi(34/36) for gamma = 6", koppen(34, 2, 6), Rational{"23/27"}, advice);
  expect(check, "psi(1)", koppen(10000, 4, 10), 1, "At 1 all digits stop.");
}

void check_increments(Check& check) {
  const char* largest[] = {"1/10", "46/1000", "229996/10000000", "11499799999996/1000000000000000"};
  std::vector<Rational> of_ten;
  for (const int gamma : {10, 6})
    for (int k = 1; k <= 5; ++k) {
      const Increments increments{k, gamma};
      check.expect(
          fmt::format("neighbours of {} digits for gamma = {} at which psi does not increase", k, gamma),
          increments.violations, 0, 0, "Neighbours may differ by gamma^-31: are all digits there?");
      if (gamma == 10) of_ten.push_back(increments.largest);
    }
  for (std::size_t k = 1; k <= 4; ++k)
    expect(check, fmt::format("the largest increment among numbers of {} digits, gamma = 10", k),
           of_ten[k - 1], Rational{largest[k - 1]},
           "The last step, from a 9, is half of what the digits before have left.");
}

void check_nines(Check& check) {
  const char* advice = "A 9 lies in the middle between the 8 before it and the next number of fewer digits.";
  expect(check, "psi(0.59) for gamma = 10", koppen(59, 2, 10), Rational{"554/1000"}, advice);
  expect(check, "psi(0.999) for gamma = 10", koppen(999, 3, 10), Rational{"9770004/10000000"}, advice);
  expect(check, "psi(35/36) for gamma = 6", koppen(35, 2, 6), Rational{"25/27"}, advice);
}

/// A number of fewer digits is one of more digits that ends in zeros.
void check_zeros(Check& check) {
  std::vector<double> u(2);
  for (std::uint64_t number = 0; number < 20; ++number) {
    Stream{1, "exercise: digits"}.uniforms(number, u);
    const int gamma = 4 + static_cast<int>(8 * u[0]), k = 1 + static_cast<int>(number % 4);
    const auto j = static_cast<long>(u[1] * static_cast<double>(power(gamma, k)));
    expect(check, fmt::format("psi({} / {}^{}) with one digit more, a zero", j, gamma, k),
           koppen(gamma * j, k + 1, gamma), koppen(j, k, gamma),
           "psi_k and psi_{k-1} agree where both are defined.");
  }
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check_without_nines(check);
    check_increments(check);
    check_nines(check);
    check_zeros(check);
  });
}
