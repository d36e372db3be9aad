// Prints one hash for each family of numbers that must have the same bits with any compiler and instruction set: draws,
// activations, outputs of networks, Gram chains.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/ensembles/n_point_functions.hpp>
#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/fully_connected.hpp>
#include <fieldbook/networks/neuron_sum.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/random/stream.hpp>

#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

using namespace fieldbook;

namespace {

/// FNV-1a over bytes.
class Hash {
 public:
  template <class Number>
  void add(const std::vector<Number>& numbers) {
    for (const Number number : numbers) {
      unsigned char bytes[sizeof(Number)];
      std::memcpy(bytes, &number, sizeof(Number));
      for (const unsigned char byte : bytes) state_ = (state_ ^ byte) * 1099511628211u;
    }
  }
  void print(const char* what) const {
    std::printf("%s %016llx\n", what, static_cast<unsigned long long>(state_));
  }

 private:
  std::uint64_t state_ = 14695981039346656037u;
};

template <class Real>
void print_draws(const char* what) {
  Hash hash;
  std::vector<Real> x(1001);
  for (std::uint64_t draw = 0; draw < 50; ++draw) {
    const Stream stream{draw, "bits"};
    stream.uniforms(draw, x);
    hash.add(x);
    stream.normals(draw, x);
    hash.add(x);
    stream.exponentials(draw, x);
    hash.add(x);
    stream.cauchys(draw, x);
    hash.add(x);
    stream.signs(draw, x);
    hash.add(x);
  }
  hash.print(what);
}

void print_activations() {
  std::vector<float> z;
  for (float x = 1e-6f; x < 1e4f; x *= 1.01f) {
    z.push_back(x);
    z.push_back(-x);
  }
  for (const float x : {0.f, -0.f, 1e30f, -1e30f, std::numeric_limits<float>::denorm_min()}) z.push_back(x);
  Hash hash;
  for (const Activation activation : all_activations()) {
    std::vector<float> values = z;
    activate(activation, values);
    hash.add(values);
  }
  hash.print("activations");
}

void print_networks() {
  Hash hash;
  const std::vector<double> x{-1.5, -0.6, 0.3, 1.2};
  for (const Activation activation : all_activations()) {
    OneHiddenLayer one{activation, 37, 2, 0.5, 1, "bits"};
    FullyConnected deep{activation, 3, 19, 2, 1.6, 0.1, 1, "bits"};
    const Eigen::MatrixXf points = Eigen::MatrixXf::Constant(3, 2, 0.7f);
    for (std::uint64_t draw = 0; draw < 20; ++draw) {
      hash.add(one.outputs(draw, x));
      const Eigen::MatrixXf features = deep.features(draw, points);
      hash.add(std::vector<float>(features.data(), features.data() + features.size()));
    }
  }
  const Eigen::MatrixXd in_space = Eigen::MatrixXd::Constant(3, 2, 0.7);
  for (const FeatureLaw& law :
       {FeatureLaw{GaussFeatures{0.3}}, FeatureLaw{CosFeatures{2}}, FeatureLaw{ScalarFeatures{1, 9}}}) {
    RandomFeatures single{law, 3, 21, 1, "bits"};
    RandomFeatures<double> precise{law, 3, 21, 1, "bits"};
    for (std::uint64_t draw = 0; draw < 20; ++draw) {
      hash.add(single.outputs(draw, in_space));
      hash.add(precise.outputs(draw, in_space));
    }
  }
  for (const char* law : {"linear", "relu", "skew", "cauchy"}) {
    NeuronSum sum{law, 23, 1};
    for (std::uint64_t draw = 0; draw < 50; ++draw) hash.add(std::vector{sum(draw)});
  }
  hash.print("networks");
}

void print_gram_chains() {
  GramChain::Matrix first(3, 3);
  first << 0.6, 0.4, 0.1, 0.4, 0.6, 0.2, 0.1, 0.2, 0.8;
  Hash hash;
  for (const Activation activation : {Activation::relu, Activation::erf}) {
    GramChain chain{activation, 17, 1.6, 0.1, 3, first, 1, "bits"};
    for (std::uint64_t draw = 0; draw < 200; ++draw)
      for (const auto& gram : chain.sample(draw))
        hash.add(std::vector<double>(gram.data(), gram.data() + gram.size()));
  }
  hash.print("gram_chains");
}

void print_moments() {
  std::vector<double> x(5000);
  Stream{1, "bits"}.exponentials(0, x);
  CentralMoments moments;
  moments.add(std::span<const double>{x}.first(1234));
  moments.add(std::span<const double>{x}.subspan(1234));
  Hash hash;
  for (int r = 2; r <= 8; ++r) hash.add(std::vector{k_statistic(r, moments)});
  hash.print("k_statistics");
}

void print_n_point_functions() {
  NPointFunctions four{11, all_indices(11, 4)};
  Averages averages{11};
  std::vector<double> phi(11 * 100);
  Stream{1, "bits"}.normals(0, phi);
  four.add(phi);
  for (Eigen::Index n = 0; n < 100; ++n)
    averages.add(Eigen::Map<const Eigen::VectorXd>{phi.data() + 11 * n, 11});
  Hash hash;
  for (std::size_t i = 0; i < four.size(); ++i) hash.add(std::vector{four.mean(i)});
  const Eigen::MatrixXd covariance = averages.covariance();
  hash.add(std::vector<double>(covariance.data(), covariance.data() + covariance.size()));
  hash.print("n_point_functions");
}

}  // namespace

int main() {
  print_draws<float>("draws_in_float");
  print_draws<double>("draws_in_double");
  print_activations();
  print_networks();
  print_gram_chains();
  print_moments();
  print_n_point_functions();
}
