#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace fieldbook {

/// Two classes of data on a line, p_0 = w N(m, variance) + (1 - w) N(-m, variance), under noise dx = -x dt + sqrt 2 dB.
struct TwoClasses {
  double m, variance, w = 0.5;  ///< 0 < w < 1

  /// m e^-t and Gamma_t = variance e^-2t + 1 - e^-2t: at time t the classes are N(+-mean, spread).
  double mean(double t) const { return m * std::exp(-t); }
  double spread(double t) const { return 1 - (1 - variance) * std::exp(-2 * t); }

  /// 2 P(upper class | x at time t) - 1 = tanh(mean x / spread + bias), bias = log(w/(1 - w))/2.
  double bias() const { return std::log(w / (1 - w)) / 2; }
  double decision(double x, double t) const { return std::tanh(mean(t) * x / spread(t) + bias()); }

  /// d log p_t / dx = (mean decision - x) / spread.
  double score(double x, double t) const { return (mean(t) * decision(x, t) - x) / spread(t); }

  /// p_t(x).
  double density(double x, double t) const;
};

/// The way back from the time `start` to 0 in `steps` steps that become shorter, t_i = start (1 - i/steps)^2.
struct WayBack {
  double start;
  int steps;

  double time(int i) const { return start * std::pow(1 - static_cast<double>(i) / steps, 2); }
};

/// Step number i of the way back (Euler and Maruyama): y += dt (y + 2 score(y)) + sqrt(2 dt) noise, dt = t_i - t_{i+1}, for many samples at a
/// time. `noise` is of N(0, 1), as long as y.
void step_back(const TwoClasses& classes, const WayBack& way, int i,
               const Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>& noise,
               Eigen::VectorXd& y);

/// All steps; `noise` has one row a step and one column a sample. Calls observe(i, y) after step number i - 1.
template <class Observe>
void draw_back(const TwoClasses& classes, const WayBack& way, const Eigen::Ref<const Eigen::MatrixXd>& noise,
               Eigen::VectorXd& y, Observe observe) {
  for (int i = 0; i < way.steps; ++i) {
    step_back(classes, way, i, noise.row(i), y);
    observe(i + 1, y);
  }
}
inline void draw_back(const TwoClasses& classes, const WayBack& way,
                      const Eigen::Ref<const Eigen::MatrixXd>& noise, Eigen::VectorXd& y) {
  draw_back(classes, way, noise, y, [](int, const Eigen::VectorXd&) {});
}

/// Calls use(first, noise) for the draws of a block, up to 64 at a time from number `first` on: column k of `noise`, of `rows` entries of
/// N(0, 1), is draw number first + k of the stream.
template <class Use>
void in_batches(const Stream& stream, Block block, Eigen::Index rows, Use use) {
  constexpr std::uint64_t batch = 64;
  for (std::uint64_t first = block.first; first < block.last; first += batch) {
    Eigen::MatrixXd noise(rows, static_cast<Eigen::Index>(std::min(batch, block.last - first)));
    for (Eigen::Index k = 0; k < noise.cols(); ++k)
      stream.normals(first + static_cast<std::uint64_t>(k),
                     std::span<double>{noise.col(k).data(), static_cast<std::size_t>(rows)});
    use(first, noise);
  }
}

}  // namespace fieldbook
