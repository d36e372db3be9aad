#pragma once

#include <fieldbook/networks/kolmogorov_arnold.hpp>
#include <fieldbook/numerics/levenberg_marquardt.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fieldbook {

/// Data for a network: inputs n_0 x P, one a column, each in [-1, 1], and P targets.
struct Samples {
  Eigen::MatrixXd x;
  Eigen::VectorXd y;
};

/// Exact values of a function at `points` random places, uniform in [-1, 1]^inputs: draw number `draw` of the stream "inputs".
Samples uniform_samples(std::uint64_t seed, std::uint64_t draw, int inputs, int points,
                        const std::function<double(std::span<const double>)>& function);

/// The root mean square of y - f over the samples.
double rms_error(const KolmogorovArnold& network, const Samples& data);

/// The standard deviation of the targets.
double spread(const Samples& data);

/// Trains all coefficients by Levenberg-Marquardt; returns the root mean square error on the data.
double train(KolmogorovArnold& network, const Samples& data, const LevenbergMarquardt& settings);

/// The same functions on `cells` cells, where every hidden grid now covers the values that its node takes on the data, with a margin of a
/// fiftieth on both sides.
KolmogorovArnold fitted_to_ranges(const KolmogorovArnold& network, int cells, const Samples& data);

/// A start: network number `draw` of the stream, trained in six rounds of fitting its grids and 25 steps. Returns a network whose error is
/// not finite, or large, where the start was a bad one.
KolmogorovArnold trained_start(const std::vector<int>& shape, int cells, bool base, const Stream& stream,
                               std::uint64_t draw, const Samples& data);

/// Grid extension: refits every edge on `cells` cells, trains, fits the grids to their ranges once more, and trains again.
KolmogorovArnold extended(const KolmogorovArnold& network, int cells, const Samples& data);

/// What is wrong with a trained network, in a sentence that says what to try; empty if nothing is. A network has learned if its error is at
/// most `accepted` times the standard deviation of the targets.
std::string diagnosis(const KolmogorovArnold& network, const Samples& data, double accepted);

/// What is wrong with the data of a network of this shape and grid, before any training; empty if nothing is.
std::string diagnosis(const Samples& data, const std::vector<int>& shape, int cells);

}  // namespace fieldbook
