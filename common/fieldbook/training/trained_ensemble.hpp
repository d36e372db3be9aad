#pragma once

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fieldbook {

/// How every network of an ensemble is drawn and trained: full-batch gradient descent with the step eta on P data.
struct TrainingPlan {
  Activation activation;
  Parameterisation parameterisation;
  Eigen::MatrixXd inputs;             ///< P x D, one input a row
  Eigen::VectorXd targets;            ///< P
  double step;                        ///< eta
  std::vector<std::int64_t> records;  ///< the numbers of steps after which a network is observed, ascending
  Centring centring = Centring::none;
};

/// f at the points x, D x P.
inline Eigen::VectorXd outputs(const Mlp<double>& network, const Eigen::MatrixXd& x) {
  Pass<double> pass;
  network.forward(x, pass);
  return pass.outputs;
}

/// Means over an ensemble of trained networks. Network number n is drawn, then
/// observe(untouched, trained, record, observed) is called for record = 0, 1, ... after plan.records[record] steps, with the
/// network before any step and as it is now, to write its share of the `observables` numbers of this network.
///
/// `observe` is called from several threads and must depend on its arguments alone. The name of the stage is also the name of the random
/// streams.
template <Conductor C, class Observe>
Averages sample_trained_networks(C& conductor, const std::string& stage, std::uint64_t seed,
                                 const TrainingPlan& plan, std::int64_t draws, Eigen::Index observables,
                                 Observe observe) {
  const Eigen::MatrixXd x = plan.inputs.transpose();
  return merged(
      sample_blocks(conductor, stage, draws, Averages{observables}, [&](Block block, Averages& averages) {
        Mlp<double> network{plan.activation, plan.parameterisation, seed, stage};
        GradientDescent<double> descent{network, x, plan.targets, plan.centring};
        Eigen::VectorXd observed(observables);
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          network.draw(draw);
          descent.restart();
          const Mlp<double> untouched = network;
          std::int64_t done = 0;
          for (std::size_t record = 0; record < plan.records.size(); ++record) {
            for (; done < plan.records[record]; ++done) descent.step(plan.step);
            observe(untouched, std::as_const(network), record, observed);
          }
          averages.add(observed);
          conductor.advance(0);  // may end a long block
        }
      }));
}

}  // namespace fieldbook
