#define BOOST_TEST_DYN_LINK
#include <fieldbook/training/mlp.hpp>

#include <boost/math/differentiation/autodiff.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

BOOST_AUTO_TEST_SUITE(training)

namespace {

/// f of the network 2-3-3-1 with tanh in the NTK parameterisation, weight variance 1.7, bias variance 0.3, in plain
/// sums over the parameters in the order of Mlp::parameters; T may be a number of automatic differentiation.
template <class T>
T tiny_network(const std::vector<T>& theta, double x0, double x1) {
  using std::sqrt, std::tanh;
  T first[3], second[3], f = sqrt(0.3) * theta[24];
  for (int i = 0; i < 3; ++i)
    first[i] = tanh(sqrt(1.7 / 2) * (theta[i] * x0 + theta[3 + i] * x1) + sqrt(0.3) * theta[6 + i]);
  for (int i = 0; i < 3; ++i) {
    T z = sqrt(0.3) * theta[18 + i];
    for (int j = 0; j < 3; ++j) z += sqrt(1.7 / 3) * theta[9 + 3 * j + i] * first[j];
    second[i] = tanh(z);
  }
  for (int i = 0; i < 3; ++i) f += sqrt(1.7 / 3) * theta[21 + i] * second[i];
  return f;
}

Mlp<double> tiny() { return {Activation::tanh, ntk_parameterisation({2, 3, 2}, 1.7, 0.3), 5, "tiny"}; }

MatrixXd points() {
  MatrixXd x(2, 4);
  x << 0.3, -1.2, 2, 0.1, 1.1, 0.4, -0.7, 0;
  return x;
}

/// sum_p seeds_p df(x_p)/dtheta: how far a network moves.
VectorXd gradient(Mlp<double> network, const MatrixXd& x, const VectorXd& seeds) {
  const VectorXd before = network.parameters();
  Pass<double> pass;
  network.forward(x, pass);
  network.backward(seeds, pass);
  network.move(pass);
  return network.parameters() - before;
}

}  // namespace

BOOST_AUTO_TEST_CASE(parameters_are_functions_of_seed_name_and_number) {
  const NetworkShape shape{3, 5, 2};
  Mlp<double> network{Activation::erf, abcd_parameterisation(shape, AbcdExponents::mup(1), 0.5), 7, "net"};
  network.draw(12);
  std::vector<double> w1(15), w2(25), w3(5);
  Stream{7, "net: layer 1 weights"}.normals(12, w1);
  Stream{7, "net: layer 2 weights"}.normals(12, w2);
  Stream{7, "net: layer 3 weights"}.normals(12, w3);
  std::vector<double> expected = w1;
  expected.insert(expected.end(), w2.begin(), w2.end());
  expected.insert(expected.end(), w3.begin(), w3.end());
  const VectorXd theta = network.parameters();
  BOOST_TEST_REQUIRE(theta.size() == 45);
  for (std::size_t k = 0; k < expected.size(); ++k)
    BOOST_TEST(std::abs(theta[k] - expected[k] / std::sqrt(5.)) < 1e-15);
  network.draw(13);
  BOOST_TEST(network.parameters() != theta);
  network.draw(12);
  BOOST_TEST(network.parameters() == theta);
}

BOOST_AUTO_TEST_CASE(passes_are_what_they_say) {
  const Mlp<double> network = tiny();
  const VectorXd theta = network.parameters();
  const MatrixXd x = points();
  Pass<double> pass;
  network.forward(x, pass);
  for (Eigen::Index p = 0; p < x.cols(); ++p) {
    const double f = tiny_network(std::vector<double>(theta.begin(), theta.end()), x(0, p), x(1, p));
    BOOST_TEST(std::abs(pass.outputs(p) - f) < 1e-14);
  }
  for (const int layer : {1, 2}) {
    const MatrixXd z = network.preactivations(layer, pass);
    BOOST_TEST((z.array().tanh() - pass.features[layer - 1].array()).abs().maxCoeff() < 1e-14);
    BOOST_TEST((1 - z.array().tanh().square() - pass.slopes[layer - 1].array()).abs().maxCoeff() < 1e-14);
  }
}

