#define BOOST_TEST_DYN_LINK
#include <fieldbook/numerics/rational_elimination.hpp>

#include <Eigen/LU>
#include <boost/test/unit_test.hpp>

#include <random>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(numerics)

namespace {

Rational dot(const RationalVector& a, const RationalVector& b) {
  Rational sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

RationalVector random_vector(std::mt19937& engine, std::size_t size) {
  std::uniform_int_distribution<int> numerator{-9, 9}, denominator{1, 7};
  RationalVector vector;
  for (std::size_t i = 0; i < size; ++i) vector.emplace_back(numerator(engine), denominator(engine));
  return vector;
}

/// The rank in doubles, with a tolerance: an independent judge.
Eigen::Index judged_rank(const std::vector<RationalVector>& rows, std::size_t columns) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j)
      matrix(i, j) = static_cast<double>(rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]);
  if (matrix.size() == 0) return 0;
  return Eigen::FullPivLU<Eigen::MatrixXd>{matrix}.setThreshold(1e-9).rank();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_system_solved_by_hand) {
  // x + 2y + 3z = 6, 2x + 4y + 7z = 13: y is free, z = 1, x = 3 - 2y
  const ExactSolutions solutions = solve_exactly({{{1, 2, 3}, 6}, {{2, 4, 7}, 13}}, 3);
  BOOST_TEST(solutions.rank == 2u);
  BOOST_TEST(solutions.solvable);
  BOOST_TEST((solutions.particular == RationalVector{3, 0, 1}));
  BOOST_REQUIRE_EQUAL(solutions.null_vectors.size(), 1u);
  BOOST_TEST((solutions.null_vectors[0] == RationalVector{-2, 1, 0}));
}

// Hilbert's matrix, whose condition number 10^16 is beyond doubles; its inverse has whole entries
BOOST_AUTO_TEST_CASE(an_ill_conditioned_matrix_is_inverted_exactly) {
  const int n = 12;
  std::vector<RationalEquation> hilbert(n);
  for (int i = 0; i < n; ++i) {
    hilbert[i].right_side = i == 0 ? 1 : 0;
    for (int j = 0; j < n; ++j) hilbert[i].coefficients.emplace_back(1, i + j + 1);
  }
  const ExactSolutions solutions = solve_exactly(hilbert, n);
  BOOST_TEST(solutions.rank == 12u);
  BOOST_TEST(solutions.null_vectors.empty());
  // (H^-1)_11 = n^2, (H^-1)_21 = -n^2 (n^2 - 1)/2
  BOOST_TEST((solutions.particular[0] == n * n));
  BOOST_TEST((solutions.particular[1] == -n * n * (n * n - 1) / 2));
  for (const RationalEquation& equation : hilbert)
    BOOST_TEST((dot(equation.coefficients, solutions.particular) == equation.right_side));
}

// Rows that are combinations of `rank` random ones, with right-hand sides that belong to a solution
BOOST_AUTO_TEST_CASE(random_systems_of_known_rank) {
  std::mt19937 engine{5};
  for (std::size_t rank = 0; rank <= 4; ++rank)
    for (std::size_t equations = rank; equations <= 6; ++equations)
      for (std::size_t unknowns = rank; unknowns <= 7; ++unknowns) {
        std::vector<RationalVector> basis, rows;
        for (std::size_t k = 0; k < rank; ++k) basis.push_back(random_vector(engine, unknowns));
        const RationalVector solution = random_vector(engine, unknowns);
        std::vector<RationalEquation> system;
        for (std::size_t i = 0; i < equations; ++i) {
          const RationalVector weights = random_vector(engine, rank);
          RationalVector row(unknowns, 0);
          for (std::size_t k = 0; k < rank; ++k)
            for (std::size_t j = 0; j < unknowns; ++j) row[j] += weights[k] * basis[k][j];
          rows.push_back(row);
          system.push_back({row, dot(row, solution)});
        }
        const ExactSolutions solutions = solve_exactly(system, unknowns);
        BOOST_TEST_INFO(rank << " of " << equations << " x " << unknowns);
        BOOST_TEST(static_cast<Eigen::Index>(solutions.rank) == judged_rank(rows, unknowns));
        BOOST_REQUIRE(solutions.solvable);
        BOOST_TEST(solutions.null_vectors.size() == unknowns - solutions.rank);
        BOOST_TEST(judged_rank(solutions.null_vectors, unknowns) ==
                   static_cast<Eigen::Index>(unknowns - solutions.rank));
        for (const RationalEquation& equation : system) {
          BOOST_TEST((dot(equation.coefficients, solutions.particular) == equation.right_side));
          for (const RationalVector& vector : solutions.null_vectors)
            BOOST_TEST((dot(equation.coefficients, vector) == 0));
        }
      }
}

BOOST_AUTO_TEST_CASE(a_contradiction_has_no_solution) {
  const Rational third{1, 3};
  const ExactSolutions none = solve_exactly({{{1, 1}, 1}, {{1, -1}, 0}, {{third, third}, 1}}, 2);
  BOOST_TEST(none.rank == 2u);
  BOOST_TEST(!none.solvable);
  BOOST_TEST(none.particular.empty());
  BOOST_TEST(solve_exactly({{{1, 1}, 1}, {{1, -1}, 0}, {{third, third}, third}}, 2).solvable);
}

BOOST_AUTO_TEST_CASE(sizes_must_fit) {
  BOOST_CHECK_THROW(solve_exactly({{{1, 2}, 1}}, 3), std::invalid_argument);
  const ExactSolutions anything = solve_exactly({}, 3);
  BOOST_TEST(anything.rank == 0u);
  BOOST_TEST(anything.null_vectors.size() == 3u);
  BOOST_TEST((anything.particular == RationalVector{0, 0, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
