#include <fieldbook/exercise/check.hpp>

#include <fieldbook/networks/activate.hpp>
#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

using namespace fieldbook;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double most = 25000, accuracy = 1e-10;

/// f at the data after every step, P x steps, of a network of weighted neurons.
MatrixXd trained(const Flow& flow, const std::vector<Neuron>& neurons) {
  const auto count = static_cast<Index>(neurons.size()), points = flow.x.size();
  VectorXd a(count), w(count), b(count), q(count);
  for (Index i = 0; i < count; ++i) {
    const Neuron& neuron = neurons[static_cast<std::size_t>(i)];
    a[i] = neuron.a, w[i] = neuron.w, b[i] = neuron.b, q[i] = neuron.probability;
  }
  // Some neurons at a time, so that they stay in the cache
  constexpr Index batch = 512;
  MatrixXd values(count, points), slopes(count, points), result(points, flow.steps + 1);
  const double rate = flow.gamma0 * flow.dt / static_cast<double>(points);
  for (int step = 0; step <= flow.steps; ++step) {
    VectorXd f = VectorXd::Zero(points);
    for (Index first = 0; first < count; first += batch) {
      const Index n = std::min(batch, count - first);
      for (Index p = 0; p < points; ++p) {
        auto value = values.col(p).segment(first, n);
        value = flow.x[p] * w.segment(first, n) + b.segment(first, n);
        activate_with_slope(Activation::erf, std::span{value.data(), static_cast<std::size_t>(n)},
                            std::span{slopes.col(p).data() + first, static_cast<std::size_t>(n)});
        f[p] +=
            (q.segment(first, n).array() * a.segment(first, n).array() * value.array()).sum() / flow.gamma0;
      }
    }
    result.col(step) = f;
    if (step == flow.steps) break;
    const VectorXd push = rate * (flow.y - f);
    const VectorXd on_b = a.cwiseProduct(slopes * push),
                   on_w = a.cwiseProduct(slopes * push.cwiseProduct(flow.x));
    a += values * push;
    w += on_w;
    b += on_b;
  }
  return result;
}

/// A uniform grid of step h on the disc of radius 8, outside of which there are 1e-14 of all neurons: the trapezoidal rule.
std::vector<Neuron> grid(double h) {
  std::vector<Neuron> neurons;
  const int side = static_cast<int>(8 / h);
  for (int i = -side; i <= side; ++i)
    for (int j = -side; j <= side; ++j) {
      const double square = (i * i + j * j) * h * h;
      if (square < 64) neurons.push_back({1, i * h, j * h, h * h * std::exp(-square / 2) / (2 * M_PI)});
    }
  return neurons;
}

/// Returns f at the data after the last step.
VectorXd expect(Check& check, const std::string& name, const Flow& flow) {
  const std::vector<Neuron> neurons = few_neurons(flow);
  const auto count = static_cast<double>(neurons.size());
  check.expect(fmt::format("{}: neurons beyond {}", name, most), std::max(0., count - most), 0, 0,
               "Where does the flow need them, and which of them are alike?");
  double total = 0;
  for (const Neuron& neuron : neurons) total += neuron.probability;
  check.expect(name + ": sum of the probabilities", total, 1, accuracy, "Is the tail there?");
  const MatrixXd got = trained(flow, neurons), expected = trained(flow, grid(0.025));
  for (const int step : {0, 1, flow.steps / 4, flow.steps / 2, flow.steps})
    for (Index p = 0; p < flow.x.size(); ++p)
      check.expect(
          fmt::format("{}: f({:.3f}) after {} steps, with {} neurons, less its {:.10f} at infinite width, in "
                      "units of {}",
                      name, flow.x[p], step, count, expected(p, step), accuracy),
          (got(p, step) - expected(p, step)) / accuracy, 0, 1,
          step == 0 ? "Before any step f is zero by symmetry, and the rule must keep that."
                    : "Where in the plane (w, b) do neighbours part?");
  return got.rightCols(1);
}

/// Random inputs in [-1, 1] and targets sin 2x + noise.
Flow random_flow(std::uint64_t number) {
  std::vector<double> u(6), noise(5);
  Stream{1, "exercise: sharp flow, inputs"}.uniforms(number, u);
  Stream{1, "exercise: sharp flow, targets"}.normals(number, noise);
  Flow flow{1 + u[5], VectorXd(5), VectorXd(5), 0.2, 60};
  for (Index p = 0; p < 5; ++p) {
    const auto i = static_cast<std::size_t>(p);
    flow.x[p] = -1 + 0.4 * (static_cast<double>(p) + u[i]);
    flow.y[p] = std::sin(2 * flow.x[p]) + 0.3 * noise[i];
  }
  return flow;
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    Flow page{2, VectorXd(5), VectorXd(5), 0.2, 60};
    page.x << -1, -0.5, 0.1, 0.5, 1;
    page.y = (2 * page.x).array().sin();
    // From a grid four times finer still
    const double known[] = {-0.93628992182834, -0.81338610132078, 0.20402216380542, 0.80260192749367,
                            0.93964698233666};
    const VectorXd end = expect(check, "gamma0 = 2", page);
    for (Index p = 0; p < 5; ++p)
      check.expect(fmt::format("gamma0 = 2: f({}) at t = 12", page.x[p]), end[p], known[p], accuracy);
    for (std::uint64_t number = 0; number < 2; ++number) {
      const Flow flow = random_flow(number);
      expect(check, fmt::format("random data {}, gamma0 = {:.3f}", number, flow.gamma0), flow);
    }
  });
}
