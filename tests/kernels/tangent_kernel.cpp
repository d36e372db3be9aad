#define BOOST_TEST_DYN_LINK
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/training/circle_data.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <vector>

#include "laws.hpp"

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(tangent_kernels_at_known_points) {
  const double relu_off[] = {2.78781134, 3.86943024, 4.83052634, 5.70597838};
  const double erf_off[] = {2.28241129, 2.90109664, 3.55150551, 4.17814742};
  for (int depth = 1; depth <= 4; ++depth) {
    const TangentKernel r = tangent_kernel(relu_law, depth, inputs_on_circle({0, 0.7}));
    BOOST_TEST(std::abs(r.ntk(0, 0) - 2 * (depth + 1)) < 1e-12);
    BOOST_TEST(std::abs(r.ntk(1, 0) - relu_off[depth - 1]) < 1e-8);
    const TangentKernel e = tangent_kernel(erf_law, depth, inputs_on_circle({0, 0.7}));
    BOOST_TEST(std::abs(e.ntk(0, 1) - erf_off[depth - 1]) < 1e-8);
  }
}

// The covariance must be that of the other recursion, which goes through libm, and its slope that of a difference
BOOST_AUTO_TEST_CASE(tangent_kernels_agree_with_the_process) {
  const Eigen::MatrixXd x = Eigen::MatrixXd::Random(300, 5);
  for (const DeepLaw& law :
       {DeepLaw{Activation::relu, 1.7, 0.2}, erf_law, DeepLaw{Activation::sin, 1.2, 0.3}}) {
    BOOST_TEST((tangent_kernel(law, 3, x).nngp - nngp_kernel(law, 3, x)).cwiseAbs().maxCoeff() < 1e-13);
    // One hidden layer: Theta = K^2 + sigma_w^2 F'(K^1) K^1, and F' is the derivative of F with respect to the covariance
    Eigen::MatrixXd first = input_kernel(law, x.topRows(2)), higher = first, lower = first;
    const double h = 1e-5;
    higher(0, 1) = higher(1, 0) = first(0, 1) + h;
    lower(0, 1) = lower(1, 0) = first(0, 1) - h;
    const double slope = (next_kernel(law, higher)(0, 1) - next_kernel(law, lower)(0, 1)) / (2 * h);
    const TangentKernel kernel = tangent_kernel(law, 1, x.topRows(2));
    BOOST_TEST(std::abs(kernel.ntk(0, 1) - (kernel.nngp(0, 1) + slope * first(0, 1))) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(tangent_kernels_on_threads_and_at_special_points) {
  Eigen::MatrixXd x = Eigen::MatrixXd::Random(70, 3);
  x.row(5) = x.row(4);   // coincident
  x.row(6) = -x.row(4);  // opposite
  x.row(7).setZero();    // silent without bias
  const auto two_threads = [](std::size_t tasks, const std::function<void(std::size_t)>& task) {
    std::jthread other{[&] {
      for (std::size_t i = 1; i < tasks; i += 2) task(i);
    }};
    for (std::size_t i = 0; i < tasks; i += 2) task(i);
  };
  for (const DeepLaw& law : {relu_law, erf_law}) {
    const TangentKernel one = tangent_kernel(law, 10, x), two = tangent_kernel(law, 10, x, two_threads);
    BOOST_TEST((one.ntk == two.ntk && one.nngp == two.nngp));
    BOOST_TEST(one.ntk.allFinite());
    BOOST_TEST((one.ntk == one.ntk.transpose()));
    BOOST_TEST(std::abs(one.ntk(5, 4) - one.ntk(4, 4)) < 1e-5 * one.ntk(4, 4));
  }
  BOOST_CHECK_THROW(tangent_kernel(relu_law, 0, x), std::invalid_argument);
  BOOST_CHECK_THROW(tangent_kernel({Activation::step, 1, 0}, 1, x.topRows(2)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
