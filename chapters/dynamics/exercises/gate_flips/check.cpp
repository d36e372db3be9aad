#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/circle_data.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct Setting {
  std::string name;
  MatrixXd inputs;
  VectorXd y;
  double weight_variance, bias_variance, rate;

  /// z = directions (w, b), one row a point; K is their Gram matrix.
  MatrixXd directions() const {
    MatrixXd result(inputs.rows(), 3);
    result << std::sqrt(weight_variance / 2) * inputs,
        VectorXd::Constant(inputs.rows(), std::sqrt(bias_variance));
    return result;
  }
  double answer() const { return gate_flip_mean(inputs, y, weight_variance, bias_variance, rate); }
};

Setting of_the_chapter(double bias_variance, double rate) {
  const CircleData data = CircleData::eight();
  return {
      fmt::format("the eight points of the chapter, bias variance {}, eta/P = {:.4f}", bias_variance, rate),
      data.inputs(),
      data.targets(),
      2,
      bias_variance,
      rate};
}

/// One point in each of 3 ... 6 arcs of the circle, with normal targets.
Setting random_setting(std::uint64_t number) {
  const std::size_t points = 3 + number % 4;
  std::vector<double> u(points + 3), y(points), angles;
  Stream{1, "exercise: angles"}.uniforms(number, u);
  Stream{1, "exercise: targets"}.normals(number, y);
  for (std::size_t i = 0; i < points; ++i)
    angles.push_back(2 * std::numbers::pi * (static_cast<double>(i) + 0.8 * u[i]) /
                     static_cast<double>(points));
  return {fmt::format("{} random points", points),
          inputs_on_circle(angles),
          Eigen::Map<VectorXd>{y.data(), static_cast<Index>(points)},
          1 + u[points],
          u[points + 1],
          0.1 * u[points + 2]};
}

/// Counts flips in networks of width 10^8. The residuals of such networks are Gaussian; of their neurons only those matter whose z at a
/// point is smaller than the largest motion. These are drawn alone, at four places and with both signs of the readout, and large
/// readouts more often than small ones; each counts with its probability.
Estimate counted(const Setting& setting, std::uint64_t draws) {
  const Index points = setting.y.size();
  const double weights = setting.weight_variance, push = setting.rate * std::sqrt(weights / 1e8);
  const TangentKernel limit =
      tangent_kernel({Activation::relu, weights, setting.bias_variance}, 1, setting.inputs);
  const MatrixXd factor = limit.nngp.llt().matrixL(), directions = setting.directions(),
                 kernel = directions * directions.transpose();
  const Stream outputs{1, "exercise: outputs"}, neurons{1, "exercise: neurons"}, sizes{1, "exercise: sizes"},
      places{1, "exercise: places"};
  VectorXd normals(points);
  Averages changes{1};
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    Eigen::Vector3d neuron;  // w and b
    double size[2], place;
    outputs.normals(draw, {normals.data(), static_cast<std::size_t>(points)});
    neurons.normals(draw, {neuron.data(), 3});
    sizes.exponentials(draw, size);
    places.uniforms(draw, {&place, 1});
    const VectorXd residuals = setting.y - factor * normals;
    // |v| with the density v^3 e^{-v^2/2} / 2 in place of sqrt(2/pi) e^{-v^2/2}
    const double readout = std::sqrt(2 * (size[0] + size[1]));
    const double excess = 2 * std::sqrt(2 / std::numbers::pi) / std::pow(readout, 3);
    double change = 0;
    for (Index p = 0; p < points; ++p) {
      const double variance = kernel(p, p);
      const VectorXd on_the_boundary =
          directions * neuron - kernel.col(p) * (directions.row(p).dot(neuron) / variance);
      const double reach = push * readout * kernel.col(p).cwiseAbs().dot(residuals.cwiseAbs());
      for (const double v : {-readout, readout})
        for (int i = 0; i < 4; ++i) {
          const double before = reach * (2 * (i + place) / 4 - 1);
          const double probability = 2 * reach * std::exp(-before * before / (2 * variance)) /
                                     std::sqrt(2 * std::numbers::pi * variance);
          double after = before;
          for (Index q = 0; q < points; ++q)
            if (q == p ? before > 0 : on_the_boundary[q] + kernel(p, q) * before / variance > 0)
              after += push * v * residuals[q] * kernel(p, q);
          const int flip = (after > 0) - (before > 0);
          change += flip * excess * probability / 8 * weights * v * v * variance;  // N neurons, 1/N each
        }
    }
    changes.add(VectorXd::Constant(1, std::sqrt(1e8) * change / limit.ntk.trace()));
  }
  return changes.mean(0);
}

