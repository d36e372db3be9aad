#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/networks/random_features.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>

namespace fieldbook {

/// An ensemble of random-feature networks, looked at in some points (one a column).
struct FeatureEnsemble {
  FeatureLaw law;
  Eigen::MatrixXd points;
  int width;
  std::int64_t draws;
};

/// Adds every network of the ensemble to a copy of `empty`, by its features: N values for the first point, then for the second.
/// The name of the stage is also the name of the random streams.
template <Conductor C, class Accumulator>
Accumulator sample_features(C& conductor, const std::string& stage, std::uint64_t seed,
                            const FeatureEnsemble& ensemble, const Accumulator& empty) {
  return merged(
      sample_blocks(conductor, stage, ensemble.draws, empty, [&](Block block, Accumulator& accumulator) {
        RandomFeatures<float> networks{ensemble.law, static_cast<int>(ensemble.points.rows()), ensemble.width,
                                       seed, stage};
        for (std::uint64_t draw = block.first; draw < block.last; ++draw)
          accumulator.add(networks.features(draw, ensemble.points));
      }));
}

}  // namespace fieldbook
