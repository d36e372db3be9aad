#include <fieldbook/exercise/check.hpp>

#include <fieldbook/fields/cutoff_propagator.hpp>

#include EXERCISE_ANSWER

#include <cmath>

using namespace fieldbook;

int main() {
  return check_answer([](Check& check) {
    const std::vector<double> times{0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3};
    const auto positive = [&](const char* what, const std::function<double(double)>& g, bool expected,
                              const char* advice) {
      check.expect(what, reflection_positive(g, times) ? 1 : 0, expected ? 1 : 0, 0, advice);
    };
    positive(
        "the free propagator (1: positive)", [](double t) { return std::exp(-t) / 2; }, true,
        "Its matrix has rank one: many eigenvalues are zero up to rounding.");
    positive(
        "two masses", [](double t) { return std::exp(-t) / 2 + std::exp(-3 * t) / 6; }, true,
        "A sum of positive ones.");
    positive(
        "a continuum of masses, 1/(1 + t)", [](double t) { return 1 / (1 + t); }, true,
        "It is the integral of e^{-mt} over e^{-m} dm.");
    positive(
        "a large free propagator", [](double t) { return 1e6 * std::exp(-t); }, true,
        "Compare rounding errors with the entries.");
    positive(
        "the squared exponential", [](double t) { return std::exp(-t * t / 2); }, false,
        "Which distance do phi(-t_i) and phi(t_j) have?");
    positive(
        "a cutoff of 20",
        [](double t) {
          return cutoff_integral({1, 1, 20}, t);
        },
        false, "The violation is 0.008: is your tolerance smaller?");
    positive(
        "Pauli-Villars", [](double t) { return std::exp(-t) / 2 - std::exp(-10 * t) / 20; }, false,
        "A partner with the wrong sign.");
    positive(
        "a partner with a small weight", [](double t) { return std::exp(-t) - 0.002 * std::exp(-20 * t); },
        false, "A diagonal entry is not enough.");
  });
}
