#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/product.hpp>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <utility>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(training)

using Reals = boost::mpl::list<float, double>;

// Sizes around whole tiles, whole vectors and whole panels, on either side
BOOST_AUTO_TEST_CASE_TEMPLATE(products_are_those_of_eigen, Real, Reals) {
  using Matrix = Eigen::Matrix<Real, -1, -1>;
  MatrixProduct<Real> product;
  for (const Eigen::Index rows : {1, 7, 16, 33, 100})
    for (const Eigen::Index columns : {1, 8, 13, 32})
      for (const Eigen::Index depth : {1, 6, 64, 65, 256, 300}) {
        const Matrix a = Matrix::Random(rows, depth), b = Matrix::Random(depth, columns);
        const Matrix a_turned = a.transpose(), b_turned = b.transpose(),
                     start = Matrix::Random(rows, columns);
        const Matrix expected = start + Real{0.5} * a * b;
        const double tolerance = 4 * static_cast<double>(depth) * std::numeric_limits<Real>::epsilon();
        const auto check = [&](const Matrix& result) {
          BOOST_TEST_INFO(rows << " x " << depth << " x " << columns);
          BOOST_TEST(static_cast<double>((result - expected).cwiseAbs().maxCoeff()) <= tolerance);
        };
        Matrix target = start;
        product.add(entries_of(target), Real{0.5}, entries_of(a), entries_of(b));
        check(target);
        target = start;
        product.add(entries_of(target), Real{0.5}, entries_of(a), entries_of(b_turned).transposed());
        check(target);
        Matrix turned = start.transpose();
        product.add(entries_of(turned).transposed(), Real{0.5}, entries_of(a_turned).transposed(),
                    entries_of(b));
        check(turned.transpose());
      }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_stays_in_its_rows_and_columns) {
  MatrixProduct<double> product;
  Eigen::MatrixXd a = Eigen::MatrixXd::Ones(20, 10), b = Eigen::MatrixXd::Ones(10, 9);
  a(3, 2) = NAN;
  Eigen::MatrixXd target = Eigen::MatrixXd::Zero(20, 9);
  product.add(entries_of(target), 1., entries_of(std::as_const(a)), entries_of(std::as_const(b)));
  for (Eigen::Index i = 0; i < 20; ++i)
    for (Eigen::Index j = 0; j < 9; ++j) BOOST_TEST(std::isnan(target(i, j)) == (i == 3));
}

BOOST_AUTO_TEST_SUITE_END()
