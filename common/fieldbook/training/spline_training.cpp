#include <fieldbook/training/spline_training.hpp>

#include <fmt/format.h>
#include <cmath>

namespace fieldbook {

Samples uniform_samples(std::uint64_t seed, std::uint64_t draw, int inputs, int points,
                        const std::function<double(std::span<const double>)>& function) {
  Samples data{Eigen::MatrixXd(inputs, points), Eigen::VectorXd(points)};
  Stream{seed, "inputs"}.uniforms(draw, {data.x.data(), static_cast<std::size_t>(data.x.size())});
  data.x = 2 * data.x.array() - 1;
  for (int p = 0; p < points; ++p)
    data.y[p] = function({data.x.col(p).data(), static_cast<std::size_t>(inputs)});
  return data;
}

double rms_error(const KolmogorovArnold& network, const Samples& data) {
  return std::sqrt((data.y - network.outputs(data.x)).squaredNorm() / static_cast<double>(data.y.size()));
}

double train(KolmogorovArnold& network, const Samples& data, const LevenbergMarquardt& settings) {
  KolmogorovArnold trial = network;
  KolmogorovArnold::Pass pass;
  Eigen::VectorXd theta = network.parameters();
  const auto linearise = [&](const Eigen::VectorXd& at, NormalEquations& equations) {
    trial.set_parameters(at);
    for (Eigen::Index p = 0; p < data.y.size(); ++p) {
      const double f = trial.linearise(data.x.col(p), pass);
      equations.add(pass.columns, pass.values, data.y[p] - f);
    }
  };
  const auto squared_error = [&](const Eigen::VectorXd& at) {
    trial.set_parameters(at);
    double sum = 0;
    for (Eigen::Index p = 0; p < data.y.size(); ++p) {
      const double r = data.y[p] - trial.output(data.x.col(p), pass);
      sum += r * r;
    }
    return sum;
  };
  const Minimised end = minimise(settings, theta, linearise, squared_error);
  network.set_parameters(theta);
  return std::sqrt(end.squared_error / static_cast<double>(data.y.size()));
}

KolmogorovArnold fitted_to_ranges(const KolmogorovArnold& network, int cells, const Samples& data) {
  auto ranges = network.ranges(data.x);
  for (auto& layer : ranges)
    for (auto& [low, high] : layer) {
      // A node that never moves still needs a grid of some width
      const double width = high - low + 1e-6, margin = width / 50;
      low -= margin;
      high += margin;
    }
  return network.regridded(cells, ranges);
}

KolmogorovArnold trained_start(const std::vector<int>& shape, int cells, bool base, const Stream& stream,
                               std::uint64_t draw, const Samples& data) {
  KolmogorovArnold network{shape, cells, base};
  network.draw(stream, draw);
  for (int round = 0; round < 6; ++round) {
    network = fitted_to_ranges(network, cells, data);
    train(network, data, {25, 1e-2});
  }
  return network;
}

KolmogorovArnold extended(const KolmogorovArnold& network, int cells, const Samples& data) {
  KolmogorovArnold finer = network;
  for (int round = 0; round < 2; ++round) {
    finer = fitted_to_ranges(finer, cells, data);
    train(finer, data, {40, 1e-4});
  }
  return finer;
}

double spread(const Samples& data) { return std::sqrt((data.y.array() - data.y.mean()).square().mean()); }

std::string diagnosis(const KolmogorovArnold& network, const Samples& data, double accepted) {
  const double error = rms_error(network, data);
  if (!std::isfinite(error))
    return "the error of the network is not finite: look for inputs where the target is not, or scale it";
  if (error <= accepted * spread(data)) return "";
  const auto ranges = network.ranges(data.x);
  for (int layer = 1; layer < network.layers(); ++layer)
    for (const auto& [low, high] : ranges[layer])
      if (high - low < 1e-4)
        return fmt::format("a node of layer {} is dead, no datum moves it: try another seed or more starts",
                           layer);
  return fmt::format(
      "the best start is stuck at {:.2g} of the spread of the data: try more starts, more cells, another "
      "seed "
      "or another shape",
      error / spread(data));
}

std::string diagnosis(const Samples& data, const std::vector<int>& shape, int cells) {
  if (!data.x.allFinite() || !data.y.allFinite()) return "finite numbers only";
  const auto parameters = KolmogorovArnold{shape, cells}.parameters().size();
  if (data.y.size() < 2 * parameters)
    return fmt::format("at least {} points, two for each of the {} coefficients", 2 * parameters, parameters);
  if (data.y.maxCoeff() - data.y.minCoeff() < 1e-12 * (1 + data.y.cwiseAbs().maxCoeff()))
    return "a target that is not constant";
  return "";
}

}  // namespace fieldbook