// f = N^{-a} w g sigma(N^{-a} W^2 g sigma(N^{-a1} W^1 x/sqrt D))/(gamma0 N^d), for the activation sqrt 2 ReLU
BOOST_AUTO_TEST_CASE(abcd_networks_are_what_they_say) {
  const AbcdExponents e{-0.2, 0.7, 0.4, 0.3, 0.1, 0.6};
  const double n = 5, gamma0 = 0.3;
  const Mlp<double> network{Activation::relu, abcd_parameterisation({2, 5, 2}, e, gamma0, std::sqrt(2.)), 1,
                            "abcd"};
  const MatrixXd x = points();
  const auto activated = [](const MatrixXd& h) -> MatrixXd { return std::sqrt(2.) * h.cwiseMax(0); };
  const MatrixXd h1 = std::pow(n, -e.a1) * network.weights(1) * x / std::sqrt(2.);
  const MatrixXd h2 = std::pow(n, -e.a) * network.weights(2) * activated(h1);
  const MatrixXd f = std::pow(n, -e.a) * network.weights(3) * activated(h2) / (gamma0 * std::pow(n, e.d));
  Pass<double> pass;
  network.forward(x, pass);
  BOOST_TEST((pass.outputs.transpose() - f).cwiseAbs().maxCoeff() < 1e-14);
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_automatic_differentiation) {
  using namespace boost::math::differentiation;
  const Mlp<double> network = tiny();
  const VectorXd theta = network.parameters(), seeds = VectorXd::LinSpaced(4, -1, 2);
  const MatrixXd x = points();
  const VectorXd moved = gradient(network, x, seeds);
  for (Eigen::Index k = 0; k < theta.size(); ++k) {
    using Variable = autodiff_fvar<double, 1>;
    std::vector<Variable> variables(theta.begin(), theta.end());
    variables[k] = make_fvar<double, 1>(theta[k]);
    double derivative = 0;
    for (Eigen::Index p = 0; p < x.cols(); ++p)
      derivative += seeds[p] * tiny_network(variables, x(0, p), x(1, p)).derivative(1);
    BOOST_TEST(std::abs(moved[k] - derivative) < 1e-13);
  }
}

// Every activation, along a random direction u: [f(theta + h u) - f(theta - h u)]/(2h) = grad f . u + O(h^2)
BOOST_AUTO_TEST_CASE(gradients_are_those_of_differences) {
  for (const Activation activation : all_activations())
    for (const int depth : {1, 2}) {
      Mlp<double> network{activation, ntk_parameterisation({2, 11, depth}, 1.3, 0.2), 3, "differences"};
      const MatrixXd x = points();
      const VectorXd theta = network.parameters(), seeds = VectorXd::LinSpaced(4, -1, 2);
      VectorXd direction(theta.size());
      Stream{1, "direction"}.normals(depth,
                                     std::span{direction.data(), static_cast<std::size_t>(direction.size())});
      direction.normalize();
      const double slope = gradient(network, x, seeds).dot(direction);
      const auto along = [&](double h) {
        network.set_parameters(theta + h * direction);
        Pass<double> pass;
        network.forward(x, pass);
        return seeds.dot(pass.outputs);
      };
      const double h = 1e-5, difference = (along(h) - along(-h)) / (2 * h);
      BOOST_TEST_INFO(name(activation) << ", depth " << depth);
      BOOST_TEST(std::abs(difference - slope) < 1e-8 * std::max(1., std::abs(slope)));
    }
}

BOOST_AUTO_TEST_CASE(single_precision_is_the_same_network) {
  const Parameterisation scales =
      abcd_parameterisation({3, 40, 2}, AbcdExponents::standard(), 1, std::sqrt(2.));
  Mlp<double> exact{Activation::relu, scales, 1, "exact"};
  Mlp<float> rounded{Activation::relu, scales, 1, "exact"};
  rounded.set_parameters(exact.parameters().cast<float>());
  const MatrixXd x = MatrixXd::Random(3, 9);
  Pass<double> pass;
  Pass<float> rounded_pass;
  for (int step = 0; step < 3; ++step) {
    exact.forward(x, pass);
    rounded.forward(x.cast<float>(), rounded_pass);
    BOOST_TEST((pass.outputs - rounded_pass.outputs.cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
    exact.backward(VectorXd::Constant(9, 1e-2), pass);
    rounded.backward(Eigen::VectorXf::Constant(9, 1e-2f), rounded_pass);
    exact.move(pass);
    rounded.move(rounded_pass);
  }
}

BOOST_AUTO_TEST_CASE(networks_refuse_what_does_not_fit) {
  Mlp<double> network = tiny();
  Pass<double> pass;
  BOOST_CHECK_THROW(network.forward(MatrixXd::Zero(3, 4), pass), std::invalid_argument);
  network.forward(points(), pass);
  BOOST_CHECK_THROW(network.backward(VectorXd::Zero(3), pass), std::invalid_argument);
  BOOST_CHECK_THROW(network.preactivations(3, pass), std::invalid_argument);
  BOOST_CHECK_THROW(network.set_parameters(VectorXd::Zero(7)), std::invalid_argument);
  BOOST_CHECK_THROW((Mlp<double>{Activation::tanh, Parameterisation{{1, 2, 3}, {}}, 1, "none"}),
                    std::invalid_argument);
  BOOST_CHECK_THROW(ntk_parameterisation({0, 2, 1}, 1, 0), std::invalid_argument);
  BOOST_CHECK_THROW(ntk_parameterisation({1, 2, 1}, 0, 0), std::invalid_argument);
  BOOST_CHECK_THROW(ntk_parameterisation({1, 2, 1}, 1, -1), std::invalid_argument);
  BOOST_CHECK_THROW(abcd_parameterisation({1, 2, 1}, AbcdExponents::ntk(), 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
