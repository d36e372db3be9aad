#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/numerics/gaussian_average.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <Eigen/Core>
#include <vector>

using namespace fieldbook;
using Eigen::VectorXd;

namespace {

double leaky(double z, double leak) { return z > 0 ? z : leak * z; }
double slope(double z, double leak) { return z > 0 ? 1 : leak; }

/// One layer is a mean of N independent terms X = s_w^2 (sigma(z)^2 + v^2 sigma'(z)^2) at <z^2> = 1, v ~ N(0, 1): Var X / <X>^2.
double one_layer_by_quadrature(double leak) {
  const auto over_readout = [&](double z, int power) {
    return gaussian_average(
        [&](double v) {
          return std::pow(std::pow(leaky(z, leak), 2) + std::pow(v * slope(z, leak), 2), power);
        },
        1);
  };
  const double mean = gaussian_average([&](double z) { return over_readout(z, 1); }, 1);
  const double square = gaussian_average([&](double z) { return over_readout(z, 2); }, 1);
  return square / (mean * mean) - 1;
}

/// The tangent kernels of whole networks, drawn in a number of normals that is linear in the width: the weights between two layers are
/// needed only where they act, on a = sigma(z) going forward and on delta coming back. W a is Gaussian, and given it,
/// W^T delta = a (Wa . delta)/|a|^2 + |delta| g, g a standard Gaussian orthogonal to a. Exact in law at every width.
class Networks {
 public:
  Networks(int depth, int width, double leak)
      : depth_{depth}, width_{width}, leak_{leak}, normals_(2 * width * depth) {}

  double tangent_kernel(std::uint64_t draw) {
    numbers_.normals(draw, normals_);
    const double scale = std::sqrt(2 / (1 + leak_ * leak_) / width_);
    // Forward, from |z^1| = N(0, 1) in every neuron
    std::vector<VectorXd> z, a;
    for (int l = 0; l < depth_; ++l) {
      z.push_back(row(l) * (l == 0 ? 1 : scale * a.back().norm()));
      a.push_back(z.back().unaryExpr([&](double value) { return leaky(value, leak_); }));
    }
    // The last layer, then back: the squared norm that enters a layer times the squared norm of df/dz that leaves it
    double theta = scale * scale * a.back().squaredNorm();
    VectorXd back = scale * row(depth_);
    for (int l = depth_ - 1; l >= 0; --l) {
      const VectorXd delta =
          back.cwiseProduct(z[l].unaryExpr([&](double value) { return slope(value, leak_); }));
      theta += (l == 0 ? 1 : scale * scale * a[l - 1].squaredNorm()) * delta.squaredNorm();
      if (l == 0) break;
      const VectorXd& below = a[l - 1];
      VectorXd g = row(depth_ + l);
      g -= below * (below.dot(g) / below.squaredNorm());
      back = below * (z[l].dot(delta) / below.squaredNorm()) + scale * delta.norm() * g;
    }
    return theta;
  }

 private:
  Eigen::Map<const VectorXd> row(int i) const {
    return {normals_.data() + i * width_, static_cast<Eigen::Index>(width_)};
  }

  int depth_, width_;
  double leak_;
  Stream numbers_{1, "exercise: networks"};
  std::vector<double> normals_;
};

/// N times the relative variance of the sampled kernels.
Estimate sampled_coefficient(int depth, int width, double leak, std::uint64_t draws) {
  Networks networks{depth, width, leak};
  const double mean = depth + 1;  // in units of the mean of one term, which is s_w^2 / s_w^2 = 1
  std::vector<double> kernels;
  for (std::uint64_t draw = 0; draw < draws; ++draw) kernels.push_back(networks.tangent_kernel(draw) / mean);
  CentralMoments moments;
  moments.add(kernels);
  return variance_estimate(moments).times(width);
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const double relu[] = {3, 58. / 9, 10, 68. / 5, 155. / 9, 146. / 7};
    for (int depth = 1; depth <= 6; ++depth)
      check.expect(fmt::format("ReLU (leak 0), {} hidden layers", depth), fluctuation_coefficient(depth, 0),
                   relu[depth - 1], 1e-12,
                   depth == 1 ? "One term is f_1, the other is b_1: variances of 5, a covariance of 1."
                              : "For every pair of terms: how many layers have ff or bb, how many fb?");
    std::vector<double> leaks(9);
    Stream{1, "exercise: leaks"}.uniforms(0, leaks);
    for (const double leak : leaks)
      check.expect(fmt::format("leak {:.3f}, one hidden layer", leak), fluctuation_coefficient(1, leak),
                   one_layer_by_quadrature(leak), 1e-9,
                   "Which moments of the slope stand in the variance of f and in the covariance with b?");
    constexpr int width = 1024, networks = 30000;
    for (const int depth : {2, 3, 4}) {
      const double leak = leaks[static_cast<std::size_t>(depth)];
      const double got = fluctuation_coefficient(depth, leak);
      const Estimate sampled = sampled_coefficient(depth, width, leak, networks);
      // What is of order 1/N^2 is below 2% at this width
      check.expect(
          fmt::format("leak {:.3f}, {} hidden layers, {} networks of width {}, to 2% and five standard "
                      "errors of {:.3f}",
                      leak, depth, networks, width, sampled.standard_error),
          got, sampled.value, 0.02 + 5 * sampled.standard_error / std::max(1., sampled.value),
          "It was right for one layer: how do the terms of the sum overlap?");
    }
  });
}
