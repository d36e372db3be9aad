#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/networks/random_features.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// Moments of phi(0) phi(r e_1) over networks phi(x) = N^{-1/2} sum_i f_i(x) of Scalar features, with all amplitudes one. The name of
/// the stage is also the name of the random streams.
template <Conductor C>
CentralMoments sample_products(C& conductor, const std::string& stage, std::uint64_t seed,
                               const ScalarFeatures& law, int dimension, double r, int width,
                               std::int64_t draws) {
  Eigen::MatrixXd points = Eigen::MatrixXd::Zero(dimension, 2);
  points(0, 1) = r;
  return merged(
      sample_blocks(conductor, stage, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        RandomFeatures<float> networks{law, dimension, width, seed, stage};
        std::vector<double> values;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const std::vector<double> phi = networks.plain_outputs(draw, points);
          values.push_back(phi[0] * phi[1]);
        }
        moments.add(values);
      }));
}

}  // namespace fieldbook
