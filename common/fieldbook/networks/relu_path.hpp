#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <vector>

namespace fieldbook {

/// The image of a polygonal path under the layers of a ReLU network, followed exactly.
///
/// Every layer of such a network is a piecewise linear function of the parameter t along the path. The path keeps all parameters at which it
/// bends and the vector of values at each of them; between neighbours every neuron is linear, so that its zeros are known in
/// closed form. No zero is missed however narrow the piece, which sampling on a grid would do.
///
/// @code
///   ReluPath path{square};            // a closed path in the plane, one column a corner
///   path.apply(w, b);                 // pre-activations of the first layer: w x + b
///   const std::vector<int> zeros = path.rectify();  // of each neuron; the path now holds relu(w x + b)
/// @endcode
class ReluPath {
 public:
  /// The corners of the path as columns, two or more; corner k has the parameter t = k. std::invalid_argument for fewer.
  explicit ReluPath(Eigen::MatrixXd corners);

  /// Affine layer: every point h becomes weights h + biases (no scale is added). std::invalid_argument if the sizes do not fit.
  void apply(const Eigen::MatrixXd& weights, const Eigen::VectorXd& biases);

  /// ReLU layer: inserts the zeros of every neuron as new points and sets negative values to zero. Returns the number of zeros (strict
  /// changes of sign) of each neuron. A neuron that vanishes on a whole piece has none there.
  std::vector<int> rectify();

  /// The length of the curve (scale h, offset) / |(scale h, offset)| on the unit sphere, exact: a piece maps to an arc of a great circle. Pieces
  /// with an end where the vector vanishes have no length (their direction does not change, or is not defined).
  double length_on_sphere(double scale, double offset) const;

  /// The parameters of the points, ascending, and the values there, one column each.
  const std::vector<double>& parameters() const { return t_; }
  const Eigen::MatrixXd& values() const { return values_; }

 private:
  std::vector<double> t_;
  Eigen::MatrixXd values_;
};

}  // namespace fieldbook
