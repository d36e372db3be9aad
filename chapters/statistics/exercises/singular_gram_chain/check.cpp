#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>
#include <numbers>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;

namespace {

constexpr int inputs = 5, width = 2, layers = 3, chains = 100000;

/// Five points in the plane, the last two of them equal; variances from 0.5 to 2.
MatrixXd first_gram() {
  MatrixXd x(inputs, 2);
  x << 1, 0, 0.6, 0.8, -0.5, 1.2, 0.5, -0.5, 0.5, -0.5;
  return x * x.transpose();
}

/// <max(u,0) max(v,0)> 2 of Cho and Saul (2009).
double relu_kernel(double a, double b, double c) {
  const double angle = std::acos(c / std::sqrt(a * b));
  return std::sqrt(a * b) * (std::sin(angle) + (std::numbers::pi - angle) * std::cos(angle)) /
         std::numbers::pi;
}

MatrixXd normals(std::uint64_t chain, int layer) {
  std::vector<double> values(width * inputs);
  Stream{1, fmt::format("exercise: layer {}", layer)}.normals(chain, values);
  return Eigen::Map<const MatrixXd>{values.data(), width, inputs};
}

/// Mean and square of the Gram matrices one layer after `gram`.
struct NextLayer {
  MatrixXd mean = MatrixXd::Zero(inputs, inputs), square = mean;

  explicit NextLayer(const MatrixXd& gram) {
    for (std::uint64_t chain = 0; chain < chains; ++chain) {
      const MatrixXd next = next_gram(gram, normals(chain, 1));
      mean += next / chains;
      square += next.cwiseAbs2() / chains;
    }
  }
  double deviation_from(double expected, int a, int b) const {
    return (mean(a, b) - expected) / std::sqrt((square(a, b) - mean(a, b) * mean(a, b)) / chains);
  }
};

}  // namespace

int main() {
  return check_answer([](Check& check) {
    // Dead neurons stay dead, and equal inputs stay equal: a zero eigenvalue may come out as some 1e-16, whose root moves z by
    // some 1e-8 times a normal number, and this over 3e5 layers with normals up to five comes to 1e-5
    const MatrixXd dead = next_gram(MatrixXd::Zero(inputs, inputs), normals(0, 1));
    check.expect("the largest entry after a layer of dead neurons", dead.cwiseAbs().maxCoeff(), 0, 1e-12);
    double apart = 0;
    for (std::uint64_t chain = 0; chain < chains; ++chain) {
      MatrixXd gram = first_gram();
      for (int layer = 1; layer <= layers; ++layer) {
        const double largest = gram.diagonal().maxCoeff();
        gram = next_gram(gram, normals(chain, layer));
        const double difference = std::abs(gram(3, 3) - gram(4, 4));
        if (!(difference <= apart * largest)) apart = difference / largest;
        if (gram.isZero(0)) break;
      }
    }
    check.expect("how much two equal inputs differ in three layers, in units of the largest variance", apart,
                 0, 1e-4, "Is every entry a number, also where there are more inputs than neurons?");

    // Means after one layer from a Gram matrix of rank two
    const MatrixXd first = first_gram();
    const NextLayer next{first};
    for (int a = 0; a < inputs; ++a) {
      check.expect(fmt::format("<G'_{}{}> less G_{}{}, in standard errors", a, a, a, a),
                   next.deviation_from(first(a, a), a, a), 0, 5,
                   "The diagonal of a ReLU chain with weight variance 2 keeps its mean at every width.");
      for (int b = 0; b < a; ++b)
        if (a + b < 7)  // all but the equal pair
          check.expect(fmt::format("<G'_{}{}> less the kernel of Cho and Saul, in standard errors", a, b),
                       next.deviation_from(relu_kernel(first(a, a), first(b, b), first(a, b)), a, b), 0, 5,
                       "Do the rows of your z have the covariance G?");
    }

    // One neuron alone leaves a matrix of rank one, here with a dead input
    const Eigen::Vector<double, inputs> one{1, 0.5, 0, 2, 2};
    const MatrixXd rank_one = one * one.transpose();
    const NextLayer after{rank_one};
    for (const int a : {0, 1, 3, 4})
      check.expect(
          fmt::format("<G'_{}{}> less G_{}{} where one neuron is alive, in standard errors", a, a, a, a),
          after.deviation_from(rank_one(a, a), a, a), 0, 5);
    check.expect("the largest variance of the dead input", after.mean(2, 2), 0, 1e-12);
  });
}
