#pragma once

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/training/tangent.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <vector>

namespace fieldbook {

/// Moments of the entries of a row of a matrix.
struct RowMoments {
  std::vector<CentralMoments> entries;

  void merge(const RowMoments& other) {
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].merge(other.entries[i]);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& entries;
  }
};

/// The moments of Theta_N(x_0, x_i) over an ensemble of networks at initialisation, for all inputs (one a row). The name of the stage is
/// also the name of the random streams.
template <Conductor C>
std::vector<CentralMoments> sample_tangent_kernels(C& conductor, const std::string& stage, std::uint64_t seed,
                                                   Activation activation,
                                                   const Parameterisation& parameterisation,
                                                   const Eigen::MatrixXd& inputs, std::int64_t draws) {
  const auto points = static_cast<std::size_t>(inputs.rows());
  const Eigen::MatrixXf x = inputs.transpose().cast<float>();
  const RowMoments empty{std::vector<CentralMoments>(points)};
  return merged(sample_blocks(conductor, stage, draws, empty,
                              [&](Block block, RowMoments& moments) {
                                Mlp<float> network{activation, parameterisation, seed, stage};
                                std::vector<std::vector<double>> values(points);
                                for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                                  network.draw(draw);
                                  const Eigen::MatrixXf theta = tangent_kernel(network, x);
                                  for (std::size_t i = 0; i < points; ++i)
                                    values[i].push_back(
                                        static_cast<double>(theta(0, static_cast<Eigen::Index>(i))));
                                }
                                for (std::size_t i = 0; i < points; ++i) moments.entries[i].add(values[i]);
                              }))
      .entries;
}

}  // namespace fieldbook
