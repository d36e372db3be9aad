#include <fieldbook/training/weighted_particles.hpp>

#include <fieldbook/networks/activate_rows.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace fieldbook {

namespace {

template <class Dense>
std::span<double> row(Dense& values) {
  return {values.data(), static_cast<std::size_t>(values.size())};
}

std::span<const double> column(const Eigen::MatrixXd& values, Eigen::Index j) {
  return {values.data() + j * values.rows(), static_cast<std::size_t>(values.rows())};
}

}  // namespace

Neurons Neurons::sampled(Eigen::Index width, Eigen::Index inputs, std::uint64_t seed, const std::string& name,
                         std::uint64_t draw) {
  Neurons neurons{Eigen::VectorXd::Constant(width, 1 / static_cast<double>(width)), Eigen::VectorXd(width),
                  Eigen::VectorXd(width), Eigen::MatrixXd(width, inputs)};
  Stream{seed, name + ": a"}.signs(draw, row(neurons.a));
  Stream{seed, name + ": w"}.normals(draw, row(neurons.w));
  Stream{seed, name + ": b"}.normals(draw, row(neurons.b));
  return neurons;
}

Neurons Neurons::on_a_grid(double spacing, double box) {
  if (!(spacing > 0) || !(spacing <= box)) throw std::invalid_argument{"on_a_grid: needs 0 < spacing <= box"};
  const auto half = static_cast<Eigen::Index>(std::lround(box / spacing)), side = 2 * half + 1;
  const Eigen::Index n = 2 * side * side;
  Neurons neurons{Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::MatrixXd(n, 1)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index node = i / 2;
    const double w = spacing * static_cast<double>(node / side - half);
    const double b = spacing * static_cast<double>(node % side - half);
    neurons.a[i] = i % 2 == 0 ? 1 : -1;
    neurons.w(i, 0) = w;
    neurons.b[i] = b;
    neurons.q[i] = spacing * spacing * std::exp(-(w * w + b * b) / 2) / (4 * std::numbers::pi);
  }
  return neurons;
}

Neurons Neurons::part(Eigen::Index first, Eigen::Index count) const {
  const double rescaled = q.sum() / q.segment(first, count).sum();
  return {q.segment(first, count) * rescaled, a.segment(first, count), b.segment(first, count),
          w.middleRows(first, count)};
}

WeightedParticles::WeightedParticles(Activation activation, double gamma0, const Eigen::MatrixXd& x,
                                     const Eigen::VectorXd& y)
    : activation_{activation}, gamma0_{gamma0}, x_{x}, y_{y} {
  if (x.cols() != y.size() || y.size() == 0)
    throw std::invalid_argument{"WeightedParticles: needs one target a point, and a point"};
  if (!(gamma0 > 0)) throw std::invalid_argument{"WeightedParticles: gamma0 must be positive"};
}

void WeightedParticles::start(const Neurons& neurons) {
  const Eigen::Index n = neurons.q.size();
  if (neurons.a.size() != n || neurons.b.size() != n || neurons.w.rows() != n ||
      neurons.w.cols() != x_.rows())
    throw std::invalid_argument{"WeightedParticles: the shapes of the neurons disagree"};
  neurons_ = neurons;
  features_.resize(n, x_.cols());
  slopes_.resize(n, x_.cols());
  offset_ = Eigen::VectorXd::Zero(x_.cols());
  outputs_.resize(x_.cols());
  evaluate();
  offset_ = outputs_;
  outputs_.setZero();
  residual_ = y_;
}

void WeightedParticles::evaluate() {
  const auto n = static_cast<std::size_t>(neurons_.q.size());
  amplitudes_ = neurons_.q.cwiseProduct(neurons_.a) / gamma0_;
  for (Eigen::Index p = 0; p < x_.cols(); ++p) {
    auto z = features_.col(p);
    z = neurons_.b;
    for (Eigen::Index d = 0; d < x_.rows(); ++d) z += x_(d, p) * neurons_.w.col(d);
    with_activation(activation_, [&](auto sigma) {
      const double* const argument = z.data();
      activate_row_with_slope(sigma, std::span{z.data(), n}, std::span{slopes_.col(p).data(), n},
                              [=](std::size_t i) { return argument[i]; });
    });
    outputs_[p] = dot<double>(row(amplitudes_), column(features_, p)) - offset_[p];
  }
  residual_ = y_ - outputs_;
}

void WeightedParticles::drive(const Eigen::VectorXd& residual, double dt) {
  const double rate = gamma0_ * dt / static_cast<double>(x_.cols());
  // All directions see the amplitudes before the step
  amplitudes_ = neurons_.a;
  for (Eigen::Index p = 0; p < x_.cols(); ++p) {
    const double seen = rate * residual[p];
    push_ = seen * amplitudes_.cwiseProduct(slopes_.col(p));
    neurons_.a += seen * features_.col(p);
    neurons_.b += push_;
    for (Eigen::Index d = 0; d < x_.rows(); ++d) neurons_.w.col(d) += x_(d, p) * push_;
  }
  evaluate();
}

Eigen::MatrixXd WeightedParticles::feature_kernel() const {
  const Eigen::Index points = features_.cols();
  Eigen::MatrixXd kernel(points, points);
  for (Eigen::Index p = 0; p < points; ++p) {
    Eigen::VectorXd weighted = neurons_.q.cwiseProduct(features_.col(p));
    for (Eigen::Index r = 0; r < points; ++r) kernel(p, r) = dot<double>(row(weighted), column(features_, r));
  }
  return kernel;
}

ParticlePath train(WeightedParticles& particles, const Neurons& neurons, double dt, int steps) {
  particles.start(neurons);
  ParticlePath path{Eigen::MatrixXd(particles.outputs().size(), steps + 1),
                    Eigen::VectorXd(steps + 1),
                    particles.feature_kernel(),
                    {}};
  for (int step = 0; step <= steps; ++step) {
    if (step > 0) particles.step(dt);
    path.outputs.col(step) = particles.outputs();
    path.losses[step] = particles.loss();
  }
  path.features_after = particles.feature_kernel();
  return path;
}

}  // namespace fieldbook
