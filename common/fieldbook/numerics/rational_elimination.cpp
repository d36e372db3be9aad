#include <fieldbook/numerics/rational_elimination.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fieldbook {

namespace {

/// equation += factor other
void add(RationalEquation& equation, const Rational& factor, const RationalEquation& other) {
  for (std::size_t i = 0; i < equation.coefficients.size(); ++i)
    equation.coefficients[i] += factor * other.coefficients[i];
  equation.right_side += factor * other.right_side;
}

void divide(RationalEquation& equation, const Rational& divisor) {
  for (Rational& coefficient : equation.coefficients) coefficient /= divisor;
  equation.right_side /= divisor;
}

/// Brings equations to reduced row echelon form and returns the unknown of each leading 1.
std::vector<std::size_t> reduce(std::vector<RationalEquation>& equations, std::size_t unknowns) {
  std::vector<std::size_t> leading;
  for (std::size_t unknown = 0; unknown < unknowns; ++unknown) {
    const std::size_t row = leading.size();
    const auto pivot =
        std::find_if(equations.begin() + static_cast<std::ptrdiff_t>(row), equations.end(),
                     [&](const RationalEquation& equation) { return equation.coefficients[unknown] != 0; });
    if (pivot == equations.end()) continue;
    std::swap(equations[row], *pivot);
    divide(equations[row], Rational{equations[row].coefficients[unknown]});
    for (std::size_t other = 0; other < equations.size(); ++other)
      if (other != row)
        add(equations[other], Rational{-equations[other].coefficients[unknown]}, equations[row]);
    leading.push_back(unknown);
  }
  return leading;
}

}  // namespace

ExactSolutions solve_exactly(std::vector<RationalEquation> equations, std::size_t unknowns) {
  for (const RationalEquation& equation : equations)
    if (equation.coefficients.size() != unknowns)
      throw std::invalid_argument{"solve_exactly: every equation needs one coefficient for each unknown"};
  const std::vector<std::size_t> leading = reduce(equations, unknowns);
  ExactSolutions solutions{leading.size(), true, {}, {}};

  // What is left of the other equations is 0 = right side
  for (std::size_t row = leading.size(); row < equations.size(); ++row)
    if (equations[row].right_side != 0) solutions.solvable = false;
  if (solutions.solvable) {
    solutions.particular.assign(unknowns, 0);
    for (std::size_t row = 0; row < leading.size(); ++row)
      solutions.particular[leading[row]] = equations[row].right_side;
  }

  // Every free unknown gives a null vector: itself 1, the leading unknowns what the equations then ask
  for (std::size_t unknown = 0; unknown < unknowns; ++unknown) {
    if (std::binary_search(leading.begin(), leading.end(), unknown)) continue;
    RationalVector vector(unknowns, 0);
    vector[unknown] = 1;
    for (std::size_t row = 0; row < leading.size(); ++row)
      vector[leading[row]] = -equations[row].coefficients[unknown];
    solutions.null_vectors.push_back(std::move(vector));
  }
  return solutions;
}

}  // namespace fieldbook
