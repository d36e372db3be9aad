#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/networks/random_features.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// An ensemble of random-feature networks, looked at in some points (one a column).
struct FeatureEnsemble {
  FeatureLaw law;
  Eigen::MatrixXd points;
  int width;
  std::int64_t draws;
};

/// Adds every network of the ensemble to the accumulator of its block, a copy of `empty`, by its features: N values for the first
/// point, then for the second. The name of the stage is also the name of the random streams.
template <Conductor C, class Accumulator>
std::vector<Accumulator> sample_feature_blocks(C& conductor, const std::string& stage, std::uint64_t seed,
                                               const FeatureEnsemble& ensemble, const Accumulator& empty) {
  return sample_blocks(conductor, stage, ensemble.draws, empty, [&](Block block, Accumulator& accumulator) {
    RandomFeatures<float> networks{ensemble.law, static_cast<int>(ensemble.points.rows()), ensemble.width,
                                   seed, stage};
    for (std::uint64_t draw = block.first; draw < block.last; ++draw)
      accumulator.add(networks.features(draw, ensemble.points));
  });
}

/// The same, merged.
template <Conductor C, class Accumulator>
Accumulator sample_features(C& conductor, const std::string& stage, std::uint64_t seed,
                            const FeatureEnsemble& ensemble, const Accumulator& empty) {
  return merged(sample_feature_blocks(conductor, stage, seed, ensemble, empty));
}

}  // namespace fieldbook
