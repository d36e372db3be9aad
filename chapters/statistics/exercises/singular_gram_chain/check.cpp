#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <cmath>
#include <limits>
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

/// Dead neurons stay dead, equal inputs stay equal, and all stays finite in chains of several layers.
void check_survival(Check& check) {
  const MatrixXd dead = next_gram(MatrixXd::Zero(inputs, inputs), normals(0, 1));
  check.expect("the largest entry after a layer of dead neurons", dead.cwiseAbs().maxCoeff(), 0, 1e-12);

  double apart = 0;
  for (std::uint64_t chain = 0; chain < chains && std::isfinite(apart); ++chain) {
    MatrixXd gram = first_gram();
    for (int layer = 1; layer <= layers && !gram.isZero(0) && std::isfinite(apart); ++layer) {
      const double largest = gram.diagonal().maxCoeff();
      gram = next_gram(gram, normals(chain, layer));
      const double difference = std::abs(gram(3, 3) - gram(4, 4)) / largest;
      apart = gram.allFinite() ? std::max(apart, difference) : std::numeric_limits<double>::quiet_NaN();
      // What rounding has put between the two inputs is not handed on: a next layer may be of a smaller scale
      gram.row(4) = gram.row(3);
      gram.col(4) = gram.col(3);
    }
  }
  // The root of a rounding error, some 1e-8, times the square of the largest normal number
  check.expect("how much two equal inputs differ after a layer, in units of the largest variance", apart, 0,
               1e-6, "Is every entry a number, also where there are more inputs than neurons?");
}

/// Means after one layer, from a Gram matrix of rank two.
void check_means(Check& check) {
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
}

/// One neuron alone leaves a matrix of rank one, here with a dead input.
void check_one_neuron(Check& check) {
  const Eigen::Vector<double, inputs> one{1, 0.5, 0, 2, 2};
  const MatrixXd gram = one * one.transpose();
  const NextLayer next{gram};
  for (const int a : {0, 1, 3, 4})
    check.expect(
        fmt::format("<G'_{}{}> less G_{}{} where one neuron is alive, in standard errors", a, a, a, a),
        next.deviation_from(gram(a, a), a, a), 0, 5);
  check.expect("the largest variance of the dead input", next.mean(2, 2), 0, 1e-12);
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    check_survival(check);
    check_means(check);
    check_one_neuron(check);
  });
}