/// tr Theta of a network of one hidden layer, less the part of the last bias, which no step changes. z: P x N; variances: K_pp.
double trace(const MatrixXd& z, const VectorXd& readout, const VectorXd& variances, double weight_variance) {
  double sum = 0;
  for (Index i = 0; i < z.cols(); ++i)
    for (Index p = 0; p < z.rows(); ++p)
      if (z(p, i) > 0) sum += z(p, i) * z(p, i) + readout[i] * readout[i] * variances[p];
  return weight_variance * sum / static_cast<double>(z.cols());
}

/// sqrt N <change of tr Theta> / tr Theta over real networks that are trained for a step.
Estimate trained(const Setting& setting, Index width, std::uint64_t networks) {
  const MatrixXd directions = setting.directions();
  const VectorXd variances = directions.rowwise().squaredNorm();
  const double weights = setting.weight_variance,
               multiplier = std::sqrt(weights / static_cast<double>(width));
  const double limit =
      tangent_kernel({Activation::relu, weights, setting.bias_variance}, 1, setting.inputs).ntk.trace();
  const Stream first{1, "exercise: first layers"}, last{1, "exercise: last layers"};
  MatrixXd neurons(3, width);   // w and b
  VectorXd readout(width + 1);  // v and the last bias
  Averages changes{1};
  for (std::uint64_t n = 0; n < networks; ++n) {
    first.normals(n, {neurons.data(), static_cast<std::size_t>(3 * width)});
    last.normals(n, {readout.data(), static_cast<std::size_t>(width + 1)});
    VectorXd v = readout.head(width);
    const MatrixXd z = directions * neurons, active = z.cwiseMax(0), open = (z.array() > 0).cast<double>();
    const VectorXd outputs =
        (multiplier * active * v).array() + std::sqrt(setting.bias_variance) * readout[width];
    const VectorXd push = setting.rate * multiplier * (setting.y - outputs);
    const double before = trace(z, v, variances, weights);
    neurons += directions.transpose() * push.asDiagonal() * open * v.asDiagonal();
    v += active.transpose() * push;
    const double after = trace(directions * neurons, v, variances, weights);
    changes.add(VectorXd::Constant(1, std::sqrt(static_cast<double>(width)) * (after - before) / limit));
  }
  return changes.mean(0);
}

void expect_counted(Check& check, const Setting& setting) {
  const double got = setting.answer();
  const Estimate flips = counted(setting, 200000);
  check.expect(fmt::format("B for {}, to 0.0005 and five standard errors of {:.5f}", setting.name,
                           flips.standard_error),
               got, flips.value, 0.0005 + 5 * flips.standard_error,
               "Which neurons cross zero, in which direction, and what does each change?");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const Setting page = of_the_chapter(0.1, 1 / 24.);
    check.expect("B for " + page.name, page.answer(), -0.0265, 0.0005,
                 "Which neurons cross zero, in which direction, and what does each change?");
    expect_counted(check, page);
    expect_counted(check, of_the_chapter(0.5, 1 / 24.));
    expect_counted(check, of_the_chapter(0, 1 / 16.));
    for (std::uint64_t number = 0; number < 4; ++number) expect_counted(check, random_setting(number));

    // The next order is 1/sqrt N smaller: two widths remove it
    const double got = page.answer();
    const Estimate narrow = trained(page, 4096, 400), wide = trained(page, 16384, 800);
    const double error = std::hypot(narrow.standard_error, 2 * wide.standard_error);
    check.expect(
        fmt::format("B for networks trained for a step, from widths 4096 and 16384, to five standard "
                    "errors of {:.4f}",
                    error),
        got, 2 * wide.value - narrow.value, 5 * error);
  });
}
