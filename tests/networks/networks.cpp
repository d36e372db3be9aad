#define BOOST_TEST_DYN_LINK
#include <fieldbook/networks/fully_connected.hpp>
#include <fieldbook/networks/neuron_sum.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(one_hidden_layer_is_what_it_says) {
  const std::vector<double> x{-1, 0.5, 2};
  OneHiddenLayer networks{Activation::tanh, 7, 2, 0.5, 1, "test"};
  const std::vector<double> phi = networks.outputs(11, x);
  std::vector<float> w(7), b(7), a(7);
  Stream{1, "test: hidden weights"}.normals(11, w);
  Stream{1, "test: hidden biases"}.normals(11, b);
  Stream{1, "test: output weights"}.normals(11, a);
  for (std::size_t p = 0; p < x.size(); ++p) {
    double sum = 0;
    for (std::size_t i = 0; i < 7; ++i)
      sum += a[i] * std::tanh(std::sqrt(2.) * w[i] * x[p] + std::sqrt(0.5) * b[i]);
    BOOST_TEST(std::abs(phi[p] - sum / std::sqrt(7.)) < 1e-5);
  }
  networks.outputs(12, x);
  BOOST_TEST(networks.outputs(11, x) == phi);
}

BOOST_AUTO_TEST_CASE(networks_that_make_no_sense_are_refused) {
  BOOST_CHECK_THROW((OneHiddenLayer{Activation::tanh, 0, 1, 1, 1, "test"}), std::invalid_argument);
  BOOST_CHECK_THROW((OneHiddenLayer{Activation::tanh, 1, -1, 1, 1, "test"}), std::invalid_argument);
  BOOST_CHECK_THROW((OneHiddenLayer{Activation::tanh, 1, 1, NAN, 1, "test"}), std::invalid_argument);
  BOOST_CHECK_THROW((NeuronSum{"gauss", 1, 1}), std::invalid_argument);
  BOOST_CHECK_THROW((NeuronSum{"relu", 0, 1}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(fully_connected_is_what_it_says) {
  Eigen::MatrixXf x(2, 3);
  x << 1, 0.5f, -1, 0, 2, 0.3f;
  FullyConnected network{Activation::sin, 2, 5, 2, 1.6, 0.1, 4, "deep"};
  const Eigen::MatrixXf features = network.features(9, x);
  std::vector<float> w1(10), b1(5), w2(25), b2(5);
  Stream{4, "deep: layer 1 weights"}.normals(9, w1);
  Stream{4, "deep: layer 1 biases"}.normals(9, b1);
  Stream{4, "deep: layer 2 weights"}.normals(9, w2);
  Stream{4, "deep: layer 2 biases"}.normals(9, b2);
  using Map = Eigen::Map<const Eigen::MatrixXf>;
  using Vector = Eigen::Map<const Eigen::VectorXf>;
  const Eigen::MatrixXd in = x.cast<double>();
  Eigen::MatrixXd h = std::sqrt(1.6 / 2) * Map(w1.data(), 5, 2).cast<double>() * in;
  h.colwise() += std::sqrt(0.1) * Vector(b1.data(), 5).cast<double>();
  h = h.array().sin();
  Eigen::MatrixXd z = std::sqrt(1.6 / 5) * Map(w2.data(), 5, 5).cast<double>() * h;
  z.colwise() += std::sqrt(0.1) * Vector(b2.data(), 5).cast<double>();
  BOOST_TEST((features.cast<double>() - z.array().sin().matrix()).cwiseAbs().maxCoeff() < 1e-6);
}

BOOST_AUTO_TEST_SUITE_END()
