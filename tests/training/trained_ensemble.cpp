#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/trained_ensemble.hpp>

#include <boost/test/unit_test.hpp>

using namespace fieldbook;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

// Means and covariances over networks that are trained here one by one, with observers that see both ends
BOOST_AUTO_TEST_CASE(trained_ensembles_are_networks_trained_one_by_one) {
  const CircleData data = CircleData::eight();
  BOOST_TEST(data.angles.size() == 8u);
  const TrainingPlan plan{
      Activation::tanh, ntk_parameterisation({2, 12, 2}, 1.5, 0.2), data.inputs(), data.targets(), 0.4,
      {0, 3, 7}};
  const Eigen::MatrixXd x = inputs_on_circle({0.4}).transpose();
  PlainConductor conductor;
  const std::int64_t draws = 150;  // more than blocks
  const Averages averages = sample_trained_networks(
      conductor, "one by one", 11, plan, draws, 6,
      [&](const Mlp<double>& untouched, const Mlp<double>& trained, std::size_t record, VectorXd& observed) {
        observed[static_cast<Eigen::Index>(2 * record)] = outputs(untouched, x)[0];
        observed[static_cast<Eigen::Index>(2 * record + 1)] = outputs(trained, x)[0];
      });
  BOOST_TEST(averages.count() == draws);

  Averages expected{6};
  for (int n = 0; n < draws; ++n) {
    Mlp<double> network{plan.activation, plan.parameterisation, 11, "one by one"};
    network.draw(static_cast<std::uint64_t>(n));
    GradientDescent<double> descent{network, plan.inputs.transpose(), plan.targets};
    VectorXd observed(6);
    const double start = outputs(network, x)[0];
    for (int step = 0; step <= 7; ++step) {
      if (step == 0) observed.head(2) << start, start;
      if (step == 3) observed.segment(2, 2) << start, outputs(network, x)[0];
      if (step == 7) observed.tail(2) << start, outputs(network, x)[0];
      descent.step(plan.step);
    }
    expected.add(observed);
  }
  BOOST_TEST((averages.means() - expected.means()).cwiseAbs().maxCoeff() < 1e-13);
  BOOST_TEST((averages.covariance() - expected.covariance()).cwiseAbs().maxCoeff() < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
