#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/spline_ensemble.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

Samples product_of_two(int points) {
  MatrixXd x(2, points);
  Stream{3, "inputs"}.uniforms(0, {x.data(), static_cast<std::size_t>(x.size())});
  x = 2 * x.array() - 1;
  return {x, (x.row(0).array() * x.row(1).array()).transpose()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kolmogorov_arnold_networks)

BOOST_AUTO_TEST_CASE(outputs_are_sums_of_edges) {
  for (const bool base : {false, true}) {
    KolmogorovArnold network{{3, 2, 1}, 4, base};
    network.draw(Stream{1, "start"}, 5);
    const VectorXd x{{0.3, -0.8, 0.99}};
    double z[2] = {0, 0};
    for (int j = 0; j < 2; ++j)
      for (int i = 0; i < 3; ++i) z[j] += network.edge(0, j, i, x[i]);
    const double expected = network.edge(1, 0, 0, z[0]) + network.edge(1, 0, 1, z[1]);
    BOOST_TEST(std::abs(network.outputs(x)[0] - expected) < 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(derivatives_are_those_of_differences) {
  for (const bool base : {false, true}) {
    KolmogorovArnold network{{2, 3, 2, 1}, 3, base};
    network.draw(Stream{1, "start"}, 0);
    const VectorXd x{{0.4, -0.7}}, theta = network.parameters();
    KolmogorovArnold::Pass pass;
    network.linearise(x, pass);
    VectorXd gradient = VectorXd::Zero(theta.size());
    for (std::size_t k = 0; k < pass.columns.size(); ++k) {
      BOOST_TEST((k == 0 || pass.columns[k] > pass.columns[k - 1]));
      gradient[pass.columns[k]] = pass.values[k];
    }
    for (Eigen::Index k = 0; k < theta.size(); ++k) {
      const VectorXd step = 1e-5 * VectorXd::Unit(theta.size(), k);
      network.set_parameters(theta + step);
      const double up = network.outputs(x)[0];
      network.set_parameters(theta - step);
      BOOST_TEST(std::abs((up - network.outputs(x)[0]) / 2e-5 - gradient[k]) < 1e-8);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_finer_grid_on_the_same_interval_changes_nothing) {
  KolmogorovArnold network{{2, 2, 1}, 4, true};
  network.draw(Stream{1, "start"}, 2);
  const Samples data = product_of_two(50);
  const auto finer = network.regridded(12, {{}, {{-1, 1}, {-1, 1}}});
  BOOST_TEST((finer.outputs(data.x) - network.outputs(data.x)).norm() < 1e-12);
}

// xy = (x+y)^2/4 - (x-y)^2/4: squares of linear functions are cubic splines on any grid
BOOST_AUTO_TEST_CASE(a_product_is_learned_to_the_optimisers_precision) {
  const Samples data = product_of_two(1000);
  double best = 1;
  for (int start = 0; start < 4; ++start)
    best = std::min(best, rms_error(trained_start({2, 2, 1}, 5, false, Stream{1, "s"}, start, data), data));
  BOOST_TEST(best < 1e-4);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_trained_is_named) {
  Samples data = product_of_two(100);
  BOOST_TEST(diagnosis(data, {2, 1, 1}, 3).empty());
  BOOST_TEST(diagnosis(data, {2, 2, 1}, 20).find("at least 276 points") == 0u);
  data.y[7] = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(diagnosis(data, {2, 1, 1}, 3) == "finite numbers only");
  const Samples good = product_of_two(200);
  KolmogorovArnold network{{2, 1, 1}, 3};  // all coefficients are zero: its node never moves
  BOOST_TEST(diagnosis(network, good, 0.01).find("dead") != std::string::npos);
  network.draw(Stream{1, "s"}, 0);
  BOOST_TEST(diagnosis(network, good, 0.01).find("stuck") != std::string::npos);
  network.set_parameters(VectorXd::Constant(18, std::numeric_limits<double>::infinity()));
  BOOST_TEST(diagnosis(network, good, 0.01).find("not finite") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_of_what_has_not_learned_are_infinite) {
  const auto samples = [](std::uint64_t draw) {
    const int points = draw == 0 ? 200 : 100;
    return uniform_samples(1, draw, 2, points, [](std::span<const double> x) { return x[0] + x[1]; });
  };
  KolmogorovArnold good{{2, 1}, 3};
  for (int i = 0; i < 2; ++i) good.fit_edge(0, 0, i, [](double z) { return z; });
  std::vector<SplineRun> runs{{{}, {0.3, 0.1}, {0.4, 0.2}, good},
                              {{}, {0.5, 0.6}, {0.7, 0.8}, KolmogorovArnold{{2, 1}, 3}}};
  BOOST_TEST(std::abs(median_error(runs, &SplineRun::test, 1) - 0.5) < 1e-15);
  const auto sentences = strike_untrained(runs, "a sum", 0.01, samples);
  BOOST_REQUIRE(sentences.size() == 1u);
  BOOST_TEST(sentences[0].starts_with("a sum, data set 2: not trained; "));
  BOOST_TEST(runs[0].test[1] == 0.2);
  BOOST_TEST(std::isinf(median_error(runs, &SplineRun::train, 0)));
  BOOST_TEST(strike_untrained(runs, "a sum", 2, samples).empty());
}

BOOST_AUTO_TEST_CASE(bad_shapes_are_refused) {
  BOOST_CHECK_THROW((KolmogorovArnold{{2}, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovArnold{{2, 2}, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovArnold{{2, 0, 1}, 3}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovArnold{{2, 1}, 0}), std::invalid_argument);
  BOOST_CHECK_THROW((KolmogorovArnold{{2, 1}, 3}.outputs(MatrixXd::Zero(3, 1))), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(points_of_a_figure_are_the_finite_errors) {
  std::vector<SplineRun> runs(2);
  runs[0].test = {0.3, std::numeric_limits<double>::infinity()};
  runs[1].test = {std::numeric_limits<double>::quiet_NaN(), 0.1};
  const auto [at, errors] = finite_test_errors({5, 10}, runs);
  BOOST_TEST(at == (std::vector<double>{5, 10}), boost::test_tools::per_element());
  BOOST_TEST(errors == (std::vector<double>{0.3, 0.1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
