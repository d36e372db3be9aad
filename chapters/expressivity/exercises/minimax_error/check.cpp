#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <string>
#include <vector>

using namespace fieldbook;

namespace {

using Function = std::function<double(double)>;

const char* advice = "The error of the best polynomial alternates on k + 2 points.";

/// Relative to what is expected, which may be small.
void expect(Check& check, const std::string& name, const Function& f, int degree, double expected) {
  check.expect(fmt::format("E_{}({}) in units of the exact {:.9g}", degree, name, expected),
               minimax_error(f, degree) / expected, 1, 1e-6, advice);
}

/// f plus a random polynomial of that degree, whose coefficients are of the order of `size`.
Function with_polynomial(const Function& f, int degree, double size, std::uint64_t number) {
  std::vector<double> coefficients(static_cast<std::size_t>(degree) + 1);
  Stream{1, "exercise: polynomials"}.normals(number, coefficients);
  return [=](double x) {
    double sum = 0;
    for (const double c : coefficients) sum = sum * x + size * c;
    return f(x) + sum;
  };
}

/// The pole at a: E_k = (a - sqrt(a^2 - 1))^k / (a^2 - 1), found by Chebyshev.
void check_poles(Check& check) {
  for (std::uint64_t number = 0; number < 12; ++number) {
    double u[2];
    Stream{1, "exercise: poles"}.uniforms(number, u);
    const double a = 1.2 + 2 * u[0];
    const int degree = 1 + static_cast<int>(7 * u[1]);
    const double expected = std::pow(a - std::sqrt(a * a - 1), degree) / (a * a - 1);
    const Function f = [a](double x) { return 1 / (a - x); };
    expect(check, fmt::format("1/({:.3f} - x)", a), f, degree, expected);
    expect(check, fmt::format("1/({:.3f} - x) plus a polynomial of degree {}", a, degree),
           with_polynomial(f, degree, expected, number), degree, expected);
  }
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    // T_{k+1}/2^k is the smallest polynomial that begins with x^{k+1}
    for (const int degree : {1, 2, 3, 5, 8})
      expect(
          check, fmt::format("x^{}", degree + 1), [=](double x) { return std::pow(x, degree + 1); }, degree,
          std::pow(2, -degree));
    check_poles(check);
    const double of_exponential[] = {0.2788015857, 0.0450173875, 0.0055283699};
    for (int degree = 1; degree <= 3; ++degree)
      expect(
          check, "e^x", [](double x) { return std::exp(x); }, degree, of_exponential[degree - 1]);
    const double of_kink[] = {0.125, 0.0676209, 0.0459291, 0.0346897};
    for (int half = 1; half <= 4; ++half)
      check.expect(fmt::format("E_{}(|x|)", 2 * half),
                   minimax_error([](double x) { return std::abs(x); }, 2 * half), of_kink[half - 1], 1e-7,
                   "The kink itself is a point of alternation, and there is one more than needed.");
  });
}
