#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/reverse_diffusion.hpp>

#include <boost/math/differentiation/finite_difference.hpp>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/test/unit_test.hpp>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

BOOST_AUTO_TEST_CASE(the_score_is_the_slope_of_the_log_density) {
  const TwoClasses classes{2, 0.3, 0.7};
  for (const double t : {0., 0.5, 2.})
    for (const double x : {-2.5, -0.1, 0.4, 1.8}) {
      const double slope = boost::math::differentiation::finite_difference_derivative(
          [&](double at) { return std::log(classes.density(at, t)); }, x);
      BOOST_TEST(std::abs(classes.score(x, t) - slope) < 1e-8);
      // Bayes: the upper class's part of the density
      const double upper = classes.w * TwoClasses{2, 0.3, 1 - 1e-16}.density(x, t) / classes.density(x, t);
      BOOST_TEST(std::abs((1 + classes.decision(x, t)) / 2 - upper) < 1e-9);
    }
  const auto moment = [&](int power) {
    return boost::math::quadrature::trapezoidal(
        [&](double x) { return std::pow(x, power) * classes.density(x, 0.5); }, -9., 9., 1e-12);
  };
  BOOST_TEST(std::abs(moment(0) - 1) < 1e-9);
  BOOST_TEST(std::abs(moment(1) - 0.4 * 2 * std::exp(-0.5)) < 1e-9);
  BOOST_TEST(std::abs(moment(2) - (4.3 * std::exp(-1.) + 1 - std::exp(-1.))) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_step_back_adds_drift_score_and_noise) {
  const TwoClasses classes{1.5, 0.4, 0.3};
  const WayBack way{2, 10};
  BOOST_TEST(way.time(0) == 2);
  BOOST_TEST(way.time(10) == 0);
  BOOST_TEST(std::abs(way.time(4) - 0.72) < 1e-15);
  VectorXd y{{-1, 0.3, 2}};
  const VectorXd before = y, noise{{0.5, -1, 0.1}};
  step_back(classes, way, 4, noise.transpose(), y);
  for (Eigen::Index k = 0; k < 3; ++k) {
    const double expected =
        before[k] + 0.22 * (before[k] + 2 * classes.score(before[k], 0.72)) + std::sqrt(0.44) * noise[k];
    BOOST_TEST(std::abs(y[k] - expected) < 1e-12);
  }
  BOOST_CHECK_THROW(step_back(classes, way, 4, MatrixXd::Zero(1, 2), y), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(batches_are_the_draws_of_a_block) {
  const Stream stream{4, "batches"};
  std::uint64_t seen = 0;
  in_batches(stream, {10, 150}, 6, [&](std::uint64_t first, const MatrixXd& noise) {
    BOOST_TEST(first == 10 + seen);
    for (Eigen::Index k = 0; k < noise.cols(); ++k) {
      VectorXd draw(6);
      stream.normals(first + static_cast<std::uint64_t>(k), {draw.data(), 6});
      BOOST_TEST((draw - noise.col(k)).norm() == 0);
    }
    seen += static_cast<std::uint64_t>(noise.cols());
  });
  BOOST_TEST(seen == 140);
}

// A single class in the limit of no noise in the data: samples come back as N(m, variance), up to the error of steps.
BOOST_AUTO_TEST_CASE(samples_come_back) {
  const TwoClasses classes{3, 0.25, 0.5};
  const WayBack way{4, 400};
  double sum = 0, squares = 0, count = 0;
  in_batches(Stream{2, "back"}, {0, 4000}, 401, [&](std::uint64_t, const MatrixXd& noise) {
    VectorXd y = noise.row(0).transpose();
    int last = 0;
    draw_back(classes, way, noise.bottomRows(400), y, [&](int i, const VectorXd&) { last = i; });
    BOOST_TEST(last == 400);
    for (const double value : y) {
      sum += std::abs(value);
      squares += value * value;
      ++count;
    }
  });
  BOOST_TEST(std::abs(sum / count - 3) < 5 * 0.5 / std::sqrt(count) + 0.01);
  BOOST_TEST(std::abs(squares / count - sum * sum / (count * count) - 0.25) <
             5 * 0.25 * std::sqrt(2 / count) + 0.01);
}

BOOST_AUTO_TEST_SUITE_END()
