#include <fieldbook/fields/scalar_net_moment.hpp>
#include <fieldbook/numerics/set_partitions.hpp>

#include <stdexcept>
#include <utility>

namespace fieldbook {

NeuronMoment scalar_net_moment(const FreeScalar& field, double alpha, Eigen::MatrixXd points) {
  return [field, alpha, points = std::move(points)](const std::vector<int>& indices) {
    if (indices.size() == 2)
      return cutoff_integral(field, (points.col(indices[0]) - points.col(indices[1])).norm());
    if (indices.size() != 4) throw std::invalid_argument{"scalar_net_moment: knows two and four points"};
    // The phase keeps the terms with two signs of either kind: the momenta of a pair and of the other pair
    double sum = 0;
    for (const SetPartition& pairing : pairings(4)) {
      Eigen::VectorXd difference = Eigen::VectorXd::Zero(points.rows());
      for (const int i : pairing[0]) difference += points.col(indices[static_cast<std::size_t>(i)]);
      for (const int i : pairing[1]) difference -= points.col(indices[static_cast<std::size_t>(i)]);
      sum += cutoff_integral(field, difference.norm(), 1 - alpha);
    }
    return cutoff_integral(field, 0, 1 + alpha) / 2 * sum;
  };
}

}  // namespace fieldbook
