#define BOOST_TEST_DYN_LINK
#include <fieldbook/kernels/frozen_training.hpp>
#include <fieldbook/kernels/kernel_by_quadrature.hpp>
#include <fieldbook/training/circle_data.hpp>

#include <Eigen/LU>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "laws.hpp"

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const CircleData data = CircleData::six();
const std::vector<double> tests{0.65, 2.5, 3.6, 4.7, 5.8};

FrozenTraining six_points(double relative_step = 1) {
  std::vector<double> all = data.angles;
  all.insert(all.end(), tests.begin(), tests.end());
  return {tangent_kernel(erf_law, 1, inputs_on_circle(all)), data.targets(), relative_step};
}

double distance(const VectorXd& a, const std::vector<double>& b) {
  return (a - Eigen::Map<const VectorXd>(b.data(), a.size())).cwiseAbs().maxCoeff();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels)

// Numbers from a calculation in another language
BOOST_AUTO_TEST_CASE(frozen_training_on_six_points) {
  const FrozenTraining training = six_points();
  BOOST_TEST(distance(training.propagator().eigenvalues(),
                      {.37564258, .57474468, 1.35672925, 1.72365266, 8.15182091, 9.27451759}) < 1e-8);
  BOOST_TEST(std::abs(training.step() - 6 / 9.27451759) < 1e-8);
  BOOST_TEST(distance(training.mean(forever), {1.048599, -.822222, -.668652, .092757, .611187}) < 1e-6);
  BOOST_TEST(distance(training.covariance(forever).diagonal().cwiseSqrt(),
                      {.210283, .273773, .267269, .322534, .287249}) < 1e-6);
  BOOST_TEST(distance(training.mean(5), {.873361, -.763495, -.867395, .002221, .822586}) < 1e-6);
  BOOST_TEST(distance(training.covariance(5).diagonal().cwiseSqrt(),
                      {.280718, .339500, .338262, .381858, .358417}) < 1e-6);
  BOOST_TEST(training.mean(0).norm() == 0);
  BOOST_TEST((training.covariance(0) - training.kernel().nngp.bottomRightCorner(5, 5)).norm() == 0);
}

// Also with steps so large that modes change sign, and after so many that every mode is learned
BOOST_AUTO_TEST_CASE(propagator_is_the_iterated_step) {
  const MatrixXd gram = six_points().gram();
  for (const double relative : {0.3, 1., 1.7}) {
    const double step = relative / 2 * SpectralPropagator::largest_step(gram);
    const SpectralPropagator propagator{gram, step};
    VectorXd residual = data.targets();
    MatrixXd gain = MatrixXd::Zero(6, 6);
    for (int n = 0; n < 40; ++n) {
      BOOST_TEST((propagator.residual(n, data.targets()) - residual).norm() < 1e-12);
      BOOST_TEST((propagator.gain(n) - gain).norm() < 1e-12);
      residual -= step / 6 * gram * residual;
      gain += step / 6 * (MatrixXd::Identity(6, 6) - gram * gain);
    }
    BOOST_TEST((propagator.gain(100000) - gram.inverse()).norm() < 1e-11);
    BOOST_TEST((propagator.gain(forever) - gram.inverse()).norm() < 1e-11);
    BOOST_TEST(propagator.residual(forever, data.targets()).norm() == 0);
  }
}

// Eigenvalues 3, 1e-3 and 0 with known modes: what is not learned stays
BOOST_AUTO_TEST_CASE(singular_modes_are_never_learned) {
  MatrixXd modes(3, 3);
  modes << 1, 1, 1, 1, -1, 1, 1, 0, -2;
  modes.colwise().normalize();
  const MatrixXd gram = modes * Eigen::Vector3d{3, 1e-3, 0}.asDiagonal() * modes.transpose();
  const SpectralPropagator propagator{gram, 1};
  BOOST_TEST(propagator.rank() == 2);
  const VectorXd never = modes.col(2), slow = modes.col(1);
  for (const std::int64_t n : {std::int64_t{1000000}, forever}) {
    BOOST_TEST((propagator.residual(n, never) - never).norm() < 1e-11);
    BOOST_TEST((propagator.gain(n) * never).norm() < 1e-8);
    BOOST_TEST((propagator.gain(n) * slow / 1e3 - slow).norm() < 1e-8);
  }
}

// (1 - (1 - x)^n)/lambda with x = eta lambda/P = 1e-9/3 keeps its digits: n eta/P (1 - (n - 1) x/2 + ...)
BOOST_AUTO_TEST_CASE(slow_modes_keep_their_digits) {
  const MatrixXd gram = Eigen::Vector3d{3, 1e-9, 1}.asDiagonal();
  const double x = 1e-9 / 3, expected = 1000. / 3 * (1 - 999. / 2 * x);
  BOOST_TEST(std::abs(SpectralPropagator{gram, 1}.gain(1000)(1, 1) / expected - 1) < 1e-12);
}

BOOST_AUTO_TEST_CASE(steps_that_diverge_are_refused_with_the_bound) {
  const MatrixXd gram = six_points().gram();
  const double bound = SpectralPropagator::largest_step(gram);
  BOOST_TEST(std::abs(bound - 12 / 9.27451759) < 1e-8);
  const auto names_the_bound = [](const std::invalid_argument& refusal) {
    return std::string{refusal.what()}.find("1.29387") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION((SpectralPropagator{gram, bound}), std::invalid_argument, names_the_bound);
  BOOST_CHECK_EXCEPTION((SpectralPropagator{gram, 0}), std::invalid_argument, names_the_bound);
  BOOST_CHECK_NO_THROW((SpectralPropagator{gram, 0.999 * bound}));
  BOOST_CHECK_THROW(six_points(2), std::invalid_argument);
  BOOST_CHECK_THROW((SpectralPropagator{gram, 1}.gain(-1)), std::invalid_argument);
  BOOST_CHECK_THROW((SpectralPropagator{gram.leftCols(2), 1}), std::invalid_argument);
  BOOST_CHECK_THROW((SpectralPropagator{-gram, 1}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(kernels_by_quadrature_agree_with_closed_forms) {
  const MatrixXd x = inputs_on_circle({0, 0.7, 2.9});
  for (const DeepLaw& law :
       {DeepLaw{Activation::relu, 2, 0.3}, erf_law, DeepLaw{Activation::sin, 1.2, 0.3}}) {
    const TangentKernel closed = tangent_kernel(law, 3, x), sums = kernel_by_quadrature(law, 3, x);
    BOOST_TEST((closed.ntk - sums.ntk).cwiseAbs().maxCoeff() < 1e-7);
    BOOST_TEST((closed.nngp - sums.nngp).cwiseAbs().maxCoeff() < 1e-8);
  }
  BOOST_CHECK_THROW(kernel_by_quadrature(erf_law, 0, x), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
