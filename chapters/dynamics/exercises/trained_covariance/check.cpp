#include <fieldbook/exercise/check.hpp>

#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/circle_data.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// The covariance after 2^60 steps: one step is a matrix that acts on f - y at all points, and squaring it doubles the time.
MatrixXd covariance_by_training(const TangentKernel& kernel, Index data) {
  const Index points = kernel.ntk.rows();
  const double step = 1 / kernel.ntk.topLeftCorner(data, data).trace();  // less than 1 / largest eigenvalue
  MatrixXd steps = MatrixXd::Identity(points, points);
  steps.leftCols(data) -= step * kernel.ntk.leftCols(data);
  for (int doubling = 0; doubling < 60; ++doubling) steps = (steps * steps).eval();
  return (steps * kernel.nngp * steps.transpose()).bottomRightCorner(points - data, points - data);
}

/// The inverse of the block of the precision matrix that belongs to the test points.
MatrixXd posterior_by_precision(const MatrixXd& k, Index data) {
  const Index tests = k.rows() - data;
  return k.inverse().bottomRightCorner(tests, tests).inverse();
}

void expect_size(Check& check, const std::string& what, const MatrixXd& got, Index tests) {
  check.expect("rows of the " + what, static_cast<double>(got.rows()), static_cast<double>(tests), 0,
               "One row and one column for each test point.");
  check.expect("columns of the " + what, static_cast<double>(got.cols()), static_cast<double>(tests), 0);
}

void compare(Check& check, const std::string& what, const MatrixXd& got, const MatrixXd& expected,
             double tolerance, const std::string& advice) {
  expect_size(check, what, got, expected.rows());
  for (Index i = 0; i < expected.rows(); ++i)
    for (Index j = 0; j <= i; ++j)
      for (const auto& [a, b] : {std::pair{i, j}, {j, i}})
        check.expect(fmt::format("{}, test points {} and {}", what, a + 1, b + 1), got(a, b), expected(a, b),
                     tolerance, advice);
}

TangentKernel kernel_on_circle(const DeepLaw& law, int depth, const std::vector<double>& angles) {
  return tangent_kernel(law, depth, inputs_on_circle(angles));
}

/// Standard deviations at the six points of the chapter, one layer of erf with sigma_w^2 = 2.25 and sigma_b^2 = 0.1.
void check_the_page(Check& check) {
  std::vector<double> angles = CircleData::six().angles;
  for (const double test : {0.65, 2.5, 3.6, 4.7, 5.8}) angles.push_back(test);
  const TangentKernel kernel = kernel_on_circle({Activation::erf, 2.25, 0.1}, 1, angles);
  const double trained[] = {0.210283, 0.273773, 0.267269, 0.322534, 0.287249},
               posterior[] = {0.20708, 0.26633, 0.26262, 0.31314, 0.28076};
  const MatrixXd a = trained_covariance(kernel.nngp, kernel.ntk, 6), b = posterior_covariance(kernel.nngp, 6);
  expect_size(check, "covariance of trained networks", a, 5);
  expect_size(check, "covariance of the posterior", b, 5);
  for (Index i = 0; i < 5; ++i) {
    const double angle = angles[static_cast<std::size_t>(6 + i)];
    check.expect(fmt::format("standard deviation of trained networks at angle {}", angle), std::sqrt(a(i, i)),
                 trained[i], 1e-5, "Theta moves the networks, K makes them differ.");
    check.expect(fmt::format("standard deviation of the posterior at angle {}", angle), std::sqrt(b(i, i)),
                 posterior[i], 1e-5, "The posterior knows nothing of Theta.");
  }
}

/// Random data on the circle, one point in each of 4 ... 7 arcs, so that none coincide.
void check_random_data(Check& check, std::uint64_t number) {
  const Index data = 4 + static_cast<Index>(number % 4);
  std::vector<double> u(static_cast<std::size_t>(data) + 6), angles;
  Stream{1, "exercise: trained covariance"}.uniforms(number, u);
  for (std::size_t i = 0; i < static_cast<std::size_t>(data); ++i)
    angles.push_back(2 * std::numbers::pi * (static_cast<double>(i) + 0.7 * u[i]) /
                     static_cast<double>(data));
  for (std::size_t i = u.size() - 6; i < u.size() - 3; ++i) angles.push_back(2 * std::numbers::pi * u[i]);
  const int depth = 1 + static_cast<int>(number % 3);
  const DeepLaw law{number % 2 == 0 ? Activation::relu : Activation::erf, 1 + u[u.size() - 2],
                    0.1 + u[u.size() - 1]};
  const TangentKernel kernel = kernel_on_circle(law, depth, angles);
  const std::string where =
      fmt::format("{} random points, {} layers of {}", data, depth, name(law.activation));
  compare(check, "covariance of trained networks, " + where,
          trained_covariance(kernel.nngp, kernel.ntk, data), covariance_by_training(kernel, data), 1e-8,
          "Write the end of training as a matrix that acts on f_0 at all points.");
  compare(check, "covariance of the posterior, " + where, posterior_covariance(kernel.nngp, data),
          posterior_by_precision(kernel.nngp, data), 1e-8, "A Gaussian, given some of its components.");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check_the_page(check);
    for (std::uint64_t number = 0; number < 12; ++number) check_random_data(check, number);
  });
}
